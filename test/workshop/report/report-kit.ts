import { join } from 'node:path';
import { type Config, parseConfig } from '../../../src/config.ts';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { casesOf } from '../../../src/workshop/eval/cases.ts';
import { diffRuns } from '../../../src/workshop/eval/diff-runs.ts';
import { evaluateGates } from '../../../src/workshop/eval/gates.ts';
import { judge } from '../../../src/workshop/eval/judge.ts';
import type { EvalPlan, LoadedRun } from '../../../src/workshop/eval/run.ts';
import { stampOf } from '../../../src/workshop/eval/stamp.ts';
import { summarise } from '../../../src/workshop/eval/summarise.ts';
import { variantsOf } from '../../../src/workshop/eval/variants.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { playHere } from '../../../src/workshop/play-here.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';
import type { Scenario } from '../../../src/workshop/player/scenario.ts';
import type { ReportInput } from '../../../src/workshop/report/index.ts';

/** People and machines, with and without questions, in several writings. */
export const FIXTURES = [
  'person-angry-refund',
  'person-arabic-appointment',
  'person-chinese-order',
  'person-ignores-first-probe',
  'person-quotes-press-one',
  'person-reads-reference-letter',
  'person-spanish-appointment',
  'recording-political-message',
  'robocall-account-alert',
  'robocall-car-warranty',
  'robocall-hello-hello',
  'silent-line',
];

const PLAN: EvalPlan = {
  fixtures: ['fixtures'],
  data: null,
  sets: [],
  exclude: [],
  limit: null,
  only: { names: [], tags: [], kinds: [], languages: [], directions: [], categories: [] },
  agents: [],
  prompts: [],
  responders: [],
  repeats: 1,
  seed: 'report',
  asrNoise: false,
  asRecordings: false,
  config: null,
  weights: null,
};

/** A run of these scenarios as `eval` keeps it: played in process, judged, stamped and gated. */
export async function playedRun(id: string, scenarios: readonly Scenario[], config: Config): Promise<LoadedRun> {
  const variants = variantsOf(PLAN, config);
  const cases = casesOf(scenarios, variants, PLAN);
  const played = await playHere(
    cases.map(({ scenario }) => scenario),
    {
      concurrency: 4,
      seed: PLAN.seed,
      asrNoise: false,
      guard: { config },
      probeTexts: loadProbeTexts(join(packagePromptsDir, 'probes')),
    },
  );
  const calls = cases.flatMap(({ key, hash, variant, repeat, scenario }) => {
    const call = played.find((one) => one.scenario === scenario);
    if (call === undefined) return [];
    const { result, record } = call;
    return {
      key,
      variant: variant.id,
      repeat,
      hash,
      tags: scenario.tags ?? [],
      direction: scenario.direction,
      knownMiss: scenario.knownMiss ?? null,
      wrong: judge(result, record),
      result,
      record,
      unrecorded: 0,
    };
  });
  const run = {
    format: 1 as const,
    id,
    startedAt: Date.UTC(2026, 10, 22, 6, 30, 12),
    finishedAt: Date.UTC(2026, 10, 22, 6, 30, 40),
    plan: PLAN,
    planHash: 'abc',
    stamp: stampOf(config, variants, new Set(['default'])),
    cases: cases.length,
    gates: [],
  };
  const loaded = { run, calls, directory: `/tmp/eval/${id}` };
  const gates = evaluateGates(summarise(loaded), { people_cut: 0, caught_share: 0.9, median_s: 60 });
  return { ...loaded, run: { ...run, gates } };
}

export function namedScenarios(names: readonly string[] = FIXTURES): Scenario[] {
  return loadFixtures(join(import.meta.dirname, '../../../fixtures'))
    .filter(({ name }) => names.includes(name))
    .map((fixture) => fixtureScenario(fixture));
}

/** The built-in configuration, enforcing, at a preset. */
export function configAt(preset: 'cautious' | 'balanced' | 'eager'): Config {
  return parseConfig(`mode: enforce\npreset: ${preset}\n`, 'built-in');
}

export function inputOf(run: LoadedRun, before?: LoadedRun): ReportInput {
  const summary = summarise(run);
  if (before === undefined) return { run, summary };
  return { run, summary, against: { run: before, summary: summarise(before), diff: diffRuns(before, run) } };
}
