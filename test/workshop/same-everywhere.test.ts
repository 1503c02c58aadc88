import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMO_FIXTURES } from '../../src/cli/demo.ts';
import { loadPrompts, packagePromptsDir } from '../../src/prompts.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { loadWeights } from '../../src/weights-file.ts';
import { casesOf, type EvalCase } from '../../src/workshop/eval/cases.ts';
import { evalModels } from '../../src/workshop/eval/eval-models.ts';
import type { EvalCall } from '../../src/workshop/eval/run.ts';
import { LONGEST_CALL_MS, runEval } from '../../src/workshop/eval/run-eval.ts';
import { configOf, variantsOf } from '../../src/workshop/eval/variants.ts';
import { differences } from '../../src/workshop/expectation.ts';
import { type Fixture, fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { enforcing } from '../../src/workshop/in-process-guard.ts';
import { type PlayedHere, playHere } from '../../src/workshop/play-here.ts';
import type { PlayResult } from '../../src/workshop/player/play-result.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { replayPolicies } from '../../src/workshop/replay/replay-policies.ts';
import { replayRecord } from '../../src/workshop/replay/replay-record.ts';

const SEEDS = ['fixtures-0', 'fixtures-1', 'fixtures-2', 'fixtures-3', 'fixtures-4', 'fixtures-5'];
/** Played over the socket and replayed too. */
const SEED = SEEDS[0] ?? '';

const fixtures = loadFixtures(join(import.meta.dirname, '../../fixtures'));
const byName = fixtures.map((fixture) => [fixture.name, fixture] as const);
const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));

interface Call {
  readonly result: PlayResult;
  readonly record: CallRecord;
}
type Calls = ReadonlyMap<string, Call>;

/** As in an eval: every fixture has a number. */
const casesWith = (seed: string): EvalCase[] =>
  casesOf(fixtures.map(fixtureScenario), variantsOf({ agents: [], prompts: [], responders: [] }, enforcing()), {
    repeats: 1,
    seed,
    asrNoise: false,
  });

function keyed(calls: readonly { readonly result: PlayResult; readonly record: CallRecord | null }[]): Calls {
  return new Map(
    calls.map(({ result, record }) => {
      if (record === null) throw new Error(`${result.id}: every call has a record`);
      return [result.id, { result, record }];
    }),
  );
}

/** Every fixture once, as `play` does: all on one clock, against one guard. */
async function playAll(seed: string): Promise<Calls> {
  const scenarios = casesWith(seed).map(({ scenario }) => scenario);
  return keyed(await playHere(scenarios, { seed, probeTexts, concurrency: 24, maxCallMs: LONGEST_CALL_MS }));
}

/** Every fixture once, each call over a real socket to a guard that has just begun, so that all times can be compared. */
async function playOverSocket(seed: string): Promise<Calls> {
  const calls: PlayedHere[] = [];
  for (const { scenario, variant } of casesWith(seed)) {
    const guard = { config: configOf(enforcing(), variant) };
    const options = { seed, probeTexts, concurrency: 1, maxCallMs: LONGEST_CALL_MS, overSocket: true, guard };
    calls.push(...(await playHere([scenario], options)));
  }
  return keyed(calls);
}

/** Every fixture once, as `eval` does: each on a clock and against a guard of its own. */
async function evalAll(seed: string): Promise<Calls> {
  const calls: EvalCall[] = [];
  await runEval(casesWith(seed), {
    config: enforcing(),
    secrets: {},
    asrNoise: false,
    concurrency: 8,
    modelsFor: evalModels('', 'ask').modelsFor,
    onCall: (call) => calls.push(call),
  });
  return keyed(calls);
}

function callOf(calls: Calls | undefined, { name }: Fixture): Call {
  const call = calls?.get(name);
  if (call === undefined) throw new Error(`${name} was not played`);
  return call;
}

const inProcess = new Map<string, Calls>();
let overSocket: Calls;

beforeAll(async () => {
  for (const seed of SEEDS) inProcess.set(seed, await (seed === SEED ? evalAll(seed) : playAll(seed)));
  overSocket = await playOverSocket(SEED);
}, 180_000);

describe('in process, with six seeds, comes out as expected', () => {
  it.each(byName)('%s', (_name, fixture) => {
    let missed = 0;
    for (const seed of SEEDS) {
      const { result, record } = callOf(inProcess.get(seed), fixture);
      const differs = differences(result, record);
      if (fixture.kind === 'person') {
        // Whatever is known to be missed: this never is.
        if (fixture.expect.decision === 'none') {
          expect(record.decision, `a person is never hung up on (${seed}): ${record.reason}`).toBe('none');
        }
        expect(result.unanswered, `nobody is left without a reply (${seed})`).toEqual([]);
      }
      if (differs.length > 0) missed++;
      if (fixture.knownMiss === undefined) expect(differs, seed).toEqual([]);
    }
    if (fixture.knownMiss !== undefined) {
      expect(missed, 'no known miss any more: take knownMiss out of the fixture').toBeGreaterThan(0);
    }
  });
});

/**
 * The record without the one thing that is measured by the wall: how long the guard itself took over a turn
 * (`latency[].addedMs`). Everything else, times included, is as virtual as the call.
 */
function withoutWall(record: CallRecord) {
  return { ...record, latency: record.latency.map(({ addedMs: _, ...rest }) => rest) };
}

describe('play over a socket gives the same call and the same record as an eval in process', () => {
  it.each(byName)('%s', (_name, fixture) => {
    const here = callOf(inProcess.get(SEED), fixture);
    const there = callOf(overSocket, fixture);
    expect(withoutWall(there.record)).toEqual(withoutWall(here.record));
    expect(there.result).toEqual(here.result);
  });
});

describe('the replay of its record leads to the same verdict, evidence and second', () => {
  const config = enforcing();
  const parts = { config, weights: loadWeights(), prompts: loadPrompts(), listsAsRecorded: true };
  const policyFor = replayPolicies(parts);
  const kept = byName.filter(([, { call }]) => !call.opt_out);
  it.each(kept)('%s', (_name, fixture) => {
    const { record } = callOf(inProcess.get(SEED), fixture);
    const policy = policyFor(record);
    if (policy === null) throw new Error('the agent is configured');
    const { report, differences: differ, cut } = replayRecord(record, policy);
    expect(differ).toEqual([]);
    expect(cut).toBe(false);
    // Not only what is compared: everything that the core reports is in the record.
    expect(record).toMatchObject(report);
  });

  const optedOut = byName.filter(([, { call }]) => call.opt_out);
  it.each(optedOut)('%s: the caller opted out, so there is nothing to replay', (_name, fixture) => {
    const { record } = callOf(inProcess.get(SEED), fixture);
    expect(record).toMatchObject({ noText: true });
    expect(record.events).toBeUndefined();
  });
});

describe('the fixtures', () => {
  it('has those of the demo, more people than machines, and callers who opted out', () => {
    const names = fixtures.map(({ name }) => name);
    for (const name of DEMO_FIXTURES) expect(names).toContain(name);
    const people = fixtures.filter(({ expect: { decision } }) => decision === 'none').length;
    expect(people).toBeGreaterThan(fixtures.length / 2);
    expect(fixtures.some(({ call }) => call.opt_out)).toBe(true);
  });
});
