import type { ModelUse } from '../../records/record.ts';
import type { WrongKind } from './run.ts';

/** How many calls of one kind came out in one way, and what that costs. */
export interface ConfusionCell {
  /** `customer`, `other (served)`, or the category that was expected; `anything`: nothing was expected. */
  readonly expected: string;
  /** `served`, `served after a question`, or the category that the call was hung up on as. */
  readonly seen: string;
  readonly calls: number;
  /** In wasted calls: a customer cut off costs `lostCustomerCosts`, a machine served costs 1, all else 0. */
  readonly price: number;
  /** In money for the time that bad calls took; null without a price a minute. */
  readonly money: number | null;
}

export interface FlakyCase {
  /** Key without its repeat. */
  readonly key: string;
  /** Share of repeats with another verdict than the most frequent one, 0..1. */
  readonly flipRate: number;
  /** `hang_up robocall_menu: 3`, most frequent first. */
  readonly verdicts: readonly string[];
}

/** What a run amounts to. Calls without recorded answers of their model count nowhere but in `unrecorded`. */
export interface RunSummary {
  readonly calls: number;
  readonly asExpected: number;
  /** Not as expected, and known to be so. */
  readonly knownMisses: number;
  /** Keys that have a `knownMiss` and came out as expected. */
  readonly noLongerMissed: readonly string[];
  /** Known misses are left out, but for people who were cut. */
  readonly wrong: Readonly<Record<WrongKind, number>>;
  /** Those who were to be served. */
  readonly people: {
    readonly calls: number;
    readonly cut: number;
    /** 95% upper bound of the share that would be cut. */
    readonly cutAtMost: number;
    readonly probed: number;
    readonly unanswered: number;
  };
  /** Those who were to be hung up on. Medians are over all of them, a miss as infinity (null: half or more). */
  readonly machines: {
    readonly calls: number;
    readonly caught: number;
    readonly live: number;
    readonly rightCategory: number;
    readonly medianWords: number | null;
    readonly medianTurns: number | null;
    readonly medianS: number | null;
  };
  readonly confusion: readonly ConfusionCell[];
  /** By model and purpose, added up; empty where no model answered. */
  readonly models: readonly ModelUse[];
  /** Null: a model without prices answered. 0 where none did. */
  readonly cost: number | null;
  /** From the request of a turn to the first piece of its answer, in the call's own time. */
  readonly latency: { readonly p50Ms: number; readonly p95Ms: number } | null;
  readonly maxDeadAirMs: number;
  /** Share of cases with more than one verdict; null with a single repeat. */
  readonly flipRate: number | null;
  readonly flaky: readonly FlakyCase[];
  readonly unrecorded: number;
  /** Every answer of a model came from its vendor's own endpoint, and there was one. */
  readonly vendorMeasured: boolean;
  /** One sentence about whose prompt quality was, or was not, measured. */
  readonly measuredNote: string;
}
