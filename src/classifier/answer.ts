import { z } from 'zod';
import { NOT_MODELS_BUSINESS } from '../guard/signals/model-category.ts';
import { CATEGORIES, type Classified, CONFIDENCES, type Confidence } from '../guard/types.ts';

/** What the model may answer: a category that words can show, a customer, or that it cannot tell. */
export const ANSWERS: readonly Classified[] = [
  'customer',
  'unsure',
  ...CATEGORIES.filter((category) => !(NOT_MODELS_BUSINESS as readonly Classified[]).includes(category)),
];

export interface Answer {
  readonly answer: Classified;
  readonly confidence: Confidence;
}

const answer = z.strictObject({ answer: z.enum(ANSWERS), confidence: z.enum(CONFIDENCES) });

/** Name of the schema, as providers want one. */
export const ANSWER_NAME = 'call_kind';

/**
 * The form of an answer as JSON Schema, in the part of it that providers take for structured output: an object with
 * all properties required and no others, plain enums. `$schema` is not in that part.
 */
export const ANSWER_SCHEMA: Readonly<Record<string, unknown>> = (({ $schema: _dialect, ...schema }) => schema)(
  z.toJSONSchema(answer),
);

/** Reads what a model gave; null when it is anything else than an answer. Never throws. */
export function readAnswer(value: unknown): Answer | null {
  const read = answer.safeParse(value);
  return read.success ? read.data : null;
}
