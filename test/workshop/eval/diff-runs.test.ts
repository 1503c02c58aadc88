import { describe, expect, it } from 'vitest';
import { diffRuns } from '../../../src/workshop/eval/diff-runs.ts';
import type { Wrong } from '../../../src/workshop/eval/run.ts';
import { hungUp, madeCall, madeRecord, madeRun, madeVariant } from './made-runs.ts';

const wrong = (kind: Wrong['kind']): Wrong => ({ kind, differences: [kind], turn: null, callMs: null });
const probe = { kind: 'who' as const, turn: 1, callMs: 5_000, result: 'passed' as const, why: '' };

const keys = (list: readonly { readonly key: string }[]): string[] => list.map(({ key }) => key);

describe('the difference of two runs', () => {
  it('is nothing between a run and itself', () => {
    const run = madeRun('a', [madeCall('x'), madeCall('y', { record: hungUp() })]);
    expect(diffRuns(run, run)).toMatchObject({
      a: 'a',
      b: 'a',
      flips: [],
      moved: [],
      unchanged: 2,
      onlyA: [],
      onlyB: [],
      unrecorded: [],
      chance: { better: 0, worse: 0, pValue: 1, sentence: 'None of 2 calls got better or worse.' },
    });
  });

  it('has flips by what they mean: people cut, machines missed, better, the rest', () => {
    const a = madeRun('a', [
      madeCall('category', { record: hungUp() }),
      madeCall('better', { wrong: wrong('missed') }),
      madeCall('late', { record: hungUp() }),
      madeCall('missed', { record: hungUp() }),
      madeCall('nobody-expects', { result: { expect: undefined } as never }),
      madeCall('cut'),
    ]);
    const b = madeRun('b', [
      madeCall('category', { record: hungUp({ category: 'silent' }), wrong: wrong('category') }),
      madeCall('better', { record: hungUp() }),
      madeCall('late', { record: hungUp(), wrong: wrong('other') }),
      madeCall('missed', { wrong: wrong('missed') }),
      madeCall('nobody-expects', { record: hungUp(), result: { expect: undefined } as never }),
      madeCall('cut', { record: hungUp(), wrong: wrong('cut') }),
    ]);
    const diff = diffRuns(a, b);
    expect(keys(diff.flips)).toEqual(['cut', 'nobody-expects', 'missed', 'better', 'category', 'late']);
    expect(diff.flips.map(({ better }) => better)).toEqual([false, null, false, true, false, false]);
    expect(diff.chance, 'without the one that nothing is expected of').toMatchObject({ better: 1, worse: 4 });
    expect(diff.chance.pValue).toBeCloseTo(0.375, 9);
  });

  it('has no flip where both are wrong in the same way, or only the category of a call that went on differs', () => {
    const a = madeRun('a', [
      madeCall('x', { record: hungUp(), wrong: wrong('cut') }),
      madeCall('y', { record: madeRecord({ category: 'recorded_message' }) }),
    ]);
    const b = madeRun('b', [
      madeCall('x', { record: hungUp(), wrong: wrong('other') }),
      madeCall('y', { record: madeRecord({ category: null }) }),
    ]);
    expect(diffRuns(a, b)).toMatchObject({ flips: [], moved: [], unchanged: 2 });
  });

  it('has moved calls, largest first', () => {
    const before = ['probes', 'points', 'turn', 'second', 'hardly'].map((key) =>
      madeCall(key, { record: hungUp({ points: 0.25 }) }),
    );
    const after = [
      madeCall('probes', { record: hungUp({ probes: [probe], points: 0.25 }) }),
      madeCall('points', { record: hungUp({ points: 0.3 }) }),
      madeCall('turn', { record: hungUp({ decidedTurn: 2, decidedCallMs: 14_000, points: 0.25 }) }),
      madeCall('second', { record: hungUp({ decidedCallMs: 20_060, points: 0.25 }) }),
      madeCall('hardly', { record: hungUp({ points: 0.29, decidedCallMs: 20_049 }) }),
    ];
    const { moved, unchanged } = diffRuns(madeRun('a', before), madeRun('b', after));
    expect(moved.map(({ key, turns, ms }) => [key, turns, ms])).toEqual([
      ['turn', -1, -6_000],
      ['points', 0, 0],
      ['second', 0, 60],
      ['probes', 0, 0],
    ]);
    expect(moved[1]?.points).toBeCloseTo(0.05, 9);
    expect(unchanged).toBe(1);
  });

  it('lists calls without recorded answers apart: they are neither flips nor unchanged', () => {
    const a = madeRun('a', [madeCall('x'), madeCall('y', { unrecorded: 2 }), madeCall('z')]);
    const b = madeRun('b', [
      madeCall('x', { record: hungUp(), wrong: wrong('cut'), unrecorded: 1 }),
      madeCall('y', { wrong: wrong('missed') }),
      madeCall('z'),
    ]);
    const diff = diffRuns(a, b);
    expect(diff).toMatchObject({ flips: [], moved: [], unchanged: 1, unrecorded: ['x', 'y'] });
    expect(diff.chance).toMatchObject({ better: 0, worse: 0 });
  });

  it('lists calls that only one run has', () => {
    const diff = diffRuns(madeRun('a', [madeCall('x'), madeCall('z')]), madeRun('b', [madeCall('y'), madeCall('z')]));
    expect(diff).toMatchObject({ onlyA: ['x'], onlyB: ['y'], unchanged: 1 });
  });

  it('calls runs deterministic only where scripts answered and nothing else', () => {
    const sentence = (responder: string): string => {
      const stamp = { variants: [madeVariant({ responders: [{ name: 'r', type: responder }] })] };
      const a = madeRun('a', [madeCall('x')], stamp);
      const b = madeRun('b', [madeCall('x', { wrong: wrong('other') })], stamp);
      return diffRuns(a, b).chance.sentence;
    };
    expect(sentence('scripted')).toContain('Both runs are deterministic');
    for (const type of ['openai', 'relay']) expect(sentence(type)).toContain('so it may well be chance');
  });
});
