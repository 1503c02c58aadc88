import { describe, expect, it } from 'vitest';
import { SIGNAL_NAMES } from '../../src/guard/signals/index.ts';
import type { ScoredEvidence } from '../../src/guard/types.ts';
import { pointsOf, score, toPoints, toProbability, type Weights, weightsSchema } from '../../src/guard/weights.ts';
import { loadWeights } from '../../src/weights-file.ts';

const weights: Weights = weightsSchema.parse({
  version: 1,
  note: 'for tests',
  groups: {
    words: { min: -5, max: 10, why: 'x' },
    turns: { min: -8, max: 20, why: 'x' },
    responsiveness: { min: -8, max: 20, why: 'x' },
  },
  signals: {
    menu: { group: 'words', why: 'x', points: { once: 6 } },
    wording: { group: 'words', why: 'x', points: { two: 9, calm: -9 } },
    over: { group: 'turns', why: 'x', points: { often: 7 } },
  },
});

const seen = (signal: string, group: string, points: number, more: Partial<ScoredEvidence> = {}): ScoredEvidence => ({
  signal,
  group,
  points,
  level: 'x',
  reason: 'x',
  ...more,
});
const total = (...evidence: ScoredEvidence[]): number => score(weights, -10, evidence).points;

describe('points', () => {
  it('are ten times the logarithm of the odds', () => {
    expect(toPoints(10)).toBeCloseTo(10);
    expect(toPoints(1 / 9)).toBeCloseTo(-9.54, 2);
    expect(toProbability(0)).toBe(0.5);
    expect(toProbability(toPoints(1 / 9))).toBeCloseTo(0.1);
    expect(toProbability(20)).toBeCloseTo(100 / 101);
  });

  it('of a level that the file does not know are none', () => {
    expect(pointsOf(weights, 'menu', 'once')).toBe(6);
    expect(pointsOf(weights, 'menu', 'twice')).toBe(0);
    expect(pointsOf(weights, 'nobody', 'once')).toBe(0);
  });
});

describe('score', () => {
  it('of no evidence is the prior', () => {
    expect(score(weights, -10, [])).toMatchObject({ points: -10, category: null, evidence: [] });
  });

  it('adds groups, each capped at both ends', () => {
    expect(total(seen('menu', 'words', 6))).toBe(-4);
    expect(total(seen('menu', 'words', 6), seen('wording', 'words', 9))).toBe(0);
    expect(total(seen('wording', 'words', -9))).toBe(-15);
    expect(total(seen('menu', 'words', 6), seen('wording', 'words', 9), seen('over', 'turns', 7))).toBe(7);
    expect(total(seen('menu', 'words', 12), seen('wording', 'words', -9))).toBe(-7);
  });

  it('lists evidence of a signal in shadow mode without counting it', () => {
    const shadow = seen('menu', 'words', 6, { shadow: true, category: 'robocall_menu' });
    expect(score(weights, -10, [shadow])).toMatchObject({ points: -10, category: null, evidence: [shadow] });
  });

  it('names the category with the most points', () => {
    const menu = seen('menu', 'words', 6, { category: 'robocall_menu' });
    const pitch = seen('wording', 'turns', 9, { category: 'sales_pitch' });
    expect(score(weights, 0, [menu, pitch]).category).toBe('sales_pitch');
    expect(score(weights, 0, [menu]).category).toBe('robocall_menu');
  });

  it('shares out what a group may give before categories are compared', () => {
    // 16 in a group of at most 10, against 9 in a group that has room.
    const words = [
      seen('menu', 'words', 8, { category: 'robocall_menu' }),
      seen('wording', 'words', 8, { category: 'sales_pitch' }),
    ];
    const loop = seen('over', 'turns', 9, { category: 'bot_loop' });
    expect(score(weights, 0, [...words, loop]).category).toBe('bot_loop');
  });

  it('calls mere unresponsiveness toll fraud', () => {
    expect(score(weights, 0, [seen('over', 'responsiveness', 8)]).category).toBe('toll_fraud');
    expect(score(weights, 0, [seen('over', 'responsiveness', -8)]).category).toBe(null);
  });
});

describe('the weights file', () => {
  const { weights: real } = loadWeights();

  it('knows every signal, and no other', () => {
    expect(Object.keys(real.signals).sort()).toEqual([...SIGNAL_NAMES].sort());
  });

  it.each([
    ['a group that does not exist', { signals: { a: { group: 'none', why: 'x', points: {} } } }],
    ['points beyond reason', { signals: { a: { group: 'words', why: 'x', points: { x: 100 } } } }],
    ['a cap below zero', { groups: { words: { min: -1, max: -1, why: 'x' } } }],
    ['an unknown key', { extra: 1 }],
  ])('is refused with %s', (_name, change) => {
    expect(weightsSchema.safeParse({ ...weights, ...change }).success).toBe(false);
  });

  it('never lets the caller number or words alone reach a hang-up at the middle price', () => {
    const prior = toPoints(1 / 9);
    expect(prior + (real.groups.caller?.max ?? 0)).toBeLessThan(toPoints(100 / 100));
    expect(prior + (real.groups.content?.max ?? 0)).toBeLessThan(toPoints(100));
  });
});
