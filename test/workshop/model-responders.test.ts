import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePromptsDir } from '../../src/prompts.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { receptionLines } from '../../src/responders/lines/index.ts';
import { heldModels } from '../../src/workshop/answers/held-models.ts';
import { differences } from '../../src/workshop/expectation.ts';
import { type Answers, answersBy } from '../../src/workshop/fake-model/answers-by.ts';
import { fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { type PlayedHere, playHere } from '../../src/workshop/play-here.ts';
import type { PlayResult } from '../../src/workshop/player/play-result.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';

/** As in same-everywhere.test.ts. */
const MAX_CALL_MS = 5 * 60_000;

const fixtures = loadFixtures(join(import.meta.dirname, '../../fixtures'));
const byName = fixtures.map((fixture) => [fixture.name, fixture] as const);
const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));

type Calls = ReadonlyMap<string, PlayedHere & { readonly record: CallRecord }>;

/** Fixtures with the responder that `answers` stands for, on one clock; every name when none are given. */
async function play(answers: Answers, options: { names?: readonly string[]; concurrency?: number } = {}) {
  const { names, concurrency = 24 } = options;
  const { wrapModel, hold } = heldModels();
  const chosen = fixtures.filter(({ name }) => names === undefined || names.includes(name));
  const played = await playHere(chosen.map(fixtureScenario), {
    guard: { ...answers.guard, wrapModel },
    hold,
    seed: 'models',
    probeTexts,
    concurrency,
    maxCallMs: MAX_CALL_MS,
  });
  return new Map(
    played.map((call) => {
      if (call.record === null) throw new Error(`${call.scenario.id} has no record`);
      return [call.scenario.id, { ...call, record: call.record }];
    }),
  );
}

function callOf(calls: Calls, name: string): PlayedHere & { readonly record: CallRecord } {
  const call = calls.get(name);
  if (call === undefined) throw new Error(`${name} was not played`);
  return call;
}

/** A call that the player had to cut off has no verdict yet: what it is taken for changes from moment to moment. */
function verdict({ result, record: { decision, category, outcome, faults } }: PlayedHere & { record: CallRecord }) {
  return { decision, outcome, faults, category: result.endedBy === 'timeout' ? 'cut off' : category };
}

/** Languages of the lines that the agent spoke. The lines themselves differ: a prompt joins what was said in two goes. */
function languagesSpoken({ transcript }: PlayResult): string[] {
  const said = transcript.map(({ role, text }) => (role === 'agent' ? text : '')).join(' ');
  return [...receptionLines].flatMap(([language, { hears: _, ...lists }]) =>
    Object.values(lists).some((lines) => lines.some((line) => said.includes(line))) ? [language] : [],
  );
}

let scripted: Calls;
beforeAll(async () => {
  scripted = await play(await answersBy('scripted'));
}, 60_000);

describe.each(['openai', 'anthropic'] as const)('every fixture, answered over the API of %s', (type) => {
  let model: Answers;
  let calls: Calls;
  beforeAll(async () => {
    model = await answersBy(type);
    calls = await play(model);
  }, 120_000);
  afterAll(async () => {
    await model.close();
    expect(model.model?.openSockets()).toBe(0);
  });

  it.each(byName)('%s', (name, fixture) => {
    const one = callOf(calls, name);
    const two = callOf(scripted, name);
    expect(verdict(one), 'the same verdict as with the script').toEqual(verdict(two));
    expect(languagesSpoken(one.result), 'the same languages').toEqual(languagesSpoken(two.result));
    expect(one.result.unanswered).toEqual(two.result.unanswered);
    if (fixture.knownMiss === undefined) expect(differences(one.result, one.record)).toEqual([]);
  });

  it('asked the model in earnest, and it never refused', () => {
    const { requests, ...rest } = model.model?.counts() ?? { requests: 0 };
    expect(requests).toBeGreaterThan(fixtures.length * 3);
    expect(rest).toMatchObject({ faults: 0, refused: 0 });
  });

  it('gives every call the same answers however many are beside it', async () => {
    const names = fixtures.filter((_, i) => i % 8 === 0).map(({ name }) => name);
    const alone = await play(model, { names, concurrency: 1 });
    expect(alone.size).toBe(names.length);
    for (const [name, { result, record }] of alone) {
      const beside = callOf(calls, name);
      expect(result, name).toEqual(beside.result);
      expect(record.evidence, name).toEqual(beside.record.evidence);
    }
  }, 60_000);
});
