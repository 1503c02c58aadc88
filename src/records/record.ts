import type { Thresholds } from '../guard/policy.ts';
import type {
  CallFacts,
  Category,
  Decision,
  Latch,
  NumberHistory,
  Outcome,
  ProbeKind,
  ProbeResult,
  Resumed,
  Rung,
  ScoredEvidence,
} from '../guard/types.ts';

/** Evidence as it stood at the end of a turn of the caller; `quote` is absent when text may not be kept. */
export interface EvidenceOfTurn {
  readonly turn: number;
  readonly callMs: number;
  readonly points: number;
  readonly evidence: readonly (ScoredEvidence & { readonly quote?: string })[];
}

export interface RungChange {
  readonly from: Rung;
  readonly to: Rung;
  readonly turn: number;
  readonly callMs: number;
  readonly points: number;
  readonly why: string;
}

export interface ProbeOfCall {
  readonly kind: ProbeKind | 'closing';
  readonly turn: number;
  readonly callMs: number;
  readonly result: ProbeResult;
  readonly why: string;
}

/** Content hashes (first 12 hex digits of SHA-256) of what produced the verdict. */
export interface Versions {
  readonly guard: string;
  readonly code: string;
  readonly weights: string;
  readonly config: string;
  readonly prompts: string;
  /** The system prompt and tools that the agent's model was given; absent where no model answers. */
  readonly system?: string;
}

/** Tokens of one model in a call, as far as its server told them; cost null: it has no prices. */
export interface ModelUse {
  readonly purpose: 'reply' | 'classify';
  readonly model: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly cost: number | null;
}

/** Everything that is kept of a call. Times are epoch ms, `...Ms` durations. */
export interface CallRecord {
  readonly callId: string;
  readonly agent: string;
  readonly platform: string;
  readonly direction: CallFacts['direction'];
  readonly callerNumber?: string;
  readonly lineNumber?: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Call time at the end (word timings where the platform gives them). */
  readonly callMs: number;
  readonly mode: 'enforce' | 'shadow' | 'off';
  readonly outcome: Outcome;
  readonly decision: Decision;
  readonly category: Category | null;
  readonly points: number;
  readonly probability: number;
  /** Turn and call time of the decision. */
  readonly decidedTurn?: number;
  readonly decidedCallMs?: number;
  readonly reason?: string;
  /** Three facts about a hang-up: on disk, frame sent, platform closed after it. */
  readonly decided: boolean;
  readonly sent: boolean;
  readonly confirmed: boolean;
  readonly protectedBy?: string;
  /** The rule above the sum that held; absent: none, or a record of an older version. */
  readonly rule?: { readonly name: 'sanctioned' | 'protect' | 'allow' | 'block'; readonly reason: string };
  readonly turns: number;
  readonly callerWords: number;
  readonly evidence: readonly EvidenceOfTurn[];
  readonly rungs: readonly RungChange[];
  readonly probes: readonly ProbeOfCall[];
  /** What did not work during the call, in the guard's own words. */
  readonly faults: readonly string[];
  /** saved = max(0, assumed length of an unguarded bad call - length of this one); money at the configured price. */
  readonly savedMs: number;
  readonly savedMoney: number | null;
  /** Per answered turn: what the guard added before the reply could start, and when the first piece left. */
  readonly latency: readonly {
    readonly turn: number;
    readonly addedMs: number;
    readonly firstPieceMs: number | null;
  }[];
  /** Tokens and cost by model and purpose; cost null: no prices are configured. Absent in records of older versions. */
  readonly models?: readonly ModelUse[];
  readonly reconnects: number;
  readonly versions: Versions;
  /** Deflated NDJSON of the call's events, base64; absent when text may not be kept. */
  readonly events?: string;
  readonly noText: boolean;
  /** The numbers that decided: points of the prior and of the thresholds. Absent in records of older versions. */
  readonly policy?: { readonly priorPoints: number; readonly thresholds: Thresholds };
  /** What rescoring needs, without anything that was said: see `guard/trail.ts`. Absent in records of older versions. */
  readonly trail?: string;
}

/** Lines of the spool, in the order in which they are written. */
export type SpoolLine =
  | {
      readonly type: 'opened';
      readonly at: number;
      readonly callId: string;
      readonly agent: string;
      readonly platform: string;
      readonly direction: CallFacts['direction'];
      readonly callerNumber?: string;
      readonly lineNumber?: string;
    }
  /** The greeting went out: a later socket must not greet again. */
  | { readonly type: 'greeted'; readonly at: number; readonly callId: string }
  /** fsynced before anything is sent. `partial` is the record as it stands. */
  | {
      readonly type: 'decided';
      readonly at: number;
      readonly callId: string;
      readonly latch: Latch;
      readonly partial: CallRecord;
    }
  | { readonly type: 'sent'; readonly at: number; readonly callId: string; readonly attempt: number }
  | { readonly type: 'closed'; readonly at: number; readonly callId: string; readonly record: CallRecord };

/** What the server needs of records and memory. */
export interface Records {
  /** Appends one line; `durable` waits for the disk. Throws when it could not be written. */
  append(line: SpoolLine, durable: boolean): void;
  /** What is known of a call that was opened before, here or in another process; null when it is new. */
  resume(callId: string): Promise<Resumed | null>;
  /** Earlier calls of a number. */
  history(number: string): Promise<NumberHistory | null>;
  /** Everything appended so far is in the store. */
  flush(): Promise<void>;
  /** The store answers. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}
