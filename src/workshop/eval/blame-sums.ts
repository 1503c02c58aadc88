import { pointsOf } from '../../guard/weights.ts';
import type { Blamed, Scene } from './blame-context.ts';
import type { Edits, WeightChange } from './diff.ts';
import { type LadderDifference, SAME_SUM } from './divergence.ts';
import { signed, threshold, weight } from './figures.ts';
import type { CallPair } from './match-calls.ts';
import { type Scale, type Sums, sumOf, sumsAt } from './sums.ts';

/** No more edits than this are named in a sentence. */
const MOST_NAMED = 3;
/** Thresholds and points are logarithms: what differs by less is the same. */
const SAME = 1e-6;

const LIMITS = {
  continue: { name: 'probe', of: 'probe' },
  probe: { name: 'probe', of: 'probe' },
  closing: { name: 'closing', of: 'closing' },
  hang_up: { name: 'hang-up', of: 'hangUp' },
} as const;

/**
 * One run took a step of the ladder that the other one did not. If the sum of that moment, counted by both, or the
 * threshold explains that, weights or thresholds are to blame.
 */
export function blameStep({ pair, context, step, levels }: Scene): Blamed | null {
  const scale = context.scales.get(pair.b.variant);
  if (step === null || scale === undefined || levels !== null) return null;
  const sums = sumsAt(pair, step, scale.a, scale.b);
  if (sums === null) return blameUnseen(pair, context.edits, scale, step);
  const { name, of } = LIMITS[step.rung];
  const [limitA, limitB] = [scale.a.variant.thresholds[of], scale.b.variant.thresholds[of]];
  const [overA, overB] = [sums.a >= limitA, sums.b >= limitB];
  const otherSums = Math.abs(sums.a - sums.b) > SAME_SUM;
  const otherLimit = Math.abs(limitA - limitB) > SAME;
  // An unclear answer to the closing sentence takes more than the threshold: then a change on one side of it matters.
  const unclear = step.rung === 'hang_up' && overA === overB;
  const byLimit = otherLimit && (overA !== overB || unclear);
  if (!otherSums && !byLimit) return null;
  const turn = `at turn ${step.turn}`;
  // Would the other sum alone have led there?
  if (!byLimit || (otherSums && sums.b >= limitA === overB)) {
    const at = unclear ? ' with an unclear answer to the closing sentence' : '';
    const where = overA === overB ? at : `, ${overB ? 'above' : 'below'} the ${name} threshold ${threshold(limitB)}`;
    return blameOfSums(sums, scale, context.edits, pair.b.variant, `${wayOf(sums, turn)}${where}`);
  }
  const edits = context.edits.thresholds.filter((one) => one.variant === pair.b.variant && one.name === name);
  if (edits.length === 0) return null;
  const sum = `the sum of ${signed(sums.b)} ${turn}${otherSums ? ` (it was ${signed(sums.a)})` : ''}`;
  const so = unclear
    ? `${sum} was enough after an unclear answer in one of the runs only`
    : `${sum} is now ${overB ? 'above' : 'below'} it`;
  const closing = name === 'closing' ? closingByWeights(scale) : null;
  if (closing !== null) {
    return { cause: 'weights', why: `weights: ${closing}, which moves the closing threshold ${limits(edits)}; ${so}` };
  }
  return { cause: 'thresholds', why: `thresholds: ${name} ${limits(edits)}; ${so}` };
}

const wayOf = (sums: Sums, at: string): string =>
  `the sum${at === '' ? '' : ` ${at}`} ${sums.b < sums.a ? 'fell' : 'rose'} from ${signed(sums.a)} to ${signed(sums.b)}`;

/** In the middle of an utterance no evidence is kept: what was kept next tells which weights bear on the call. */
function blameUnseen({ a, b }: CallPair, edits: Edits, scale: Scales, step: LadderDifference): Blamed | null {
  const record = (step.side === 'a' ? a : b).record;
  const next = record?.evidence.find(({ callMs }) => callMs >= step.callMs);
  if (next === undefined) return null;
  const evidence = next.evidence;
  const sums = { a: sumOf(evidence, scale.a), b: sumOf(evidence, scale.b), evidence };
  if (Math.abs(sums.a - sums.b) <= SAME_SUM) return null;
  const who = step.side === 'a' ? 'only the first run' : 'only the second run';
  const what = `${who} went to ${step.rung} at turn ${step.turn}, with ${signed(step.points)}`;
  return blameOfSums(sums, scale, edits, b.variant, what);
}

