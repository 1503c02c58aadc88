import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { type Rng, seededRng } from './player/rng.ts';
import type { CallerKind, CallerLine, Expectation, Scenario } from './player/scenario.ts';
import { countWords } from './player/words.ts';

/** Estimated pace of the partner in a recorded conversation. */
const PARTNER_WORDS_PER_S = 2.7;
const PARTNER_PAUSE_MS = 500;
/** Times in a row further apart than this are of typing, not of speech. */
const LONGEST_TIMED_GAP_MS = 20_000;
const MAX_LINE_BYTES = 1_000_000;

/** Rows as they come; everything that is not named here is passed over. */
const rowSchema = z.object({
  id: z.string().min(1),
  label: z.string(),
  lang: z.string().optional(),
  text: z.string().optional(),
  turns: z
    .array(z.object({ role: z.enum(['caller', 'agent']), text: z.string(), t: z.number().optional() }))
    .optional(),
  campaign_text_group: z.number().nullish(),
});
type Row = z.infer<typeof rowSchema>;

/** What a label says about who calls. Labels that are not here tell nothing: a person, and nothing is expected. */
const BY_LABEL: Readonly<Record<string, { readonly kind: CallerKind; readonly expect?: Expectation }>> = {
  robocall: { kind: 'recording', expect: { decision: 'hang_up' } },
  voicemail: { kind: 'recording' },
  voicemail_unavailable: { kind: 'recording' },
  ivr: { kind: 'recording' },
  legit: { kind: 'person', expect: { decision: 'none' } },
  human: { kind: 'person', expect: { decision: 'none' } },
  in_scope: { kind: 'person', expect: { decision: 'none' } },
  not_abusive: { kind: 'person', expect: { decision: 'none' } },
};

/** Labels that say whether a caller is to be hung up on. */
export const TELLING_LABELS = Object.keys(BY_LABEL).filter((label) => BY_LABEL[label]?.expect !== undefined);

export interface DataSetOptions {
  /** Names of files without `.jsonl`; all when absent. A name matches the start of a file's. */
  readonly sets?: readonly string[];
  /** Names of files to leave out, likewise. */
  readonly exclude?: readonly string[];
  /** Rows a file, drawn by the seed. */
  readonly limit?: number;
  readonly seed?: string;
  /** Play the caller's side of dialogues as a recorded conversation. */
  readonly asRecordings?: boolean;
}

/** A data set that cannot be read. The message names file and line. */
export class DataSetError extends Error {
  override readonly name = 'DataSetError';
}

/**
 * Reads the JSONL files of a directory. What a row becomes follows from its shape and label, not from its file.
 * @throws DataSetError
 */
export async function loadDataSets(directory: string, options: DataSetOptions = {}): Promise<Scenario[]> {
  let names: string[];
  try {
    names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl')).sort();
  } catch {
    throw new DataSetError(`${directory}: not a directory that can be read`);
  }
  if (names.length === 0) throw new DataSetError(`${directory}: no .jsonl file in it`);
  const wanted = (options.sets ?? []).filter((set) => !names.some((name) => name.startsWith(set)));
  if (wanted.length > 0) {
    throw new DataSetError(`${directory}: no file for ${wanted.join(', ')} (there are: ${names.join(', ') || 'none'})`);
  }
  const matches = (name: string, sets: readonly string[]): boolean => sets.some((set) => name.startsWith(set));
  const chosen = names
    .filter((name) => options.sets === undefined || matches(name, options.sets))
    .filter((name) => options.exclude === undefined || !matches(name, options.exclude));
  const scenarios: Scenario[] = [];
  for (const name of chosen) {
    const rows = await loadDataSet(join(directory, name), options.asRecordings === true);
    scenarios.push(...sample(rows, options.limit, seededRng(`${options.seed ?? ''}/${name}`)));
  }
  return scenarios;
}

