import type { CallFacts } from '../guard/types.ts';
import type { Utterance } from '../platforms/platform.ts';

/** What a responder is told about the agent it speaks for. */
export interface AgentBrief {
  readonly name: string;
  /** BCP 47, such as `en`. */
  readonly language: string;
  /** What the line is for, in a few words: "booking appointments at a dental office". */
  readonly scope: string;
  /** The agent's own prompt. */
  readonly prompt: string;
}

/** One turn to answer. */
export interface TurnRequest {
  readonly turn: number;
  /** `reminder`: the caller has been silent and the agent should speak up. */
  readonly kind: 'reply' | 'reminder';
  readonly transcript: readonly Utterance[];
  /** The language that the caller speaks, where known. */
  readonly language: string;
  /** A line from the guard to the model about this turn. */
  readonly note?: string;
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'other';

/** Pieces of an answer, in order. Text may be empty; `finish` is last. */
export type ReplyPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly arguments: string }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly inputTokens?: number;
      readonly outputTokens?: number;
    };

export type ResponderErrorCode =
  | 'unreachable'
  | 'rate-limited'
  | 'refused'
  | 'server-error'
  | 'bad-answer'
  | 'timed-out';

/** Thrown by a responder. `retryable`: another try may work. The message carries no caller text and no secret. */
export class ResponderError extends Error {
  override readonly name = 'ResponderError';
  readonly code: ResponderErrorCode;
  readonly retryable: boolean;
  constructor(code: ResponderErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** Answers turn by turn: a model, or a script. */
export interface TurnSession {
  readonly kind: 'turns';
  /** Pieces as they come. Ends quietly when `signal` aborts; throws ResponderError otherwise. */
  answer(request: TurnRequest, signal: AbortSignal): AsyncIterable<ReplyPiece>;
  close(): void;
}

/** A whole custom-LLM server behind the guard: raw frames in both directions. */
export interface RelaySession {
  readonly kind: 'relay';
  /** A frame from the platform, unchanged. */
  toUpstream(frame: Buffer): void;
  close(): void;
}

/** What the responder may use of the call. */
export interface ResponderCall {
  readonly facts: CallFacts;
  readonly agent: AgentBrief;
  /** Only a relay calls these. */
  readonly relay: {
    /** A frame from the upstream, to be passed on unless the guard holds the floor. */
    onFrame(frame: Buffer): void;
    onClosed(code: number): void;
  };
}

/** Who answers the caller: a value, registered in `responders/index.ts`. */
export interface Responder {
  readonly name: string;
  open(call: ResponderCall): TurnSession | RelaySession;
  /** Closes sockets kept for later. */
  close(): void;
}