/** No step differs, but the sum does. */
export function blameSums({ pair, context, step, levels }: Scene): Blamed | null {
  const scale = context.scales.get(pair.b.variant);
  const { a, b } = pair;
  if (scale === undefined || levels !== null || step !== null || !a.record || !b.record) return null;
  const last = b.record.evidence.findLast(({ evidence }) => {
    return Math.abs(sumOf(evidence, scale.a) - sumOf(evidence, scale.b)) > SAME_SUM;
  });
  // Nothing was seen at all: the prior is the whole sum.
  const evidence = last?.evidence ?? [];
  const sums = { a: sumOf(evidence, scale.a), b: sumOf(evidence, scale.b), evidence };
  if (Math.abs(sums.a - sums.b) <= SAME_SUM) return null;
  const category = a.record.category === b.record.category ? '' : `, and most of it speaks for ${b.record.category}`;
  const what = `${wayOf(sums, last === undefined ? '' : `at turn ${last.turn}`)}${category}`;
  return blameOfSums(sums, scale, context.edits, b.variant, what);
}

interface Scales {
  readonly a: Scale;
  readonly b: Scale;
}

/** Another sum of the same evidence: from the weights, or from the prior. */
function blameOfSums(sums: Sums, scale: Scales, edits: Edits, variant: string, what: string): Blamed | null {
  const priors = Math.abs(scale.b.variant.priorPoints - scale.a.variant.priorPoints);
  const counted = Math.abs(sums.b - sums.a - (scale.b.variant.priorPoints - scale.a.variant.priorPoints));
  if (counted >= priors) {
    const named = weightsOf(sums, scale, edits.weights);
    return named === null ? null : { cause: 'weights', why: `weights: ${named}; ${what}` };
  }
  const prior = edits.thresholds.filter((one) => one.variant === variant && one.name === 'prior');
  return prior.length === 0 ? null : { cause: 'thresholds', why: `thresholds: prior ${limits(prior)}; ${what}` };
}

/** The edits of weights that bear on this evidence, what moves most first; null: none does. */
function weightsOf({ evidence }: Sums, scale: Scales, changes: readonly WeightChange[]): string | null {
  const [a, b] = [scale.a.stamp.weights.content, scale.b.stamp.weights.content];
  const moved = new Map<string, number>();
  for (const { signal, level } of evidence) {
    const by = Math.abs(pointsOf(b, signal, level) - pointsOf(a, signal, level));
    moved.set(`${signal} ${level}`, by);
    // A signal that came, went or changed its group moves all of its points.
    moved.set(signal, by);
    moved.set(`${signal} group`, SAME * 2);
    for (const weights of [a, b]) {
      const group = weights.signals[signal]?.group;
      for (const end of ['', ' min', ' max']) moved.set(`group ${group}${end}`, SAME * 2);
    }
  }
  const named = changes
    .filter(({ name }) => (moved.get(name) ?? 0) > SAME)
    .sort((one, other) => (moved.get(other.name) ?? 0) - (moved.get(one.name) ?? 0));
  if (named.length === 0) return null;
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : '';
  return `${named
    .slice(0, MOST_NAMED)
    .map(({ name, from, to }) => `${name} ${weight(from)} → ${weight(to)}`)
    .join(', ')}${more}`;
}

const limits = ([change]: readonly WeightChange[]): string =>
  change === undefined ? '' : `${limit(change.from)} → ${limit(change.to)}`;

const limit = (value: number | string | null): string => (typeof value === 'number' ? threshold(value) : weight(value));

/** The closing threshold follows from a weight, too: what an ignored closing sentence is worth. */
function closingByWeights({ a, b }: Scales): string | null {
  const worth = ({ stamp }: Scale): number => pointsOf(stamp.weights.content, 'probe-answers', 'closing-ignored');
  const sameHangUp = Math.abs(a.variant.thresholds.hangUp - b.variant.thresholds.hangUp) <= SAME;
  return sameHangUp && worth(a) !== worth(b)
    ? `probe-answers closing-ignored ${weight(worth(a))} → ${weight(worth(b))}`
    : null;
}
