import { pointsOf, score } from '../../guard/weights.ts';
import type { CallRecord, EvidenceOfTurn } from '../../records/record.ts';
import { type LadderDifference, SAME_SUM } from './divergence.ts';
import type { CallPair } from './match-calls.ts';
import type { RunStamp, VariantStamp } from './run.ts';

/** What a run counts with. */
export interface Scale {
  readonly stamp: RunStamp;
  readonly variant: VariantStamp;
}

/** The same moment of a call in both runs, in points. */
export interface Sums {
  readonly a: number;
  readonly b: number;
  /** Evidence of that moment, as the run counted it that has it. */
  readonly evidence: EvidenceOfTurn['evidence'];
}

/**
 * Sums of both runs at the moment at which only one of them took a step. The other one has no evidence of just that
 * moment: that of the first is added up again with the other's weights. Null where no evidence of the moment was kept.
 */
export function sumsAt(pair: CallPair, step: LadderDifference, a: Scale, b: Scale): Sums | null {
  const record = pair[step.side].record;
  // With the same weights and the same prior the same evidence has the same sum, whatever it is.
  if (a.stamp.weights.hash === b.stamp.weights.hash && a.variant.priorPoints === b.variant.priorPoints) {
    return { a: step.points, b: step.points, evidence: [] };
  }
  const seen = record === null ? undefined : evidenceAt(record, step);
  if (seen === undefined) return null;
  const [mine, other] = step.side === 'a' ? [a, b] : [b, a];
  // Sums that do not come out as recorded are of another moment.
  if (Math.abs(sumOf(seen.evidence, mine) - step.points) > SAME_SUM) return null;
  const theirs = sumOf(seen.evidence, other);
  return {
    a: step.side === 'a' ? step.points : theirs,
    b: step.side === 'a' ? theirs : step.points,
    evidence: seen.evidence,
  };
}

/** Evidence that the step was taken with: the nearest in time with the same sum. */
function evidenceAt({ evidence }: CallRecord, { callMs, points }: LadderDifference): EvidenceOfTurn | undefined {
  return evidence
    .filter((one) => Math.abs(one.points - points) <= SAME_SUM)
    .sort((one, other) => Math.abs(one.callMs - callMs) - Math.abs(other.callMs - callMs))[0];
}

/** Recorded evidence, added up with the weights and the prior of a run. */
export function sumOf(evidence: EvidenceOfTurn['evidence'], { stamp, variant }: Scale): number {
  const weights = stamp.weights.content;
  const counted = evidence.map((one) => ({
    ...one,
    group: weights.signals[one.signal]?.group ?? one.signal,
    points: pointsOf(weights, one.signal, one.level),
  }));
  return score(weights, variant.priorPoints, counted).points;
}
