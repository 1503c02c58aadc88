import { describe, expect, it } from 'vitest';
import type { AnswersStamp } from '../../../src/workshop/eval/run.ts';
import { summarise } from '../../../src/workshop/eval/summarise.ts';
import { summaryText } from '../../../src/workshop/eval/summary-text.ts';
import { hungUp, madeCall, madeRecord, madeRun, seen } from './made-runs.ts';

const wrong = (kind: 'cut' | 'missed') => ({ kind, differences: [`${kind} it is`], turn: 3, callMs: 20_000 });
const machine = { kind: 'recording', expect: { decision: 'hang_up', category: 'robocall_menu' } } as const;
const caught = (key: string, callMs: number) =>
  madeCall(key, { record: hungUp(), result: { ...machine, endedBy: 'agent', live: true, callMs } });
const missed = (key: string, more: object = {}) =>
  madeCall(key, { wrong: wrong('missed'), result: { ...machine, callMs: 60_000 }, ...more });
const cutPerson = madeCall('fixtures/cut', {
  wrong: wrong('cut'),
  knownMiss: 'it happens',
  result: { endedBy: 'agent' },
  record: hungUp({
    evidence: [
      {
        ...seen(3, 20_000, { 'keypad-menu': 'menu' }),
        evidence: seen(3, 20_000, { 'keypad-menu': 'menu' }).evidence.map((one) => ({
          ...one,
          quote: 'press \u001b[31mone',
        })),
      },
    ],
  }),
});

describe('what a run amounts to', () => {
  const calls = [
    caught('fixtures/a', 20_000),
    caught('fixtures/b', 30_000),
    missed('fixtures/c'),
    missed('fixtures/known', { knownMiss: 'not yet' }),
    madeCall('fixtures/gone', { knownMiss: 'not any more' }),
    madeCall('fixtures/probed', {
      record: madeRecord({ probes: [{ kind: 'who', turn: 1, callMs: 1, result: 'passed', why: '' }] }),
    }),
    cutPerson,
    missed('fixtures/no-answers', { unrecorded: 2 }),
  ];
  const loaded = madeRun('run', calls, {
    prices: { lostCustomerCosts: 100, perMinute: 0.6, currency: 'EUR', badCallMs: 180_000 },
  });
  const summary = summarise(loaded);

  it('counts people, machines and misses; known ones apart, but for people who were cut', () => {
    expect(summary).toMatchObject({
      calls: 7,
      asExpected: 4,
      knownMisses: 1,
      noLongerMissed: ['fixtures/gone'],
      unrecorded: 1,
      wrong: { cut: 1, missed: 1, category: 0, unanswered: 0, failed: 0, other: 0 },
      people: { calls: 3, cut: 1, probed: 1, unanswered: 0 },
      machines: { calls: 4, caught: 2, live: 2, rightCategory: 2, medianS: null },
      cost: 0,
      flipRate: null,
    });
    expect(summarise(madeRun('run', calls.slice(0, 3))).machines.medianS).toBe(30);
  });

  it('prices what came out wrong', () => {
    expect(summary.confusion[0]).toEqual({
      expected: 'customer',
      seen: 'robocall_menu',
      calls: 1,
      price: 100,
      money: 0,
    });
    expect(summary.confusion[1]).toMatchObject({ expected: 'robocall_menu', seen: 'served', calls: 2, price: 2 });
    expect(summary.confusion[1]?.money).toBeCloseTo(1.2);
  });

  it('names cases whose repeats differ', () => {
    const repeats = [
      caught('fixtures/a#1', 1),
      caught('fixtures/a#2', 1),
      missed('fixtures/a#3'),
      caught('fixtures/b#1', 1),
    ];
    const { flaky, flipRate } = summarise(madeRun('run', [...repeats, caught('fixtures/b#2', 1)], {}, { repeats: 3 }));
    expect(flaky).toEqual([
      { key: 'fixtures/a', flipRate: 1 - 2 / 3, verdicts: ['hang_up robocall_menu: 2', 'none (missed): 1'] },
    ]);
    expect(flipRate).toBe(0.5);
  });

  it('says whose prompt quality was measured', () => {
    const answers = (more: Partial<AnswersStamp>): AnswersStamp[] => [
      {
        type: 'openai',
        model: 'gpt-x',
        endpoint: null,
        vendor: true,
        recordedFrom: 0,
        recordedTo: 0,
        answers: 412,
        ...more,
      },
    ];
    const noteOf = (stamp: AnswersStamp[]) => summarise(madeRun('run', [], { answers: stamp })).measuredNote;
    expect(noteOf([])).toBe("No model answered: prompt quality with a vendor's model was not measured.");
    const local = answers({ vendor: false, endpoint: 'http://127.0.0.1:1234/v1' });
    expect(noteOf(local)).toBe(
      "All 412 answers come from http://127.0.0.1:1234/v1, which is not the vendor's: prompt quality with a vendor's model was not measured.",
    );
    expect(noteOf(answers({}))).toBe("Measured with gpt-x at the vendor's own endpoint, recorded 1970-01-01.");
    expect(noteOf([...answers({}), ...local])).toContain('412 of 824 answers come from http://127.0.0.1:1234/v1');
    expect(summarise(madeRun('run', [], { answers: [...answers({}), ...local] })).vendorMeasured).toBe(false);
  });

  it('tells of people who were cut first, with evidence and harmless quotes, and how to record what is missing', () => {
    const text = summaryText(loaded, summary, { width: 80, recordCommand: 'hangup-guard eval --record' });
    const lines = text.split('\n');
    expect(lines[0]).toBe('People wrongly hung up on (1):');
    expect(lines[1]).toContain('fixtures/cut (known: it happens)');
    expect(text).toContain('at caller turn 3, 20.0 s');
    expect(text).toMatch(/keypad-menu menu: keypad-menu seen “press one”/);
    expect(text).not.toContain('\u001b');
    expect(text.indexOf('Machines missed (1)')).toBeGreaterThan(0);
    expect(text).toContain('1 known miss: fixtures/known');
    expect(text).toContain('As expected this time, though known to be missed: fixtures/gone');
    expect(text).toContain('  hangup-guard eval --record');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});
