import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePromptsDir } from '../../src/prompts.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { receptionLines } from '../../src/responders/lines/index.ts';
import { differences } from '../../src/workshop/expectation.ts';
import { type Answers, answersBy } from '../../src/workshop/fake-model/answers-by.ts';
import { modelTime, pureTime } from '../../src/workshop/fake-model/model-time.ts';
import { type Fixture, fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { localGuard } from '../../src/workshop/in-process-guard.ts';
import { connectInProcess } from '../../src/workshop/player/connect-in-process.ts';
import { playCall } from '../../src/workshop/player/play-call.ts';
import type { PlayResult } from '../../src/workshop/player/play-result.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { VirtualClock } from '../../src/workshop/player/virtual-clock.ts';

/** As in fixtures.test.ts. */
const KNOWN_MISSES = new Set(['recording-political-message', 'recording-toll-fraud-chat', 'robocall-hello-hello']);

const fixtures = loadFixtures(join(import.meta.dirname, '../../fixtures'));
const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));

/** One call with the responder that `answers` stands for. */
async function play(fixture: Fixture, answers: Answers) {
  const scenario = fixtureScenario(fixture);
  const clock = new VirtualClock();
  const time = answers.model ? modelTime(clock, answers.model) : pureTime(clock);
  const guard = await localGuard(time.clock, answers.guard);
  if (scenario.from) guard.remember(scenario.from, scenario.before);
  const connect = connectInProcess(time.connect(guard.connect));
  const result = await time.run(playCall(scenario, { connect, clock, seed: 'models', probeTexts }));
  await time.run(new Promise<void>((resolve) => clock.after(180_000, resolve)));
  const record = await guard.record(result.callId);
  await guard.close();
  if (record === null) throw new Error(`${fixture.name} has no record`);
  return { result, record, differs: differences(result, record) };
}

const verdict = ({ decision, category, outcome, faults }: CallRecord) => ({ decision, category, outcome, faults });

/** Languages of the lines that the agent spoke. The lines themselves differ: a prompt joins what was said in two goes. */
function languagesSpoken({ transcript }: PlayResult): string[] {
  const said = transcript.map(({ role, text }) => (role === 'agent' ? text : '')).join(' ');
  return [...receptionLines].flatMap(([language, { hears: _, ...lists }]) =>
    Object.values(lists).some((lines) => lines.some((line) => said.includes(line))) ? [language] : [],
  );
}

// All fixtures over both APIs take some 15 s.
describe.each(['openai', 'anthropic'] as const)('every fixture, answered over the API of %s', (type) => {
  let model: Answers;
  beforeAll(async () => {
    model = await answersBy(type);
  });
  afterAll(async () => {
    await model.close();
    expect(model.model?.openSockets()).toBe(0);
  });

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (name, fixture) => {
    const one = await play(fixture, model);
    const two = await play(fixture, await answersBy('scripted'));
    expect(verdict(one.record), 'the same verdict as with the script').toEqual(verdict(two.record));
    expect(languagesSpoken(one.result), 'the same languages').toEqual(languagesSpoken(two.result));
    expect(one.result.unanswered).toEqual(two.result.unanswered);
    if (!KNOWN_MISSES.has(name)) expect(one.differs).toEqual([]);
  });

  it('asked the model in earnest, and it never refused', () => {
    const { requests, ...rest } = model.model?.counts() ?? { requests: 0 };
    expect(requests).toBeGreaterThan(fixtures.length * 3);
    expect(rest).toMatchObject({ faults: 0, refused: 0 });
  });
});
