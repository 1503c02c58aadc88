import type { ResponderConfig } from '../config/responders.ts';
import { anthropicClient } from './anthropic.ts';
import { answersInOrder, type InOrderOptions } from './in-order.ts';
import type { ModelClient, TokenPrice } from './model-client.ts';
import { openaiClient } from './openai.ts';
import { type Provider, providerOf } from './provider.ts';
import { relayResponder } from './relay.ts';
import type { Responder } from './responder.ts';
import { scriptedResponder } from './scripted.ts';

/** Keys, as the environment has them. */
export interface ResponderSecrets {
  readonly openaiApiKey?: string | undefined;
  readonly anthropicApiKey?: string | undefined;
  /** The whole environment, for `key_env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** The configuration asks for a responder that cannot be made; the message names it and carries no secret. */
export class ResponderSetupError extends Error {
  override readonly name = 'ResponderSetupError';
}

/** All responders of one configuration, by their names in it. */
export interface Responders {
  get(name: string): Responder | undefined;
  /** The models, for requests that are no answers: raw, without breaker and retries. */
  readonly clients: ReadonlyMap<string, ModelClient>;
  /** The one provider of a model, with the state of its breaker. */
  provider(name: string): Provider | undefined;
  /** Closes sockets kept for later. */
  close(): void;
}

export type ModelSpec = Extract<ResponderConfig, { model: string }>;

/** Puts something around a model: every request goes through what it returns. */
export type WrapModel = (client: ModelClient, spec: ModelSpec) => ModelClient;
/** The other responders' settings, by their type. */
type Specs = { readonly [S in Exclude<ResponderConfig, ModelSpec> as S['type']]: S };

interface ModelMaker {
  /** Variable of the key, where the configuration names no other. */
  readonly variable: string;
  key(secrets: ResponderSecrets): string | undefined;
  client(options: {
    readonly name: string;
    readonly model: string;
    readonly baseUrl?: string;
    readonly apiKey: string;
    readonly temperature?: number;
    readonly maxTokens?: number;
    readonly price?: TokenPrice;
  }): ModelClient;
}

/** Models, each answering alone or in a list of `providers`. */
const models = {
  openai: { variable: 'OPENAI_API_KEY', key: (secrets) => secrets.openaiApiKey, client: openaiClient },
  anthropic: { variable: 'ANTHROPIC_API_KEY', key: (secrets) => secrets.anthropicApiKey, client: anthropicClient },
} satisfies Record<ModelSpec['type'], ModelMaker>;

interface Made {
  readonly options: InOrderOptions;
  /** @throws Error when there is no model of that name. */
  provider(name: string): Provider;
}
type Makers = { readonly [T in keyof Specs]: (name: string, spec: Specs[T], made: Made) => Responder };

const makers = {
  scripted: (name) => scriptedResponder(name),
  providers: (name, spec, made) => answersInOrder(name, spec.providers.map(made.provider), made.options),
  relay: (name, spec) => relayResponder(name, spec),
} satisfies Makers;

/**
 * The responders that the configuration asks for. Responders that name the same model share it, its sockets and its
 * breaker. `options.observe` hears what became of each request of an answer.
 *
 * @throws Error naming the responder when its key is not set, its URL is none, or a name in `providers` is no model's.
 */
export function makeResponders(
  specs: Readonly<Record<string, ResponderConfig>>,
  secrets: ResponderSecrets,
  options: InOrderOptions & { readonly wrap?: WrapModel | undefined } = {},
): Responders {
  const providers = new Map<string, Provider>();
  const clients = new Map<string, ModelClient>();
  for (const [name, spec] of Object.entries(specs)) {
    if (!isModel(spec)) continue;
    const bare = modelClient(name, spec, secrets);
    const client = options.wrap?.(bare, spec) ?? bare;
    clients.set(name, client);
    providers.set(name, providerOf(client, { firstTokenMs: spec.first_token_ms, stallMs: spec.stall_ms }));
  }
  const responders = new Map<string, Responder>();
  for (const [name, spec] of Object.entries(specs)) {
    const provider = (wanted: string): Provider => {
      const found = providers.get(wanted);
      if (found === undefined) {
        throw new ResponderSetupError(
          `responder ${name}: "${wanted}" is no model; use one of type ${Object.keys(models).join(' or ')}`,
        );
      }
      return found;
    };
    responders.set(
      name,
      isModel(spec) ? answersInOrder(name, [provider(name)], options) : make(name, spec, { options, provider }),
    );
  }
  return {
    get: (name) => responders.get(name),
    clients,
    provider: (name) => providers.get(name),
    close() {
      for (const responder of responders.values()) responder.close();
    },
  };
}

function make<T extends keyof Specs>(name: string, spec: Specs[T] & { type: T }, made: Made): Responder {
  const all: Makers = makers;
  return all[spec.type](name, spec, made);
}

function isModel(spec: ResponderConfig): spec is ModelSpec {
  return Object.hasOwn(models, spec.type);
}

function modelClient(name: string, spec: ModelSpec, secrets: ResponderSecrets): ModelClient {
  const maker: ModelMaker = models[spec.type];
  const variable = spec.key_env ?? maker.variable;
  const key = spec.key_env === undefined ? maker.key(secrets) : secrets.env?.[spec.key_env]?.trim();
  // A compatible server may need none; but a variable that was named is meant to be there.
  if (!key && (spec.base_url === undefined || spec.key_env !== undefined)) {
    throw new ResponderSetupError(`responder ${name}: ${variable} is not set`);
  }
  return maker.client({
    name,
    model: spec.model,
    apiKey: key ?? '',
    maxTokens: spec.max_tokens,
    ...(spec.base_url !== undefined && { baseUrl: spec.base_url }),
    ...(spec.temperature !== undefined && { temperature: spec.temperature }),
    ...(spec.price !== undefined && { price: spec.price }),
  });
}