/** Reads one JSONL file. */
export async function loadDataSet(file: string, asRecordings: boolean): Promise<Scenario[]> {
  const set = basename(file).replace(/\.jsonl$/, '');
  const scenarios: Scenario[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === '') continue;
    if (text.length > MAX_LINE_BYTES)
      throw new DataSetError(`${file}:${line}: longer than ${MAX_LINE_BYTES} characters`);
    const row = rowSchema.safeParse(parseJson(text));
    if (!row.success) {
      const { path, message } = row.error.issues[0] ?? { path: [], message: 'not a row' };
      throw new DataSetError(`${file}:${line}: ${path.join('.') || 'row'}: ${message}`);
    }
    const scenario = rowScenario(row.data, set, asRecordings);
    if (scenario !== null) scenarios.push(scenario);
  }
  return scenarios;
}

/** One row as a scenario; null when the caller says nothing in it. */
export function rowScenario(row: Row, set: string, asRecordings: boolean): Scenario | null {
  const dialogue = row.turns !== undefined;
  const known = BY_LABEL[row.label];
  const kind: CallerKind = dialogue ? (asRecordings ? 'recording' : 'person') : (known?.kind ?? 'person');
  const lines = dialogue
    ? kind === 'recording'
      ? recordedLeg(row.turns ?? [])
      : spokenLines(row.turns ?? [])
    : single(row.text);
  if (lines.length === 0) return null;
  const expected: Expectation | undefined = dialogue && kind === 'recording' ? { decision: 'hang_up' } : known?.expect;
  return {
    id: row.id,
    set,
    kind,
    language: row.lang ?? 'en',
    agent: 'default',
    direction: 'inbound',
    optOut: false,
    sipHeaders: {},
    before: [],
    lines,
    probes: {},
    improvise: true,
    ...(expected === undefined ? {} : { expect: expected }),
    wordsTotal: lines.reduce((sum, line) => sum + (line.type === 'say' ? countWords(line.text) : 0), 0),
    ...(row.campaign_text_group == null ? {} : { group: String(row.campaign_text_group) }),
  };
}

function single(text: string | undefined): CallerLine[] {
  return text === undefined || text.trim() === '' ? [] : [{ type: 'say', text }];
}

/** The caller's lines; lines in a row are said as one. */
function spokenLines(turns: NonNullable<Row['turns']>): CallerLine[] {
  const lines: { type: 'say'; text: string }[] = [];
  let before: 'caller' | 'agent' = 'agent';
  for (const { role, text } of turns) {
    const last = lines.at(-1);
    if (role === 'caller' && text.trim() !== '') {
      if (before === 'caller' && last !== undefined) last.text += ` ${text}`;
      else lines.push({ type: 'say', text });
    }
    before = role;
  }
  return lines;
}

/** One leg of a recorded conversation pauses where its partner spoke. */
function recordedLeg(turns: NonNullable<Row['turns']>): CallerLine[] {
  const lines: CallerLine[] = [];
  let partnerWords = 0;
  let lastT: number | undefined;
  for (const { role, text, t } of turns) {
    if (role === 'agent') {
      partnerWords += countWords(text);
      continue;
    }
    if (text.trim() === '') continue;
    const timedMs = t !== undefined && lastT !== undefined ? (t - lastT) * 1_000 : Number.NaN;
    const estimatedMs = PARTNER_PAUSE_MS + (partnerWords / PARTNER_WORDS_PER_S) * 1_000;
    const gapMs = timedMs > 0 && timedMs <= LONGEST_TIMED_GAP_MS ? timedMs : estimatedMs;
    lines.push(lines.length === 0 ? { type: 'say', text } : { type: 'say', text, gapMs: Math.round(gapMs) });
    // A time says when a line began; the next gap starts when it has been said.
    lastT = t === undefined ? undefined : t + countWords(text) / PARTNER_WORDS_PER_S;
    partnerWords = 0;
  }
  return lines;
}

function sample(rows: readonly Scenario[], limit: number | undefined, rng: Rng): readonly Scenario[] {
  return limit === undefined || limit >= rows.length ? rows : rng.shuffled(rows).slice(0, limit);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
