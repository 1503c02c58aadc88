import type { Thresholds } from '../../guard/policy.ts';
import type { Weights } from '../../guard/weights.ts';
import type { CallRecord } from '../../records/record.ts';
import type { PlayResult } from '../player/play-result.ts';

/**
 * The words of the workshop: what was to be run, what came of each call, and what a kept run knows about itself.
 * Everything here is plain data: a run is `run.json` (an `EvalRun`) and `calls.ndjson` (an `EvalCall` a line, in the
 * order in which calls ended) in a directory named by its id.
 */

/** What is varied between the calls of one run; null: as the fixture or the configuration says. */
export interface Variant {
  /** `as configured`, or `agent=dental prompts=b responder=fast`: shown, and part of keys. */
  readonly id: string;
  readonly agent: string | null;
  /** Directory of prompts, absolute. */
  readonly promptsDir: string | null;
  /** A responder of the configuration, by name. */
  readonly responder: string | null;
}

/** What went wrong with a call, worst first: this is the order in which reports list them. */
export const WRONG_KINDS = ['cut', 'missed', 'category', 'unanswered', 'failed', 'other'] as const;
/**
 * `cut`: somebody who was to be served was hung up on (or would have been); `missed`: somebody who was to be hung up
 * on was not; `category`: hung up on as something else; `unanswered`: a person was left without a reply; `failed`: the
 * call broke off, or a model gave no answer; `other`: too late, probed, evidence that was not expected, and the like.
 */
export type WrongKind = (typeof WRONG_KINDS)[number];

export interface Wrong {
  readonly kind: WrongKind;
  /** What differs from what is expected, one sentence each. */
  readonly differences: readonly string[];
  /** Caller turn and call time at which it went wrong: of the decision, else of the highest sum; null: none. */
  readonly turn: number | null;
  readonly callMs: number | null;
}

/** One call of a run. */
export interface EvalCall {
  /** `<set>/<id>`, `@<variant id>` where there are several variants, `#<repeat>` where there are several repeats. */
  readonly key: string;
  readonly variant: string;
  /** From 1. */
  readonly repeat: number;
  /** Content hash of the scenario and of how it was played (seed, noise): equal hashes are the same call. */
  readonly hash: string;
  readonly tags: readonly string[];
  readonly direction: CallRecord['direction'];
  /** Why the guard does not do yet what is expected. Then `wrong` does not count against the run, but for a cut. */
  readonly knownMiss: string | null;
  /** Null: as expected, or nothing was expected. */
  readonly wrong: Wrong | null;
  /** Without frames. */
  readonly result: PlayResult;
  /** Null: the guard wrote none, which is a failure. */
  readonly record: CallRecord | null;
  /** Answers of models that were needed and are not recorded: the call says nothing then, and counts nowhere. */
  readonly unrecorded: number;
}

/** Where recorded answers of a model come from. */
export interface AnswersStamp {
  readonly type: 'openai' | 'anthropic';
  readonly model: string;
  /** `base_url` of the configuration; null: the vendor's own API. */
  readonly endpoint: string | null;
  /** The endpoint is the vendor's own: only then has a vendor's model been measured. */
  readonly vendor: boolean;
  /** Epoch ms of the oldest and newest answer used. */
  readonly recordedFrom: number;
  readonly recordedTo: number;
  readonly answers: number;
}

/** A prompt file in use: its text is kept in `RunStamp.texts` under its hash. */
export interface PromptStamp {
  /** `guard`, `classifier`, `probes/es`; `agent:<name>` is an agent's own prompt. */
  readonly id: string;
  readonly hash: string;
}

/** What decided in the calls of one variant. */
export interface VariantStamp {
  readonly id: string;
  readonly config: string;
  readonly preset: string;
  readonly thresholds: Thresholds;
  readonly priorPoints: number;
  readonly prompts: readonly PromptStamp[];
  /** Who answers: name, type and, of a model, its name and endpoint. */
  readonly responders: readonly {
    readonly name: string;
    readonly type: string;
    readonly model?: string;
    readonly endpoint?: string | null;
  }[];
}

/** Everything that a verdict can hang on, so that two runs can be told apart. */
export interface RunStamp {
  readonly guard: string;
  readonly code: string;
  readonly weights: { readonly hash: string; readonly file: string | null; readonly content: Weights };
  readonly variants: readonly VariantStamp[];
  /** Texts of prompts by their hash. */
  readonly texts: Readonly<Record<string, string>>;
  /** Recorded answers of models that were used; empty while the run goes on, and where no model answered. */
  readonly answers: readonly AnswersStamp[];
  /** What lost customers and wasted calls cost. */
  readonly prices: {
    /** One lost customer costs as much as so many wasted calls. */
    readonly lostCustomerCosts: number;
    /** Of one minute; null: no money is shown. */
    readonly perMinute: number | null;
    readonly currency: string;
    readonly badCallMs: number;
  };
}

/** What was asked for: plain data that decides which calls a run has. Two runs of one plan can be compared call by call. */
export interface EvalPlan {
  readonly fixtures: readonly string[];
  readonly data: string | null;
  readonly sets: readonly string[];
  readonly exclude: readonly string[];
  readonly limit: number | null;
  readonly only: {
    readonly names: readonly string[];
    readonly tags: readonly string[];
    readonly kinds: readonly string[];
    readonly languages: readonly string[];
    readonly directions: readonly string[];
    readonly categories: readonly string[];
  };
  readonly agents: readonly string[];
  readonly prompts: readonly string[];
  readonly responders: readonly string[];
  readonly repeats: number;
  readonly seed: string;
  readonly asrNoise: boolean;
  readonly asRecordings: boolean;
  readonly config: string | null;
  readonly weights: string | null;
}

export interface GateResult {
  /** As in the gates file: `people_cut`. */
  readonly name: string;
  /** What is wanted and what was seen, for people: `at most 0`, `0`. */
  readonly wanted: string;
  readonly seen: string;
  readonly passed: boolean;
}

/** What a kept run knows about itself. */
export interface EvalRun {
  readonly format: 1;
  /** Sorts by time: `20261122-063012-4f1c`. */
  readonly id: string;
  readonly startedAt: number;
  /** Null: interrupted, or still running. */
  readonly finishedAt: number | null;
  readonly plan: EvalPlan;
  /** Hash of plan, stamp and scenarios: an interrupted run goes on only where this is the same. */
  readonly planHash: string;
  readonly stamp: RunStamp;
  /** How many calls the plan has. */
  readonly cases: number;
  readonly gates: readonly GateResult[];
}

/** A run with its calls, as it is read back. */
export interface LoadedRun {
  readonly run: EvalRun;
  readonly calls: readonly EvalCall[];
  /** Where it is kept. */
  readonly directory: string;
}
