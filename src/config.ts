import type { AgentConfig } from './config/agent.ts';
import type { Config } from './config/schema.ts';
import { type Action, PRESETS } from './guard/policy.ts';
import type { Category, Mode } from './guard/types.ts';
import { contentHash } from './version.ts';

export type { AgentConfig } from './config/agent.ts';
export type { ListEntry } from './config/lists.ts';
export { findConfigFile, type LoadOptions, loadConfig, parseConfig } from './config/load.ts';
export { ConfigError, formatProblem, type Problem } from './config/problem.ts';
export { RESPONDER_TYPES, type ResponderConfig } from './config/responders.ts';
export type { Config } from './config/schema.ts';
export { readSecrets, SECRET_NAMES, type Secrets, secretEquals, secretWarnings } from './config/secrets.ts';

/** How many wasted calls one lost customer costs: the configured number, else that of the preset. */
export function lostCustomerCosts(config: Config): number {
  return config.lost_customer_costs ?? PRESETS[config.preset];
}

/** An agent with what it takes over from the top of the file. */
export interface AgentSettings {
  readonly name: string;
  readonly agent: AgentConfig;
  readonly mode: Mode;
  readonly categories: Readonly<Partial<Record<Category, Action>>>;
  readonly signals: Readonly<Partial<Record<string, Mode>>>;
}

/** The settings of an agent, or undefined when there is none of that name. The name may come from a URL. */
export function agentSettings(config: Config, name: string): AgentSettings | undefined {
  const agent = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
  if (!agent) return undefined;
  return {
    name,
    agent,
    mode: agent.mode ?? config.mode,
    categories: { ...config.categories, ...agent.categories },
    signals: agent.signals,
  };
}

/** Content hash of a configuration, prompts of agents included, for records. */
export function configHash(config: Config): string {
  return contentHash(JSON.stringify(config));
}
