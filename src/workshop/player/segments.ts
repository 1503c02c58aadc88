import type { Rng } from './rng.ts';
import { joinWords, splitWords } from './words.ts';

/** A stretch of words without a pause, and the pause before it. */
export interface Segment {
  readonly text: string;
  readonly gapMs: number;
}

/**
 * Where and how long a speaker pauses. A person hesitates within a line, and then there is the end of the line; a tape
 * has all its pauses within. So a tape pauses oftener and longer, by as much as makes the whole of both alike
 * (the test of fairness says whether it does).
 */
export interface Pauses {
  readonly medianMs: number;
  /** Chance of a pause at the end of a sentence, and at a comma. */
  readonly atEnd: number;
  readonly atComma: number;
  /** Words between two pauses where the text itself gives none. */
  readonly runMin: number;
  readonly runMax: number;
}
export const PERSON_PAUSES: Pauses = { medianMs: 600, atEnd: 0.6, atComma: 0.25, runMin: 6, runMax: 18 };
export const TAPE_PAUSES: Pauses = { medianMs: 760, atEnd: 0.82, atComma: 0.3, runMin: 5, runMax: 16 };
const PAUSE_SIGMA = 0.75;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 4_000;

export function drawPause(rng: Rng, { medianMs }: Pauses): number {
  return Math.round(rng.skewed(medianMs, PAUSE_SIGMA, PAUSE_MIN_MS, PAUSE_MAX_MS));
}

/** Cuts a text into stretches of varied length, at sentences and clauses where there are any. */
export function cutIntoSegments(text: string, rng: Rng, pauses: Pauses): Segment[] {
  const segments: Segment[] = [];
  let run: string[] = [];
  let limit = rng.int(pauses.runMin, pauses.runMax);
  const flush = (): void => {
    if (run.length === 0) return;
    segments.push({ text: joinWords(run), gapMs: segments.length === 0 ? 0 : drawPause(rng, pauses) });
    run = [];
    limit = rng.int(pauses.runMin, pauses.runMax);
  };
  for (const word of splitWords(text)) {
    run.push(word);
    const ends = /[.!?…。！？]["')\]]?$/.test(word) && rng.chance(pauses.atEnd);
    const lingers = /[,;:，、；]$/.test(word) && rng.chance(pauses.atComma);
    if (ends || lingers || run.length >= limit) flush();
  }
  flush();
  return segments;
}
