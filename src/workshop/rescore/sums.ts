import type { Category, ScoredEvidence } from '../../guard/types.ts';
import { pointsOf, score, type Weights } from '../../guard/weights.ts';

/** One piece of evidence of a trail under other weights. */
export interface Weighed {
  readonly signal: string;
  /** Null: the signal has taken its evidence back. */
  readonly evidence: ScoredEvidence | null;
  readonly points: number;
  readonly shadow: boolean;
  /** Index of the group. */
  readonly group: number;
}

/** Weights made ready for adding up the evidence of very many calls. */
export interface Sums {
  /** Reads `<signal>=<level>[/<category>[/s]]`. */
  weighed(token: string): Weighed;
  /** Exactly what `score` gives, to the last bit: it adds in the same order. */
  pointsOf(priorPoints: number, evidence: readonly Weighed[]): number;
  /** By `score` itself: asked only where something hangs on it. */
  categoryOf(priorPoints: number, evidence: readonly Weighed[]): Category | null;
}

/** There are some hundred pairs of signal and level; a damaged store may have more. */
const MOST_TOKENS = 10_000;
const MOST_GROUPS = 1_000;

const made = new WeakMap<Weights, Sums>();

export function sumsOf(weights: Weights): Sums {
  let sums = made.get(weights);
  if (!sums) {
    sums = makeSums(weights);
    made.set(weights, sums);
  }
  return sums;
}

function makeSums(weights: Weights): Sums {
  const tokens = new Map<string, Weighed>();
  const indexes = new Map<string, number>();
  const lows: number[] = [];
  const highs: number[] = [];
  const sums: number[] = [];
  const met: number[] = [];

  const indexOf = (group: string): number => {
    let index = indexes.get(group);
    if (index === undefined) {
      // Only a damaged store has so many: what it adds up to says nothing.
      if (indexes.size >= MOST_GROUPS) return 0;
      const cap = weights.groups[group];
      index = indexes.size;
      indexes.set(group, index);
      lows.push(cap?.min ?? Number.NEGATIVE_INFINITY);
      highs.push(cap?.max ?? Number.POSITIVE_INFINITY);
      sums.push(0);
    }
    return index;
  };

  const read = (token: string): Weighed => {
    const at = token.indexOf('=');
    const signal = token.slice(0, at);
    const [level = '-', category = '', mark = ''] = token.slice(at + 1).split('/');
    const known = Object.hasOwn(weights.signals, signal) || !(signal in weights.signals);
    if (level === '-' || !known) return { signal, evidence: null, points: 0, shadow: false, group: 0 };
    const group = weights.signals[signal]?.group ?? signal;
    const points = pointsOf(weights, signal, level);
    const shadow = mark === 's';
    const evidence: ScoredEvidence = {
      ...{ level, reason: '', signal, group, points },
      ...(category === '' ? {} : { category: category as Category }),
      ...(shadow ? { shadow } : {}),
    };
    return { signal, evidence, points, shadow, group: indexOf(group) };
  };

  return {
    weighed(token) {
      let one = tokens.get(token);
      if (one === undefined) {
        one = read(token);
        if (tokens.size < MOST_TOKENS) tokens.set(token, one);
      }
      return one;
    },
    pointsOf(priorPoints, evidence) {
      met.length = 0;
      for (const { shadow, group, points } of evidence) {
        if (shadow) continue;
        if (!met.includes(group)) {
          met.push(group);
          sums[group] = 0;
        }
        sums[group] = (sums[group] ?? 0) + points;
      }
      let total = priorPoints;
      for (const group of met) total += Math.min(highs[group] ?? 0, Math.max(lows[group] ?? 0, sums[group] ?? 0));
      return total;
    },
    categoryOf: (priorPoints, evidence) =>
      score(
        weights,
        priorPoints,
        evidence.flatMap((one) => one.evidence ?? []),
      ).category,
  };
}
