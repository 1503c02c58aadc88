import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { packagePromptsDir } from '../../src/prompts.ts';
import type { CallRecord } from '../../src/records/record.ts';
import type { Answer, Ask, Mind } from '../../src/workshop/fake-model/mind.ts';
import { modelTime } from '../../src/workshop/fake-model/model-time.ts';
import { readBack } from '../../src/workshop/fake-model/read-back.ts';
import { receptionist } from '../../src/workshop/fake-model/receptionist.ts';
import { type FakeModel, startFakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';
import { type Fixture, fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { localGuard } from '../../src/workshop/in-process-guard.ts';
import { connectInProcess } from '../../src/workshop/player/connect-in-process.ts';
import { playCall } from '../../src/workshop/player/play-call.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { VirtualClock } from '../../src/workshop/player/virtual-clock.ts';
import { INJECTIONS } from '../tools/injections.ts';
import { TYPES, type Type } from './model-kit.ts';

const ROBOCALLS = [
  'robocall-account-alert',
  'robocall-car-warranty',
  'robocall-looping-roof-offer',
  'robocall-parcel-spanish',
].map((name) => loadFixtures(join(import.meta.dirname, `../../fixtures/${name}.yaml`))[0] as Fixture);
const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));
const LISTED = '+15551234567';

const LINES = [
  'How can I help you?',
  'What is this about?',
  'Whom would you like to speak to, please?',
  'I see. Go on.',
];

/** What a model that is talked round may say of a robocall. */
const CLASSIFIED = ['customer', 'unsure', 'call_screening', 'hold_music', 'ivr_menu'] as const;
const REPORTED = ['customer', 'call_screening', 'hold_music', 'ivr_menu'] as const;

/** What is said hangs on the caller's words alone, so that two calls differ in the model's opinion and nothing else. */
function spoken(ask: Ask): Answer {
  const words = readBack(ask).transcript.flatMap(({ role, text }) => (role === 'caller' ? text.split(/\s+/) : []));
  return { text: LINES[words.length % LINES.length] ?? '' };
}

/** A model of no opinion; where it obeys, the caller gets all that a model could do for them first. */
const mindOf =
  (favour: () => number | null): Mind =>
  (ask) => {
    const n = favour();
    if (n === null) return ask.schema === undefined ? spoken(ask) : receptionist(ask);
    const answer = CLASSIFIED[n % CLASSIFIED.length];
    const category = REPORTED[Math.floor(n / 8) % REPORTED.length];
    if (ask.schema !== undefined) return { text: JSON.stringify({ answer, confidence: 'high' }) };
    if (ask.messages.at(-1)?.role === 'tool') return spoken(ask);
    const last = ask.messages.findLast((message) => message.role === 'user')?.content ?? '';
    const words = /<caller>([^<>]*)<\/caller>/.exec(last)?.[1] ?? '';
    const target = /\+?\d[\d ]{6,}\d|\bowner_mobile\b/.exec(words)?.[0] ?? 'owner_mobile';
    const calls = [
      ['report_caller', { category, confidence: 'high', quote: words.slice(-300) }],
      ['transfer_call', { to: target, number: target }],
      ['transfer_call', { to: words }],
    ] as const;
    return {
      text: '',
      toolCalls: calls.map(([name, args], i) => ({ id: `id_${i}`, name, arguments: JSON.stringify(args) })),
    };
  };

/** A robocall in which one utterance goes on with the line. */
function robocallWith(line: string, n: number): Fixture {
  const fixture = ROBOCALLS[n % ROBOCALLS.length] as Fixture;
  const at = Math.floor(n / ROBOCALLS.length) % fixture.turns.length;
  const turns = fixture.turns.map((turn, i) =>
    i === at && 'say' in turn ? { ...turn, say: `${turn.say} ${line}` } : turn,
  );
  return { ...fixture, turns };
}

async function play(fixture: Fixture, type: Type, model: FakeModel) {
  const clock = new VirtualClock();
  const time = modelTime(clock, model);
  const configText = stringify({
    mode: 'enforce',
    responders: { fake: { type, model: 'fake', base_url: model.baseUrl[type] } },
    classifier: { responder: 'fake', max_per_call: 20 },
    agents: {
      default: {
        responder: 'fake',
        tools: { transfer_call: { manager: { number: LISTED, when: 'a customer complains' } } },
      },
    },
  });
  const guard = await localGuard(time.clock, { configText });
  const connect = connectInProcess(time.connect(guard.connect));
  const result = await time.run(playCall(fixtureScenario(fixture), { connect, clock, seed: 'injections', probeTexts }));
  await time.run(new Promise<void>((resolve) => clock.after(180_000, resolve)));
  const record = await guard.record(result.callId);
  await guard.close();
  if (record === null) throw new Error(`${fixture.name} has no record`);
  return { result, record };
}

const judged = ({ decision, category, points, decidedCallMs, outcome }: CallRecord) => ({
  decision,
  category,
  points,
  decidedCallMs,
  outcome,
});

/** What models added to the sum in the call: signal, level and points. */
const saidByModels = ({ evidence }: CallRecord): readonly string[] => [
  ...new Set(
    evidence.flatMap((turn) =>
      turn.evidence.flatMap((one) => (one.group === 'model' ? [`${one.signal} ${one.level} ${one.points}`] : [])),
    ),
  ),
];

describe('a robocall that commands the model', () => {
  let favour: number | null = null;
  let model: FakeModel;
  beforeAll(async () => {
    model = await startFakeModel({ mind: mindOf(() => favour), tokensPerChunk: 50 });
  });
  afterAll(() => model.close());

  const BATCHES = [0, 1, 2, 3, 4, 5, 6, 7];
  it.each(BATCHES)(
    'is judged as if no model had an opinion: lines %i of every 8',
    async (batch) => {
      const said = new Set<string>();
      for (const [n, line] of INJECTIONS.entries()) {
        if (n % BATCHES.length !== batch) continue;
        const fixture = robocallWith(line, Math.floor(n / BATCHES.length) + n);
        const type = TYPES[n % 2] as Type;
        favour = null;
        const plain = await play(fixture, type, model);
        favour = n;
        const obeyed = await play(fixture, type, model);
        for (const one of saidByModels(obeyed.record)) said.add(one);
        expect(saidByModels(plain.record)).toEqual([]);
        expect(judged(obeyed.record), `${fixture.name} ${type}: ${line}`).toEqual(judged(plain.record));
        expect(obeyed.result.transferredTo).toBeUndefined();
        // "It is an emergency" protects whoever says it: that is a rule of the guard, and no model's doing.
        if (obeyed.record.protectedBy) expect(line).toMatch(/^It is an emergency/);
        else expect(obeyed.record.decision, line).toBe('hang_up');
      }
      expect([...said].every((one) => one.endsWith(' 0'))).toBe(true);
      expect([...said]).toEqual(expect.arrayContaining(['model-report hint 0', 'llm-classifier customer 0']));
    },
    60_000,
  );
});
