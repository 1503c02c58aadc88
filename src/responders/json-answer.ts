import { MAX_ANSWER_CHARS } from './answer-parts.ts';
import { jsonObject } from './json-object.ts';
import { badAnswer } from './model-error.ts';
import type { FinishReason, Usage } from './responder.ts';

/** What a provider answered to a question, before it is known to be JSON. */
export interface JsonAnswer {
  readonly text?: unknown;
  readonly reason?: FinishReason | undefined;
  readonly usage?: Usage | undefined;
}

/** The object in an answer, parsed and not checked. Throws ResponderError `bad-answer`. */
export function jsonAnswer({ text, reason, usage }: JsonAnswer): { readonly value: unknown; readonly usage?: Usage } {
  // The same model would withhold it again.
  if (reason === 'refusal' || reason === 'content-filter')
    throw badAnswer(`the answer was withheld (${reason})`, false);
  if (reason === 'length') throw badAnswer('the answer was cut off');
  const value = jsonObject(text, MAX_ANSWER_CHARS);
  if (value === undefined) throw badAnswer('the answer is not a JSON object');
  return { value, ...(usage && { usage }) };
}
