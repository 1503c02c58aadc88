import type { CallClassifier } from '../classifier/classifier.ts';
import { type Classifier, createClassifier } from '../classifier/classifier.ts';
import type { DaySpending } from '../classifier/spending.ts';
import type { Clock } from '../clock.ts';
import { type Config, configHash, type Secrets } from '../config.ts';
import type { Policy } from '../guard/policy.ts';
import { composeClassifier, composeSystem, quoteTranscript } from '../prompts/compose.ts';
import type { Prompts } from '../prompts.ts';
import type { Versions } from '../records/record.ts';
import type { ProviderEvent } from '../responders/in-order.ts';
import { makeResponders, type Responders, type WrapModel } from '../responders/index.ts';
import type { AgentBrief, Responder } from '../responders/responder.ts';
import { makeTools } from '../tools/index.ts';
import type { Tool } from '../tools/tool.ts';
import { codeHash, contentHash, packageVersion } from '../version.ts';
import type { LoadedWeights } from '../weights-file.ts';
import { policyOf } from './policy-of.ts';

/** List entries run out, so a policy is made anew after this time. */
const POLICY_MS = 60_000;
const CLASSIFICATIONS_KEPT = 5_000;

/** What does not follow from the config. */
export interface SetupParts {
  readonly weights: LoadedWeights;
  readonly prompts: Prompts;
  readonly canStop: boolean;
  readonly clock: Clock;
  readonly observe: (event: ProviderEvent) => void;
  /** What the classifier has cost today: a reload forgets nothing. */
  readonly spending: DaySpending;
  readonly notClassified: (why: string, callId: string) => void;
  readonly wrapModel?: WrapModel;
  readonly toolFetch?: typeof fetch;
}

/** What an agent's model is given in every call. */
interface AgentSide {
  readonly brief: AgentBrief;
  readonly tools: ReadonlyMap<string, Tool>;
  readonly versions: Versions;
}

/** All that follows from one version of the config; calls keep the one that they began with. */
export class Setup {
  readonly config: Config;
  readonly configHash: string;
  readonly #parts: SetupParts;
  readonly #policies = new Map<string, { readonly at: number; readonly policy: Policy }>();
  readonly #agents = new Map<string, AgentSide>();
  readonly #responders: Responders;
  readonly #classifier: Classifier | null;
  #calls = 0;
  #retired = false;

  constructor(config: Config, secrets: Secrets, parts: SetupParts) {
    this.config = config;
    this.configHash = configHash(config);
    this.#parts = parts;
    this.#responders = makeResponders(config.responders, secrets, { observe: parts.observe, wrap: parts.wrapModel });
    const versions: Versions = {
      guard: packageVersion(),
      code: codeHash(),
      weights: parts.weights.hash,
      config: this.configHash,
      prompts: parts.prompts.hash,
    };
    for (const name of Object.keys(config.agents)) this.#agents.set(name, this.#agentSide(name, versions, secrets));
    this.#classifier = this.#makeClassifier(parts);
  }

  hasAgent(agent: string): boolean {
    return this.#agents.has(agent);
  }

  policy(agent: string, now: number): Policy {
    const known = this.#policies.get(agent);
    if (known && now - known.at < POLICY_MS) return known.policy;
    const policy = policyOf(this.config, agent, { ...this.#parts, weights: this.#parts.weights.weights, now });
    this.#policies.set(agent, { at: now, policy });
    return policy;
  }

  responder(agent: string): Responder {
    const name = this.config.agents[agent]?.responder ?? 'scripted';
    const responder = this.#responders.get(name);
    if (!responder) throw new RangeError(`no responder ${name}`);
    return responder;
  }

  brief(agent: string): AgentBrief {
    return this.#side(agent).brief;
  }

  tools(agent: string): ReadonlyMap<string, Tool> {
    return this.#side(agent).tools;
  }

  versions(agent: string): Versions {
    return this.#side(agent).versions;
  }

  /** Opens the classifier for one call of the agent; null: there is none. */
  classify(): ((callId: string) => CallClassifier) | null {
    const classifier = this.#classifier;
    return classifier && ((callId) => classifier.open(callId));
  }

  callBegan(): void {
    this.#calls++;
  }

  callEnded(): void {
    this.#calls--;
    this.#closeWhenUnused();
  }

  /** A newer config is in force: connections to models are closed with the last call that uses them. */
  retire(): void {
    this.#retired = true;
    this.#closeWhenUnused();
  }

  #side(agent: string): AgentSide {
    const side = this.#agents.get(agent);
    if (!side) throw new RangeError(`no agent ${agent}`);
    return side;
  }

  #agentSide(name: string, versions: Versions, secrets: Secrets): AgentSide {
    const agent = this.config.agents[name];
    if (!agent) throw new RangeError(`no agent ${name}`);
    const { toolFetch } = this.#parts;
    const made = makeTools(agent.tools, {
      ...(secrets.toolSecret === undefined ? {} : { secret: secrets.toolSecret }),
      ...(toolFetch && { fetch: toolFetch }),
    });
    const specs = made.map(({ spec }) => spec);
    const system = composeSystem(this.#parts.prompts, {
      language: agent.language,
      spokenName: agent.spoken_name,
      scope: agent.scope,
      prompt: agent.prompt,
      tools: specs,
      transfers: Object.entries(agent.tools.transfer_call).map(([to, { when }]) => ({ name: to, when })),
    });
    const type = this.config.responders[agent.responder]?.type;
    const hasModel = type !== 'scripted' && type !== 'relay';
    return {
      brief: { name, language: agent.language, system, tools: specs },
      tools: new Map(made.map((tool) => [tool.spec.name, tool])),
      versions: hasModel ? { ...versions, system: contentHash(`${system}\0${JSON.stringify(specs)}`) } : versions,
    };
  }

  #makeClassifier(parts: SetupParts): Classifier | null {
    const { responder, deadline_ms, max_cost_per_call, max_cost_per_day, max_per_day } = this.config.classifier;
    if (responder === undefined) return null;
    const client = this.#responders.clients.get(responder);
    if (!client) throw new RangeError(`classifier: no model ${responder}`);
    const systems = new Map(
      Object.entries(this.config.agents).map(([name, { scope, language }]) => [
        name,
        composeClassifier(this.#parts.prompts, { scope, language }),
      ]),
    );
    return createClassifier({
      client,
      system: (agent) => systems.get(agent) ?? '',
      quote: quoteTranscript,
      deadlineMs: deadline_ms,
      limits: {
        perDay: max_per_day,
        ...(max_cost_per_call === undefined ? {} : { costPerCall: max_cost_per_call }),
        ...(max_cost_per_day === undefined ? {} : { costPerDay: max_cost_per_day }),
      },
      clock: parts.clock,
      cacheSize: CLASSIFICATIONS_KEPT,
      spending: parts.spending,
      onFailure: parts.notClassified,
    });
  }

  #closeWhenUnused(): void {
    if (!this.#retired || this.#calls > 0) return;
    this.#responders.close();
  }
}
