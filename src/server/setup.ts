import { type Config, configHash, type Secrets } from '../config.ts';
import type { Policy } from '../guard/policy.ts';
import type { Weights } from '../guard/weights.ts';
import type { Prompts } from '../prompts.ts';
import type { Versions } from '../records/record.ts';
import { makeResponder } from '../responders/index.ts';
import type { AgentBrief, Responder } from '../responders/responder.ts';
import { codeHash, packageVersion } from '../version.ts';
import { policyOf } from './policy-of.ts';

/** List entries run out, so a policy is made anew after this time. */
const POLICY_MS = 60_000;

/** All that follows from one version of the config; calls keep the one that they began with. */
export class Setup {
  readonly config: Config;
  readonly versions: Versions;
  readonly #parts: { readonly weights: Weights; readonly prompts: Prompts; readonly canStop: boolean };
  readonly #policies = new Map<string, { readonly at: number; readonly policy: Policy }>();
  readonly #responders = new Map<string, Responder>();
  #calls = 0;
  #retired = false;

  constructor(
    config: Config,
    secrets: Secrets,
    parts: { weights: Weights; weightsHash: string; prompts: Prompts; canStop: boolean },
  ) {
    this.config = config;
    this.#parts = parts;
    this.versions = {
      guard: packageVersion(),
      code: codeHash(),
      weights: parts.weightsHash,
      config: configHash(config),
      prompts: parts.prompts.hash,
    };
    for (const [name, spec] of Object.entries(config.responders)) {
      this.#responders.set(name, makeResponder(name, spec, secrets));
    }
  }

  hasAgent(agent: string): boolean {
    return Object.hasOwn(this.config.agents, agent);
  }

  policy(agent: string, now: number): Policy {
    const known = this.#policies.get(agent);
    if (known && now - known.at < POLICY_MS) return known.policy;
    const policy = policyOf(this.config, agent, { ...this.#parts, now });
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
    const { language = 'en', scope = '', prompt = '' } = this.config.agents[agent] ?? {};
    return { name: agent, language, scope, prompt };
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

  #closeWhenUnused(): void {
    if (!this.#retired || this.#calls > 0) return;
    for (const responder of this.#responders.values()) responder.close();
    this.#responders.clear();
  }
}
