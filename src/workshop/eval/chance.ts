import type { RunDiff } from './diff.ts';

/** Differences that come about less often than this by chance are not taken for chance. */
const SIGNIFICANT = 0.05;

export interface ChanceFacts {
  /** Calls that both runs have an expectation for. */
  readonly compared: number;
  /** No model answered in either run: the same call comes out the same each time. */
  readonly deterministic: boolean;
  /** How often each case was played; above 1 the calls are not independent of each other. */
  readonly repeats: number;
}

/** Whether so many better and worse calls are more than chance, with a sentence a person can read. */
export function chance(better: number, worse: number, facts: ChanceFacts): RunDiff['chance'] {
  const pValue = mcNemar(better, worse);
  return { better, worse, pValue, sentence: sentenceOf(better, worse, pValue, facts) };
}

/**
 * Exact two-sided McNemar test: how likely a split at least as uneven is if better and worse are equally likely. 1 where
 * there is no difference.
 */
export function mcNemar(better: number, worse: number): number {
  const n = better + worse;
  const k = Math.min(better, worse);
  if (better === worse) return 1;
  // log of C(n, k) / 2^n; then the smaller terms by their ratio to it, so that nothing overflows.
  let log = -n * Math.LN2;
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  let sum = 0;
  let term = 1;
  for (let i = k; i >= 0 && term > 1e-18; i--) {
    sum += term;
    term *= i / (n - i + 1);
  }
  return Math.min(1, 2 * Math.exp(log) * sum);
}

function sentenceOf(better: number, worse: number, pValue: number, facts: ChanceFacts): string {
  const { compared, deterministic, repeats } = facts;
  if (compared === 0) return 'The runs have no call in common that something is expected of.';
  if (better + worse === 0) return `None of ${calls(compared)} got better or worse.`;
  const counts = `${calls(worse)} got worse and ${better} better`;
  const dependent =
    repeats > 1 ? ' Repeats of one call are not independent, so it is likelier to be chance than that.' : '';
  if (deterministic) {
    return `${counts}. Both runs are deterministic: every difference has the cause named; whether it carries over to other calls is another question (p = ${figure(pValue)}, exact McNemar test).${dependent}`;
  }
  const so = pValue < SIGNIFICANT ? 'so it is hardly chance' : 'so it may well be chance';
  return `${counts}: by chance alone as likely as in ${often(pValue)} comparisons (exact McNemar test), ${so}.${dependent}`;
}

const calls = (count: number): string => `${count} ${count === 1 ? 'call' : 'calls'}`;

/** `22 of 100`, `4 of 1,000`, `fewer than 1 of 1,000`. */
function often(pValue: number): string {
  if (pValue >= 0.01) return `${Math.round(pValue * 100)} of 100`;
  return pValue >= 0.001 ? `${Math.round(pValue * 1_000)} of 1,000` : 'fewer than 1 of 1,000';
}

const figure = (pValue: number): string => (pValue < 0.001 ? '< 0.001' : pValue.toFixed(pValue < 0.01 ? 3 : 2));
