/**
 * The words of the guard: what goes into `step` (events), what comes out (effects), and what a verdict is made of.
 * Everything here is plain data that survives JSON, so that a recorded call replays to the same verdict.
 * Durations and times are milliseconds; `at` is milliseconds since the call began, as received.
 */

/** Rungs of the ladder, in this order; `hang_up` is latched. */
export const RUNGS = ['continue', 'probe', 'closing', 'hang_up'] as const;
export type Rung = (typeof RUNGS)[number];

/** What an unwanted (or merely special) caller is. */
export const CATEGORIES = [
  'recorded_message',
  'robocall_menu',
  'toll_fraud',
  'blocked_number',
  'sanctioned_country',
  'silent',
  'bot_loop',
  'sales_pitch',
  'unrelated',
  'abusive',
  'voicemail',
  'call_screening',
  'ivr_menu',
  'hold_music',
] as const;
export type Category = (typeof CATEGORIES)[number];

export const MODES = ['enforce', 'shadow', 'off'] as const;
/** `enforce` acts; `shadow` decides and records, never acts; `off` does neither. */
export type Mode = (typeof MODES)[number];

export const OUTCOMES = ['completed', 'caller_left', 'transferred', 'hung_up', 'rejected', 'failed'] as const;
/** How the call ended. */
export type Outcome = (typeof OUTCOMES)[number];

export const DECISIONS = ['none', 'would_hang_up', 'hang_up'] as const;
export type Decision = (typeof DECISIONS)[number];

export const CONFIDENCES = ['low', 'medium', 'high'] as const;
/** How sure a model says that it is. */
export type Confidence = (typeof CONFIDENCES)[number];

/** What the LLM classifier may answer: a category, a customer, or that it cannot tell. */
export type Classified = Category | 'customer' | 'unsure';

export const PROBE_KINDS = ['hold', 'who', 'scope', 'there', 'again'] as const;
/** Kinds of probe; each is a section of `prompts/probes/<language>.md`. */
export type ProbeKind = (typeof PROBE_KINDS)[number];

export type ProbeResult = 'passed' | 'failed' | 'unclear' | 'unanswered';

export type Direction = 'inbound' | 'outbound' | 'web';

