import { z } from 'zod';
import { isoTime, numberPattern } from './fields.ts';

const listEntry = z
  .union([
    numberPattern,
    z.strictObject({
      number: numberPattern.describe('Number in E.164, or a prefix such as +1900*.'),
      reason: z.string().max(200).optional().describe('Why; shown in the record.'),
      until: isoTime.optional().describe('Last day, or moment, on which the entry holds.'),
    }),
  ])
  .transform((entry): ListEntry => (typeof entry === 'string' ? { number: entry } : entry));

/** An entry of a list; strings in the file become `{ number }`. */
export interface ListEntry {
  readonly number: string;
  readonly reason?: string | undefined;
  readonly until?: string | undefined;
}

/** A list of numbers and prefixes. */
export function numberList(description: string) {
  return z
    .array(listEntry)
    .max(100_000)
    .prefault([])
    .describe(`${description} Entries: +15551234567, +1900*, or {number: +1900*, reason: "why", until: 2030-01-31}.`);
}
