import type { EvalCall } from './run.ts';

/** What can make a call come out differently, in the order in which it is blamed. */
export const CAUSES = ['fixture', 'code', 'config', 'weights', 'thresholds', 'prompt', 'answers', 'noise'] as const;
/** `answers`: the model's recorded answers differ although it was asked the same; `noise`: nothing that is known differs. */
export type Cause = (typeof CAUSES)[number];

/** One line of an edited text. */
export interface LineChange {
  readonly type: 'same' | 'removed' | 'added';
  readonly text: string;
}

export interface WeightChange {
  /** `keypad-menu menu`, `group content max`; the level is absent where the signal came or went. */
  readonly name: string;
  readonly from: number | string | null;
  readonly to: number | string | null;
}

export interface PromptChange {
  readonly id: string;
  readonly variant: string;
  /** It is for models, and none answered in the later run: the edit was not tried. */
  readonly unread?: true;
  /** Changed lines with two lines around them. */
  readonly lines: readonly LineChange[];
}

/** What was edited between two runs. */
export interface Edits {
  readonly weights: readonly WeightChange[];
  readonly thresholds: readonly (WeightChange & { readonly variant: string })[];
  readonly prompts: readonly PromptChange[];
  /** Variants whose configuration differs in something else. */
  readonly configs: readonly string[];
  readonly code: boolean;
  /** Keys of calls whose scenario, or how it was played, differs. */
  readonly fixtures: readonly string[];
  /** Endpoints or times of recorded answers differ. */
  readonly answers: boolean;
}

/** A call whose verdict, or whether it is as expected, is another. */
export interface Flip {
  readonly key: string;
  readonly a: EvalCall;
  readonly b: EvalCall;
  /** Null: neither was right, or both were. */
  readonly better: boolean | null;
  readonly cause: Cause;
  /** One sentence: what edit, and by which signal or threshold it came to this call. */
  readonly why: string;
}

/** The same verdict at another turn, another moment or with other points. */
export interface Moved {
  readonly key: string;
  readonly a: EvalCall;
  readonly b: EvalCall;
  readonly turns: number;
  readonly ms: number;
  readonly points: number;
  readonly cause: Cause;
}

export interface RunDiff {
  readonly a: string;
  readonly b: string;
  readonly edits: Edits;
  /** People who are now cut first, then machines now missed, then what is better, then the rest. */
  readonly flips: readonly Flip[];
  /** Largest first. */
  readonly moved: readonly Moved[];
  readonly unchanged: number;
  /** Keys that only one of them has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
  /** Keys of calls that say nothing in one of the runs, since answers of their model are not recorded. */
  readonly unrecorded: readonly string[];
  readonly chance: {
    readonly better: number;
    readonly worse: number;
    /** Exact McNemar test, two-sided, over calls that both runs have an expectation for. */
    readonly pValue: number;
    /** One sentence a person can read. */
    readonly sentence: string;
  };
}
