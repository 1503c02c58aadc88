import type { Category, Confidence } from '../guard/types.ts';
import type { Utterance } from '../platforms/platform.ts';
import type { ToolSpec } from '../responders/responder.ts';

/** The call that a tool is used in. */
export interface ToolContext {
  readonly callId: string;
  readonly agent: string;
  readonly turn: number;
  /** Absent for withheld numbers and web calls. */
  readonly callerNumber?: string;
  readonly transcript: readonly Utterance[];
}

/** Where the quoted words stand in the transcript: index of a caller utterance, range of its characters. */
export interface QuotePlace {
  readonly index: number;
  readonly from: number;
  readonly to: number;
}

/** What a tool makes of its arguments. */
export type ToolOutcome =
  /** For the model to read; it goes on speaking. */
  | { readonly type: 'result'; readonly content: string; readonly failed: boolean }
  /** An ordinary goodbye: `say` is spoken, then the platform ends the call. */
  | { readonly type: 'end'; readonly say: string }
  /** `number` is E.164 and from the configuration. */
  | { readonly type: 'transfer'; readonly number: string; readonly say: string }
  /** The model's opinion of the caller: evidence, never an order. `quoted`: the words were really said. */
  | {
      readonly type: 'report';
      readonly category: Category;
      readonly confidence: Confidence;
      readonly quoted: boolean;
      readonly place?: QuotePlace;
      readonly content: string;
    };

/** A tool of the agent's model, as a value; registered in `tools/index.ts`. */
export interface Tool {
  readonly spec: ToolSpec;
  /** Whether the platform is told of its use (tool_call_invocation, tool_call_result). */
  readonly shown: boolean;
  /** Whether it may take long: then the caller is asked to wait for a moment. */
  readonly slow: boolean;
  /** Arguments that may be sent to the model again in later requests: words of the caller are taken out. */
  forget?(args: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  /** `args` is a JSON object, not checked against the schema yet. Never throws; ends soon after `signal` aborts. */
  run(args: Readonly<Record<string, unknown>>, context: ToolContext, signal: AbortSignal): Promise<ToolOutcome>;
}
