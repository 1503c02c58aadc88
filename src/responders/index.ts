import { openaiResponder } from './openai.ts';
import type { Responder } from './responder.ts';
import { scriptedResponder } from './scripted.ts';

/** What the configuration may say of a responder, by `type`. */
interface Specs {
  scripted: { readonly type: 'scripted' };
  openai: {
    readonly type: 'openai';
    readonly model: string;
    /** Up to and including `/v1`; default OpenAI. */
    readonly base_url?: string | undefined;
    readonly temperature?: number | undefined;
    readonly max_tokens?: number | undefined;
    readonly timeout_ms?: number | undefined;
  };
}
export type ResponderSpec = Specs[keyof Specs];

/** Keys, as the environment has them. */
export interface ResponderSecrets {
  readonly openaiApiKey?: string | undefined;
}

type Makers = { readonly [T in keyof Specs]: (name: string, spec: Specs[T], secrets: ResponderSecrets) => Responder };

const makers = {
  scripted: (name) => scriptedResponder(name),
  openai: (name, spec, secrets) => {
    if (!secrets.openaiApiKey && spec.base_url === undefined) {
      throw new Error(`responder ${name}: OPENAI_API_KEY is not set`);
    }
    return openaiResponder({
      name,
      model: spec.model,
      apiKey: secrets.openaiApiKey ?? '',
      ...(spec.base_url !== undefined && { baseUrl: spec.base_url }),
      ...(spec.temperature !== undefined && { temperature: spec.temperature }),
      ...(spec.max_tokens !== undefined && { maxTokens: spec.max_tokens }),
      ...(spec.timeout_ms !== undefined && { timeoutMs: spec.timeout_ms }),
    });
  },
} satisfies Makers;

/** The responder that the configuration asks for. @throws Error when its key is missing or its URL is none. */
export function makeResponder(name: string, spec: ResponderSpec, secrets: ResponderSecrets): Responder {
  return make(name, spec, secrets);
}

function make<T extends keyof Specs>(name: string, spec: Specs[T] & { type: T }, secrets: ResponderSecrets): Responder {
  const all: Makers = makers;
  return all[spec.type](name, spec, secrets);
}
