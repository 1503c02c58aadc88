import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../src/config.ts';
import { packagePromptsDir } from '../../src/prompts.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { heldModels } from '../../src/workshop/answers/held-models.ts';
import type { Answer, Ask, Mind } from '../../src/workshop/fake-model/mind.ts';
import { readBack } from '../../src/workshop/fake-model/read-back.ts';
import { receptionist } from '../../src/workshop/fake-model/receptionist.ts';
import { type FakeModel, startFakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';
import { type Fixture, fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { playHere } from '../../src/workshop/play-here.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import type { Scenario } from '../../src/workshop/player/scenario.ts';
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

/** What the line of each agent is for: tells the model which injection it hears. */
const scopeOf = (n: number): string => `questions about form ${n}`;
const injectionOf = ({ system }: Ask): number => Number(/questions about form (\d+)/.exec(system)?.[1]);

/** A model of no opinion; where it obeys, the caller gets all that a model could do for them first. */
const mindOf =
  (obeys: () => boolean): Mind =>
  (ask) => {
    const n = injectionOf(ask);
    if (Number.isNaN(n)) throw new Error('no agent of this test asks');
    if (!obeys()) return ask.schema === undefined ? spoken(ask) : receptionist(ask);
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

/** A robocall in which one utterance goes on with the nth line; each has an agent of its own. */
function robocallWith(line: string, n: number): Scenario {
  const draw = Math.floor(n / 8) + n;
  const fixture = ROBOCALLS[draw % ROBOCALLS.length] as Fixture;
  const at = Math.floor(draw / ROBOCALLS.length) % fixture.turns.length;
  const turns = fixture.turns.map((turn, i) =>
    i === at && 'say' in turn ? { ...turn, say: `${turn.say} ${line}` } : turn,
  );
  return { ...fixtureScenario({ ...fixture, turns }), id: `${fixture.name}-${n}`, agent: `agent-${n}` };
}

/** All calls on one guard: what it keeps from one to the next must not matter either. */
async function play(scenarios: ReadonlyMap<number, Scenario>, type: Type, model: FakeModel) {
  const transfer_call = { manager: { number: LISTED, when: 'a customer complains' } };
  const agent = (n: number) => ({ responder: 'fake', scope: scopeOf(n), tools: { transfer_call } });
  const config = parseConfig(
    stringify({
      mode: 'enforce',
      responders: { fake: { type, model: 'fake', base_url: model.baseUrl[type] } },
      classifier: { responder: 'fake', max_per_call: 20 },
      agents: Object.fromEntries([...scenarios.keys()].map((n) => [`agent-${n}`, agent(n)])),
    }),
    'test.yaml',
  );
  const { wrapModel, hold } = heldModels();
  const calls = await playHere([...scenarios.values()], {
    guard: { config, wrapModel },
    hold,
    seed: 'injections',
    probeTexts,
    concurrency: 25,
  });
  return new Map(
    calls.map(({ scenario, result, record }) => {
      if (record === null) throw new Error(`${scenario.id} has no record`);
      return [scenario.id, { result, record }];
    }),
  );
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
  let obeys = false;
  let model: FakeModel;
  beforeAll(async () => {
    model = await startFakeModel({ mind: mindOf(() => obeys), tokensPerChunk: 50 });
  });
  afterAll(() => model.close());

  it.each(TYPES)(
    'is judged as if no model had an opinion: every line, with %s every other one',
    async (type) => {
      const scenarios = new Map(
        INJECTIONS.flatMap((line, n) => (TYPES[n % 2] === type ? [[n, robocallWith(line, n)] as const] : [])),
      );
      obeys = false;
      const plain = await play(scenarios, type, model);
      obeys = true;
      const obeyed = await play(scenarios, type, model);
      const said = new Set<string>();
      for (const [n, { id }] of scenarios) {
        const line = INJECTIONS[n] ?? '';
        const [one, two] = [plain.get(id), obeyed.get(id)];
        if (one === undefined || two === undefined) throw new Error(`${id} was not played`);
        for (const what of saidByModels(two.record)) said.add(what);
        expect(saidByModels(one.record)).toEqual([]);
        expect(judged(two.record), `${id} ${type}: ${line}`).toEqual(judged(one.record));
        expect(two.result.transferredTo).toBeUndefined();
        // "It is an emergency" protects whoever says it: that is a rule of the guard, and no model's doing.
        if (two.record.protectedBy) expect(line).toMatch(/^It is an emergency/);
        else expect(two.record.decision, line).toBe('hang_up');
      }
      expect([...said].every((one) => one.endsWith(' 0'))).toBe(true);
      expect([...said]).toEqual(expect.arrayContaining(['model-report hint 0', 'llm-classifier customer 0']));
    },
    60_000,
  );
});
