import type { Category } from '../../guard/types.ts';

/** How a walk ends; turn and call time of the last moment that was looked at. */
export interface Ending {
  /**
   * `decided`: hung up on (or would be); `spared`: the recorded hang-up does not come; `unseen`: the rest is not in
   * this trail; `undecided`: it ended as recorded, without a decision.
   */
  readonly type: 'decided' | 'spared' | 'unknown' | 'unseen' | 'undecided';
  readonly why: string;
  readonly turn: number | null;
  readonly callMs: number | null;
  readonly category: Category | null;
}

export const NOT_HERE = 'the decision is not in the trail of this process';
export const CLASSIFIER = 'the classifier would be asked at other moments';
export const RESUMED = 'the call was resumed: an earlier part may be with another process';

export const categoryIn = (field: string | undefined): Category | null =>
  field === undefined || field === '-' ? null : (field as Category);

export const shown = (points: number): string => points.toFixed(1).replace('-', '−');

/** What would have been asked otherwise; `-` is nothing. */
export function otherwise(asked: string, wish: string): string {
  if (asked === '-') return `the guard would have asked (${wish}), and did not`;
  return wish === '-'
    ? `what the guard asked (${asked}) would not have been asked`
    : `the guard would have asked ${wish}, not ${asked}`;
}
