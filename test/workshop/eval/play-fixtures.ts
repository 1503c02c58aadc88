import { join } from 'node:path';
import { parseConfig } from '../../../src/config.ts';
import { casesOf, type EvalCase } from '../../../src/workshop/eval/cases.ts';
import { evalModels } from '../../../src/workshop/eval/eval-models.ts';
import type { EvalCall, LoadedRun } from '../../../src/workshop/eval/run.ts';
import { runEval } from '../../../src/workshop/eval/run-eval.ts';
import { stampOf } from '../../../src/workshop/eval/stamp.ts';
import { variantsOf } from '../../../src/workshop/eval/variants.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { madeRun } from './made-runs.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');

/** Plays fixtures with a guard.yaml, and puts the calls into a run with the stamp of what decided in them. */
export async function playedRun(id: string, yaml: string, names: readonly string[]): Promise<LoadedRun> {
  return (await playedCases(id, yaml, names)).run;
}

/** The same, with the cases. */
export async function playedCases(
  id: string,
  yaml: string,
  names: readonly string[],
): Promise<{ readonly run: LoadedRun; readonly cases: readonly EvalCase[] }> {
  const config = parseConfig(`mode: enforce\n${yaml}`, 'test');
  const variants = variantsOf({ agents: [], prompts: [], responders: [] }, config);
  const scenarios = names.flatMap((name) => loadFixtures(join(FIXTURES, `${name}.yaml`)).map(fixtureScenario));
  const cases = casesOf(scenarios, variants, { repeats: 1, seed: 'diff', asrNoise: false });
  const calls: EvalCall[] = [];
  const { modelsFor } = evalModels('', 'ask');
  await runEval(cases, {
    config,
    secrets: {},
    asrNoise: false,
    concurrency: 1,
    modelsFor,
    onCall: (call) => calls.push(call),
  });
  const { weights, ...stamp } = stampOf(config, variants, new Set(['default']));
  return { run: madeRun(id, calls, { ...stamp, weights: weights.content }), cases };
}
