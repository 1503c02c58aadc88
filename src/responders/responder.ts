import type { CallFacts } from '../guard/types.ts';
import type { Utterance } from '../platforms/platform.ts';

/** A tool that the agent's model may call. `parameters` is a JSON Schema of type object. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A call of a tool as the model wrote it; `arguments` is the text of a JSON object. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** What a tool gave back, for the model to read. */
export interface ToolResult {
  readonly id: string;
  readonly content: string;
  readonly failed: boolean;
}

/** Tools that were called within one answer, and what was said before them. */
export interface ToolRound {
  /** How many utterances the transcript had when the answer was asked for. */
  readonly at: number;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly results: readonly ToolResult[];
}

/** What a responder is told about the agent it speaks for; fixed for all its calls. */
export interface AgentBrief {
  readonly name: string;
  /** BCP 47, such as `en`. */
  readonly language: string;
  /** The whole system prompt: the guard's part, the agent's own prompt, what the line is for. */
  readonly system: string;
  readonly tools: readonly ToolSpec[];
}

/** One turn to answer. */
export interface TurnRequest {
  readonly turn: number;
  /** `reminder`: the caller has been silent and the agent should speak up. */
  readonly kind: 'reply' | 'reminder';
  readonly transcript: readonly Utterance[];
  /** The language that the caller speaks, where known. */
  readonly language: string;
  /** Tools called earlier in the call and in this turn, in order. */
  readonly rounds: readonly ToolRound[];
}

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'other';

/** Tokens of one request to a model. `inputTokens` includes `cachedTokens`. */
export interface Usage {
  readonly model: string;
  readonly inputTokens: number;
  /** Input read from the provider's prompt cache. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** In the currency of the configured prices; null without prices. */
  readonly cost: number | null;
}

/** Pieces of an answer, in order. Text may be empty; `finish` is last. */
export type ReplyPiece =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'tool-call' } & ToolCall)
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      /** Absent: the server did not say. */
      readonly usage?: Usage;
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
  /** The server asked to be left alone for so long. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: ResponderErrorCode,
    message: string,
    options: { retryable: boolean; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Answers turn by turn: a model, or a script. */
export interface TurnSession {
  /** Pieces as they come. Ends quietly when `signal` aborts; throws ResponderError otherwise. */
  answer(request: TurnRequest, signal: AbortSignal): AsyncIterable<ReplyPiece>;
  close(): void;
}

/** Who answers the caller, turn by turn: a value, registered in `responders/index.ts`. */
export interface TurnResponder {
  readonly kind: 'turns';
  readonly name: string;
  open(call: { readonly facts: CallFacts; readonly agent: AgentBrief }): TurnSession;
  /** Closes sockets kept for later. */
  close(): void;
}

/** A frame as it came, byte for byte. Custom-LLM servers send text; a binary frame is passed on as one. */
export interface RawFrame {
  readonly data: Buffer;
  readonly binary: boolean;
}

/** One socket to the custom-LLM server behind the guard, the partner of one socket of the platform. */
export interface Upstream {
  /** Resolves when the socket is open; rejects when the server cannot be reached (an Error with `status` where it answered HTTP). */
  readonly opened: Promise<void>;
  /** Takes frames and the close; what came before is handed over first, in order. Once. */
  listen(to: { frame(frame: RawFrame): void; closed(code: number): void }): void;
  /** Before `opened`, frames wait. */
  send(frame: RawFrame): void;
  /** An orderly close with the platform's code; 1005 closes without one. */
  close(code: number): void;
  /** Drops the connection without a close frame. */
  terminate(): void;
  /** Bytes that wait to be sent. */
  readonly buffered: number;
}

/** A whole custom-LLM server that answers behind the guard. */
export interface RelayResponder {
  readonly kind: 'relay';
  readonly name: string;
  /**
   * Opens the partner of a platform socket: the configured URL with `/<callId>` at the end of its path. `query` (without
   * `?`) is that of the platform's URL, without the guard's own secret.
   */
  dial(callId: string, query?: string): Upstream;
  close(): void;
}

export type Responder = TurnResponder | RelayResponder;
