import type { Category, Direction, Outcome } from '../../guard/types.ts';

export type CallerKind = 'recording' | 'person' | 'silent';

/** One thing that the caller does. */
export type CallerLine =
  | {
      readonly type: 'say';
      readonly text: string;
      /** Person: after the agent has finished; recording: after the words before. Drawn when absent. */
      readonly gapMs?: number;
      readonly bargeIn?: boolean;
    }
  | { readonly type: 'digit'; readonly digit: string; readonly gapMs?: number }
  /** A person lets one reminder pass. */
  | { readonly type: 'silent' };

/** What a person does when asked a probe. */
export type ProbeAnswer =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'ignore' }
  | { readonly type: 'wait' };

/** An earlier call of the same number. */
export interface BeforeCall {
  readonly outcome: Outcome;
  readonly category?: Category;
  readonly daysAgo: number;
}

export interface Expectation {
  readonly decision: 'hang_up' | 'none';
  readonly outcome?: Outcome;
  /** One of these. */
  readonly category?: Category | readonly Category[];
  /** Caller turn by which it is decided. */
  readonly latestTurn?: number;
  readonly latestS?: number;
  readonly evidence?: readonly string[];
  readonly noEvidence?: readonly string[];
  readonly probed?: boolean;
}

/** Lists of numbers in the configuration. */
export const LISTS = ['allow', 'block', 'protect'] as const;

/** The number of the other end, as the guard judges it: inbound from, outbound to. */
export const numberOf = ({ direction, from, to }: Scenario): string | undefined =>
  direction === 'outbound' ? to : direction === 'inbound' ? from : undefined;

/** One call to be played: what fixtures and rows of data sets become. */
export interface Scenario {
  readonly id: string;
  /** The file it came from. */
  readonly set: string;
  readonly kind: CallerKind;
  readonly language: string;
  readonly agent: string;
  readonly direction: Direction;
  readonly from?: string;
  readonly to?: string;
  readonly optOut: boolean;
  readonly sipHeaders: Readonly<Record<string, string>>;
  readonly before: readonly BeforeCall[];
  /** The list that the number is on. */
  readonly listed?: (typeof LISTS)[number];
  readonly lines: readonly CallerLine[];
  readonly probes: Readonly<Record<string, ProbeAnswer>>;
  /** Absent: the player draws it. */
  readonly loop?: boolean;
  /** False: the caller does what the lines say and nothing by chance but timing (fixtures). */
  readonly improvise: boolean;
  readonly expect?: Expectation;
  /** Why the guard does not do yet what is expected. */
  readonly knownMiss?: string;
  readonly tags?: readonly string[];
  /** Words of all lines. */
  readonly wordsTotal: number;
  /** Rows that are near-duplicates of each other. */
  readonly group?: string;
}
