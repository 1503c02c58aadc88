import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { suggest } from '../config/suggest.ts';
import { type Config, loadConfig, readSecrets, type Secrets } from '../config.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { loadPrompts } from '../prompts.ts';
import { casesOf, type EvalCase } from '../workshop/eval/cases.ts';
import { chooseScenarios } from '../workshop/eval/choose.ts';
import { type AnswersMode, evalSecrets } from '../workshop/eval/eval-models.ts';
import { planHashOf } from '../workshop/eval/plan-hash.ts';
import type { EvalPlan, RunStamp } from '../workshop/eval/run.ts';
import { RunError } from '../workshop/eval/run-error.ts';
import { stampOf } from '../workshop/eval/stamp.ts';
import { configOf, variantsOf } from '../workshop/eval/variants.ts';
import type { EvalFlags } from './eval-flags.ts';

/** All that is settled before the first call. */
export interface EvalSetup {
  readonly plan: EvalPlan;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly mode: AnswersMode;
  readonly cases: readonly EvalCase[];
  readonly stamp: RunStamp;
  readonly planHash: string;
}

/** @throws RunError, ConfigError, FixtureError, DataSetError */
export async function setUp(plan: EvalPlan, flags: EvalFlags): Promise<EvalSetup> {
  const config = configured(plan, flags);
  const mode = !flags.cache ? 'ask' : flags.record === true ? 'record' : 'replay';
  const scenarios = await chooseScenarios(plan);
  const variants = variantsOf(plan, config);
  const cases = casesOf(scenarios, variants, plan);
  const agents = new Set(cases.map(({ scenario }) => scenario.agent));
  checkAgents(cases, config);
  // Every variant has to be playable; the secrets are the same for all.
  const secrets = variants.reduce(
    (all, variant) => evalSecrets(configOf(config, variant), [...agents], all, mode !== 'replay'),
    { ...readSecrets(process.env), env: process.env } as Secrets,
  );
  for (const { promptsDir } of variants) if (promptsDir !== null) checkPrompts(promptsDir);
  const stamp = stampOf(config, variants, agents);
  return { plan, config, secrets, mode, cases, stamp, planHash: planHashOf(plan, stamp, cases, mode === 'ask') };
}

function configured(plan: EvalPlan, flags: EvalFlags): Config {
  const { lost_customer_costs, ...config } = loadConfig(plan.config ?? undefined, {
    knownSignals: SIGNAL_NAMES,
  });
  if (flags.weights !== undefined && !existsSync(flags.weights)) throw new RunError(`${flags.weights}: no such file`);
  return {
    ...config,
    ...(flags.preset === undefined ? { lost_customer_costs } : { preset: flags.preset }),
    ...(flags.weights === undefined ? {} : { weights_file: resolve(flags.weights) }),
  };
}

function checkAgents(cases: readonly EvalCase[], config: Config): void {
  const known = Object.keys(config.agents);
  const stray = cases.find(({ scenario }) => !known.includes(scenario.agent));
  if (stray === undefined) return;
  const { agent } = stray.scenario;
  throw new RunError(
    `${stray.key} is for the agent "${agent}", which the configuration does not have`,
    suggest(agent, known) ?? `agents are: ${known.join(', ')}; --agents plays the call for one of them`,
  );
}

/** A directory that replaces no prompt was named by mistake; so was a file that is named almost like one. */
function checkPrompts(directory: string): void {
  const { files, warnings } = loadPrompts(directory);
  const [warning] = warnings;
  if (warning !== undefined) {
    throw new RunError(`${warning.file ?? directory}: ${warning.message}`, warning.hint ?? 'rename it');
  }
  if (files.every(({ from }) => from === 'package')) {
    throw new RunError(`${directory}: holds no prompt`, 'it may hold guard.md, classifier.md and probes/<language>.md');
  }
}