/** One word with its place in the call. `startMs`/`endMs` count from the start of the call. */
export interface Word {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What is known about a call apart from what is said in it. */
export interface CallFacts {
  readonly callId: string;
  readonly agent: string;
  readonly platform: string;
  readonly direction: Direction;
  /** The caller's number as the platform gave it (inbound: from; outbound: to). Absent for web calls and withheld numbers. */
  readonly callerNumber?: string;
  /** The other end: the number of the line itself. */
  readonly lineNumber?: string;
  /** STIR/SHAKEN verstat where a SIP header carried it. */
  readonly attestation?: 'A' | 'B' | 'C' | 'failed';
  /** True when the platform asked not to store sensitive data: no quotes, no event text may be kept. */
  readonly noText: boolean;
}

/** Earlier calls of the same number, as memory knows them at the moment the call opens. */
export interface NumberHistory {
  readonly calls: number;
  readonly completed: number;
  readonly hungUp: number;
  /** Epoch ms of the last call, and of the last hang-up. */
  readonly lastCallAt?: number;
  readonly lastHungUpAt?: number;
  readonly lastCategory?: Category;
  /** The last hang-up was followed by a call that was let through because of it. */
  readonly passUsed: boolean;
}

/** What another process (or an earlier socket of this one) knew of the call when it is taken up again. */
export interface Resumed {
  readonly greeted: boolean;
  /** The hang-up that was already decided; it holds. */
  readonly latch?: Latch;
  /** The call had been put down as over: whatever ended it, the platform has not followed. */
  readonly ended?: true;
}

export interface Latch {
  readonly category: Category;
  readonly points: number;
  readonly probability: number;
  readonly turn: number;
  readonly callMs: number;
  /** One sentence a person can read. */
  readonly reason: string;
}

/** Events, as the platform's codec makes them; the session stamps `at`. */
export type PlatformEvent =
  | { readonly type: 'call-opened'; readonly facts: CallFacts | null }
  | { readonly type: 'caller-said'; readonly index: number; readonly text: string; readonly words: readonly Word[] }
  | { readonly type: 'agent-said'; readonly index: number; readonly text: string; readonly words: readonly Word[] }
  /** The transcript is now shorter: utterances from `length` on are gone. */
  | { readonly type: 'transcript-cut'; readonly length: number }
  /** What is told next belongs to a turn request that follows at once: no need to cut in on it. */
  | { readonly type: 'turn-coming' }
  /** The platform wants something said. `turn` is its own number for the answer (Retell: response_id). */
  | { readonly type: 'turn-requested'; readonly turn: number; readonly kind: 'reply' | 'reminder' }
  /** `ordinal` counts the digits of the call from 0, so that a re-sent list is recognised. */
  | { readonly type: 'digit-pressed'; readonly ordinal: number; readonly digit: string }
  | { readonly type: 'transferred' };

/** Events that come from the guard's own side. */
export type RunnerEvent =
  | { readonly type: 'resumed'; readonly resumed: Resumed }
  | { readonly type: 'looked-up'; readonly now: number; readonly history: NumberHistory | null }
  /** First piece of a reply left for the platform. */
  | { readonly type: 'reply-started'; readonly turn: number }
  | {
      readonly type: 'replied';
      readonly turn: number;
      readonly result: 'completed' | 'cancelled' | 'failed';
      /** The agent itself ended the call with this reply (an ordinary goodbye). */
      readonly ended?: boolean;
      /** The agent's model transferred the call with this reply. */
      readonly transferred?: boolean;
      readonly error?: string;
    }
  /** The LLM classifier has answered, or did not. `turn` is the caller's turn that it was asked about. */
  | {
      readonly type: 'classified';
      readonly turn: number;
      /** `limited`: not asked, a limit of price or number was met. */
      readonly result: 'answered' | 'late' | 'failed' | 'limited';
      readonly answer?: Classified;
      readonly confidence?: Confidence;
    }
  /** The agent's own model reports the caller through its tool. `quoted`: the caller really said what it quotes. */
  | {
      readonly type: 'model-reported';
      readonly category: Category;
      readonly confidence: Confidence;
      readonly quoted: boolean;
      readonly span?: { readonly index: number; readonly from: number; readonly to: number };
    }
  | { readonly type: 'woke'; readonly timer: string; readonly token: number }
  /** The decision is on disk (or is not: then there is no hang-up). */
  | { readonly type: 'recorded'; readonly ok: boolean }
  /** A hang-up frame went out. */
  | { readonly type: 'sent'; readonly attempt: number }
  /** The platform's REST API answered a request to stop the call. */
  | { readonly type: 'stopped'; readonly ok: boolean }
  /** Something of the guard's own did not work; the call goes on and the record says so. */
  | { readonly type: 'failed'; readonly what: string }
  /** The socket is gone: `platform` closed it in order, or it was `lost` (1006) and may come back. */
  | { readonly type: 'socket-closed'; readonly how: 'platform' | 'lost'; readonly code: number }
  /** The platform dialled again for the same call. */
  | { readonly type: 'socket-back' }
  /** The call is over for good; the record can be written. */
  | { readonly type: 'call-closed'; readonly why: 'platform' | 'lost' | 'drained' | 'guard' };

export type CallEvent = (PlatformEvent | RunnerEvent) & { readonly at: number };
export type CallEventType = CallEvent['type'];

/** What a say is for; the shell counts them, the record lists them. */
export type SayPurpose = 'greeting' | 'probe' | 'closing' | 'goodbye' | 'fallback' | 'message' | 'screening';

export type Effect =
  /** Ask the responder for an answer to `turn` and stream it. */
  | { readonly type: 'reply'; readonly turn: number; readonly kind: 'reply' | 'reminder' }
  | { readonly type: 'cancel-reply'; readonly turn: number }
  /**
   * Say a fixed text. `turn` is the platform's pending turn, or null to cut in.
   * `done` false leaves the turn open: a reply goes on under the same number.
   */
  | {
      readonly type: 'say';
      readonly purpose: SayPurpose;
      readonly turn: number | null;
      readonly text: string;
      readonly done: boolean;
      readonly uninterruptible: boolean;
      readonly transferTo?: string;
    }
  /** Put the decision on disk; answered by `recorded`. */
  | { readonly type: 'decide'; readonly latch: Latch }
  /** End the call by the `attempt`th means (1 the platform's own form, 2 cut in, 3 close the socket, 4 the platform's REST API). */
  | { readonly type: 'hang-up'; readonly attempt: 1 | 2 | 3 | 4; readonly turn: number | null; readonly text: string }
  | { readonly type: 'look-up'; readonly number: string }
  /** Ask the LLM classifier about the call up to this turn of the caller; answered by `classified`. */
  | { readonly type: 'classify'; readonly turn: number }
  | { readonly type: 'wake'; readonly timer: string; readonly token: number; readonly afterMs: number }
  | { readonly type: 'set-reminders'; readonly triggerMs: number; readonly maxCount: number }
  /** The call is over: write the record. */
  | { readonly type: 'finish'; readonly outcome: Outcome };
export type EffectType = Effect['type'];

/**
 * What a signal has seen, as its current total for the call: a new one replaces the old.
 * `level` is looked up in the weights file; the signal itself knows no points.
 */
export interface Evidence {
  readonly level: string;
  readonly category?: Category;
  /** One clause a person can read, without the caller's words. */
  readonly reason: string;
  /** Feature values behind the level. */
  readonly values?: Readonly<Record<string, number>>;
  /** Utterance and character range that it rests on. */
  readonly span?: { readonly index: number; readonly from: number; readonly to: number };
}

/** Evidence with its points, as the verdict and the record show it. */
export interface ScoredEvidence extends Evidence {
  readonly signal: string;
  readonly group: string;
  /** Points before the cap of the group. */
  readonly points: number;
  /** Seen by a signal in shadow mode: listed, not counted. */
  readonly shadow?: true;
}

export interface Verdict {
  /** Sum of prior and capped points. */
  readonly points: number;
  /** Probability that the call is bad, 0..1. */
  readonly probability: number;
  readonly category: Category | null;
  readonly evidence: readonly ScoredEvidence[];
}
