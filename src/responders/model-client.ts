import type { ReplyPiece, ToolCall, ToolResult, ToolSpec, Usage } from './responder.ts';

/** One message for a chat model, before it has the form that a provider wants. User and assistant take turns. */
export type PromptMessage =
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly calls?: readonly ToolCall[] }
  /** Follows an assistant message with calls, one result for each. */
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export interface ModelRequest {
  /** The stable prefix: providers cache it. */
  readonly system: string;
  readonly tools: readonly ToolSpec[];
  readonly messages: readonly PromptMessage[];
}

/** A question whose answer is a JSON object of the given schema. */
export interface Question {
  readonly system: string;
  readonly content: string;
  /** Name of the schema: letters, digits, `_`, `-`. */
  readonly name: string;
  /** JSON Schema of an object; every property required, no others allowed. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly maxTokens: number;
}

/** A model at a provider: raw requests, no retries, no deadlines of its own but the end of the whole answer. */
export interface ModelClient {
  /** Name of the responder in the configuration. */
  readonly name: string;
  readonly model: string;
  /** Streams one answer. Ends quietly when `signal` aborts; throws ResponderError otherwise. */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ReplyPiece>;
  /** Asks for a JSON object. The value is parsed and not checked. Throws ResponderError; `timed-out` when `signal` aborts. */
  ask(question: Question, signal: AbortSignal): Promise<{ readonly value: unknown; readonly usage?: Usage }>;
  /** Closes sockets kept for later. */
  close(): void;
}

/** Prices per million tokens, in one currency of the user's choice. */
export interface TokenPrice {
  readonly input: number;
  /** Input read from the prompt cache; absent: as `input`. */
  readonly cached_input?: number | undefined;
  readonly output: number;
}

/** What a request cost; null without prices. */
export function costOf(usage: Omit<Usage, 'cost' | 'model'>, price: TokenPrice | undefined): number | null {
  if (price === undefined) return null;
  const fresh = Math.max(0, usage.inputTokens - usage.cachedTokens);
  const cached = usage.cachedTokens * (price.cached_input ?? price.input);
  return (fresh * price.input + cached + usage.outputTokens * price.output) / 1_000_000;
}
