import { describe, expect, it } from 'vitest';
import { chance, mcNemar } from '../../../src/workshop/eval/chance.ts';

const facts = { compared: 100, deterministic: false, repeats: 1 };

describe('exact McNemar test', () => {
  // Two-sided binomial tests at 1/2, by hand from Pascal's triangle: 2 * sum of C(n, 0..k) / 2^n.
  it.each([
    [0, 0, 1],
    [0, 1, 1],
    [3, 3, 1],
    [0, 5, 2 / 32],
    [0, 6, 2 / 64],
    [1, 5, (2 * (1 + 6)) / 64],
    [2, 8, (2 * (1 + 10 + 45)) / 1024],
    [1, 9, (2 * (1 + 10)) / 1024],
    [5, 15, (2 * (1 + 20 + 190 + 1140 + 4845 + 15504)) / 2 ** 20],
  ])('%i better and %i worse: p = %f', (better, worse, p) => {
    expect(mcNemar(better, worse)).toBeCloseTo(p, 12);
    expect(mcNemar(worse, better), 'two-sided').toBeCloseTo(p, 12);
  });

  it('does not overflow or underflow with many calls', () => {
    // 40 of 100: 0.0568879 (binom.test in R).
    expect(mcNemar(40, 60)).toBeCloseTo(0.0568879, 6);
    // Normal approximation with continuity correction: z = (600 - 1) / sqrt(10,000) = 5.99.
    expect(mcNemar(4_700, 5_300)).toBeGreaterThan(1e-9);
    expect(mcNemar(4_700, 5_300)).toBeLessThan(3e-9);
    expect(mcNemar(0, 100_000)).toBe(0);
    expect(mcNemar(50_000, 50_000)).toBe(1);
    expect(mcNemar(49_999, 50_001)).toBeGreaterThan(0.99);
    expect(mcNemar(49_999, 50_001)).toBeLessThanOrEqual(1);
  });
});

describe('the sentence', () => {
  it('says how often that comes about by chance', () => {
    expect(chance(1, 5, facts).sentence).toBe(
      '5 calls got worse and 1 better: by chance alone as likely as in 22 of 100 comparisons (exact McNemar test), so it may well be chance.',
    );
    expect(chance(0, 6, facts).sentence).toContain(
      'in 3 of 100 comparisons (exact McNemar test), so it is hardly chance',
    );
    expect(chance(9, 0, facts).sentence).toContain(
      '0 calls got worse and 9 better: by chance alone as likely as in 4 of 1,000',
    );
    expect(chance(0, 30, facts).sentence).toContain('fewer than 1 of 1,000');
  });

  it('says of deterministic runs that they are', () => {
    expect(chance(1, 5, { ...facts, deterministic: true }).sentence).toBe(
      '5 calls got worse and 1 better. Both runs are deterministic: every difference has the cause named; whether it carries over to other calls is another question (p = 0.22, exact McNemar test).',
    );
  });

  it('says so when there is nothing to compare or nothing differs', () => {
    expect(chance(0, 0, facts).sentence).toBe('None of 100 calls got better or worse.');
    expect(chance(0, 0, { ...facts, compared: 0 }).sentence).toContain('no call in common');
  });

  it('warns that repeats are not independent', () => {
    expect(chance(1, 5, { ...facts, repeats: 3 }).sentence).toContain('Repeats of one call are not independent');
  });
});
