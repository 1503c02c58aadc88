import type { PromptMessage } from '../../responders/model-client.ts';
import type { ToolCall, ToolSpec } from '../../responders/responder.ts';

export const DIALECTS = ['openai', 'anthropic'] as const;
export type DialectName = (typeof DIALECTS)[number];

/** One request to the fake model, whatever API it came over. */
export interface Ask {
  readonly dialect: DialectName;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly PromptMessage[];
  readonly tools: readonly ToolSpec[];
  /** The answer has to be a JSON object of this schema. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

/** What a mind answers; the dialect gives it its form, the pace its timing. */
export interface Answer {
  readonly text: string;
  readonly toolCalls?: readonly ToolCall[];
  /** Default: `stop`, or tool calls where there are some. */
  readonly finish?: 'stop' | 'length' | 'content-filter' | 'refusal';
}

/** What stands in the model's place. A mind that throws is answered with status 500. */
export type Mind = (ask: Ask) => Answer | Promise<Answer>;
