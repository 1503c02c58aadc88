import { costOf, type TokenPrice } from './model-client.ts';
import { badAnswer } from './model-error.ts';
import type { FinishReason, ReplyPiece, Usage } from './responder.ts';
import { type ToolCalls, toolCalls } from './tool-arguments.ts';

/** More than any phone answer; beyond it the answer is cut as if it had met the token limit. */
export const MAX_ANSWER_CHARS = 20_000;

/** What an answer costs, and whose model it is. */
export interface Meter {
  readonly model: string;
  readonly price?: TokenPrice | undefined;
}

/** Counts as the server gave them; what is no number counts nothing. */
export function usageOf(
  meter: Meter,
  counts: { readonly input: unknown; readonly cached: unknown; readonly output: unknown },
): Usage {
  const tokens = {
    inputTokens: tokenCount(counts.input),
    cachedTokens: Math.min(tokenCount(counts.cached), tokenCount(counts.input)),
    outputTokens: tokenCount(counts.output),
  };
  return { model: meter.model, ...tokens, cost: costOf(tokens, meter.price) };
}

/** A count of tokens that a server reported; 0 for anything that is none. */
export function tokenCount(value: unknown): number {
  return typeof value === 'number' && value > 0 && value < 1e9 ? Math.floor(value) : 0;
}

/** What has come of an answer so far; the same for all providers. */
export interface AnswerParts {
  readonly calls: ToolCalls;
  /** The part of the text that still fits. */
  text(text: unknown): string;
  /** The server has said why it stopped. */
  stop(reason: FinishReason): void;
  /** What is said is a refusal, whatever the reason to stop. */
  refuse(): void;
  finished(): boolean;
  full(): boolean;
  /** Tool calls and the finish. Throws ResponderError `bad-answer` when nothing came, or a call is broken. */
  end(usage: Usage | undefined): ReplyPiece[];
}

export function answerParts(): AnswerParts {
  const calls = toolCalls();
  let chars = 0;
  let spoken = false;
  let refused = false;
  let reason: FinishReason | undefined;
  const full = () => chars >= MAX_ANSWER_CHARS;
  return {
    calls,
    text(text) {
      if (typeof text !== 'string' || text === '') return '';
      const fitting = text.slice(0, MAX_ANSWER_CHARS - chars);
      chars += fitting.length;
      spoken ||= fitting.trim() !== '';
      return fitting;
    },
    stop(why) {
      reason = why;
    },
    refuse() {
      refused = true;
    },
    finished: () => reason !== undefined,
    full,
    end(usage) {
      const finish = full() ? 'length' : refused ? 'refusal' : (reason ?? 'other');
      if (!spoken && calls.size === 0) {
        // The same model would withhold it again; another one may not.
        const withheld = finish === 'refusal' || finish === 'content-filter';
        throw badAnswer(`the answer is empty (${reason === undefined ? 'no finish reason' : finish})`, !withheld);
      }
      return [...calls.pieces(), { type: 'finish', reason: finish, ...(usage && { usage }) }];
    },
  };
}
