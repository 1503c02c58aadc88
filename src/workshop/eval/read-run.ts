import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { joinStamps } from './eval-models.ts';
import type { AnswersStamp, EvalCall, EvalRun } from './run.ts';
import { RunError } from './run-error.ts';

const MAX_LINE_CHARACTERS = 20_000_000;
const MAX_CALLS = 1_000_000;

/** What must be there for anything to be made of a file; the rest is as the same program wrote it. */
const runSchema = z.looseObject({
  format: z.literal(1),
  id: z.string().regex(/^[\w-]+$/),
  startedAt: z.number(),
  finishedAt: z.number().nullable(),
  plan: z.looseObject({ fixtures: z.array(z.string()), repeats: z.number() }),
  planHash: z.string(),
  stamp: z.looseObject({ variants: z.array(z.looseObject({ id: z.string() })), answers: z.array(z.unknown()) }),
  cases: z.number(),
  gates: z.array(z.unknown()),
});
const callSchema = z.looseObject({
  key: z.string(),
  hash: z.string(),
  repeat: z.number(),
  unrecorded: z.number(),
  result: z.looseObject({ id: z.string(), endedBy: z.string(), turns: z.array(z.unknown()) }),
  record: z.looseObject({ decision: z.string(), evidence: z.array(z.unknown()) }).nullable(),
});
const answersSchema = z.object({
  key: z.string(),
  used: z.array(
    z.object({
      type: z.enum(['openai', 'anthropic']),
      model: z.string(),
      endpoint: z.string().nullable(),
      vendor: z.boolean(),
      recordedFrom: z.number(),
      recordedTo: z.number(),
      answers: z.number(),
    }),
  ),
});

/** @throws RunError when the file is no run of this format. */
export function readRun(file: string): EvalRun {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new RunError(`${file}: ${error instanceof SyntaxError ? 'no JSON' : 'cannot be read'}`);
  }
  const read = runSchema.safeParse(json);
  if (!read.success) throw new RunError(`${file}: not a run that this version can read`, 'make a new one');
  return json as EvalRun;
}

/**
 * Calls by key. A torn last line is passed over; of two calls with one key the later holds.
 * @throws RunError for any other line that is none.
 */
export async function readCalls(file: string): Promise<EvalCall[]> {
  const calls = new Map<string, EvalCall>();
  if (!existsSync(file)) return [];
  let number = 0;
  let torn: string | null = null;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (torn !== null) throw new RunError(torn);
    const call = line.length > MAX_LINE_CHARACTERS ? undefined : parseJson(line);
    if (!callSchema.safeParse(call).success) {
      torn = `${file}:${number}: not a call that this version can read`;
      continue;
    }
    const read = call as EvalCall;
    calls.set(read.key, read);
    if (calls.size > MAX_CALLS) throw new RunError(`${file}: more than ${MAX_CALLS} calls`);
  }
  const order = new Intl.Collator('en', { numeric: true });
  return [...calls.values()].sort((a, b) => order.compare(a.key, b.key));
}

/** Where the answers of the calls came from, added up; a torn last line is passed over. */
export function readAnswers(file: string): AnswersStamp[] {
  if (!existsSync(file)) return [];
  const used = new Map<string, AnswersStamp[]>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const read = answersSchema.safeParse(parseJson(line));
    if (read.success) used.set(read.data.key, read.data.used);
  }
  return joinStamps([...used.values()].flat());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
