import { z } from 'zod';

/*
 * The lines of a file of recorded answers: a stamp, then an answer each. They hold what a model said, never what it was
 * asked: no prompt, no words of a caller but those it repeated, no key, no header.
 */

const usage = z.strictObject({
  model: z.string(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  cost: z.number().nullable(),
});

const piece = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('tool-call'), id: z.string(), name: z.string(), arguments: z.string() }),
  z.strictObject({
    type: z.literal('finish'),
    reason: z.enum(['stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'other']),
    usage: usage.exactOptional(),
  }),
]);

const ms = z.number().min(0).max(3_600_000);
const common = {
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** Epoch ms of its end. */
  at: z.number().min(0),
  /** From the request to its end. */
  ms,
};

const reply = z.strictObject({
  ...common,
  /** Each with its milliseconds after the request; the finish is last. */
  pieces: z
    .array(z.tuple([ms, piece]).readonly())
    .readonly()
    .refine((all) => all.at(-1)?.[1].type === 'finish', 'without a finish'),
});
const value = z.strictObject({ ...common, value: z.unknown(), usage: usage.exactOptional() });

export const answerLine = z.union([reply, value]);
/** A streamed answer. */
export type ReplyAnswer = z.infer<typeof reply>;
/** An answer in JSON. */
export type ValueAnswer = z.infer<typeof value>;
export type RecordedAnswer = ReplyAnswer | ValueAnswer;

/** Enough to find an answer; the rest is checked when it is used. */
export const keyOfLine = z.object({ key: common.key });

export const FORMAT = 1;
/** The first line: whose answers they are, to which system prompt. */
export const stampLine = z.object({
  format: z.literal(FORMAT),
  type: z.enum(['openai', 'anthropic']),
  model: z.string(),
  endpoint: z.string().nullable(),
  vendor: z.boolean(),
  systemHash: z.string(),
  /** Version of the guard that began the file. */
  guard: z.string(),
});
export type AnswersFileStamp = z.infer<typeof stampLine>;
