import type { Thresholds } from '../../guard/policy.ts';
import type { CallRecord } from '../../records/record.ts';
import type { EvalCall, RunStamp } from '../eval/run.ts';

/** The sum of points from this moment on. */
export interface PointsAt {
  readonly ms: number;
  readonly points: number;
}

/** How the sum rose and fell: from the prior at 0 to the end of the call, as a step line. */
export function pointsSeries(record: CallRecord, priorPoints: number): PointsAt[] {
  const seen = [...record.evidence, ...record.rungs]
    .map(({ callMs, points }) => ({ ms: callMs, points }))
    // Numbers that JSON cannot write come back as null.
    .filter(({ ms, points }) => Number.isFinite(ms) && Number.isFinite(points))
    .sort((a, b) => a.ms - b.ms);
  const series: PointsAt[] = [{ ms: 0, points: priorPoints }];
  for (const one of seen) {
    const last = series.at(-1);
    if (last?.points !== one.points) series.push(one);
  }
  const last = series.at(-1);
  if (last !== undefined && record.callMs > last.ms) series.push({ ms: record.callMs, points: last.points });
  return series;
}

/** What decided in the variant of a call. */
export function limitsOf(stamp: RunStamp, { variant }: EvalCall): { thresholds: Thresholds; priorPoints: number } {
  const found = stamp.variants.find(({ id }) => id === variant) ?? stamp.variants[0];
  return found ?? { thresholds: { probe: 0, closing: 11, hangUp: 20 }, priorPoints: -9.54 };
}
