import type { Rng } from './rng.ts';
import { joinWords, splitWords } from './words.ts';

/** A stretch of words without a pause, and the pause before it. */
export interface Segment {
  readonly text: string;
  readonly gapMs: number;
}

/**
 * Pauses of speakers: mostly short, some long. A person hesitates within a line; a tape has the pauses between its
 * lines as well, so its pauses are longer by as much as keeps the sum of both alike (the test of fairness tells).
 */
export const PERSON_PAUSE_MEDIAN_MS = 580;
export const TAPE_PAUSE_MEDIAN_MS = 830;
const PAUSE_SIGMA = 0.75;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 4_000;
/** Words between two pauses where the text itself gives none. */
const RUN_MIN = 5;
const RUN_MAX = 16;
/** Chance of a pause at a comma, and at the end of a sentence. */
const PAUSE_AT_COMMA = 0.3;
const PAUSE_AT_END = 0.75;

export function drawPause(rng: Rng, medianMs: number): number {
  return Math.round(rng.skewed(medianMs, PAUSE_SIGMA, PAUSE_MIN_MS, PAUSE_MAX_MS));
}

/** Cuts a text into stretches of varied length, at sentences and clauses where there are any. */
export function cutIntoSegments(text: string, rng: Rng, medianMs: number): Segment[] {
  const segments: Segment[] = [];
  let run: string[] = [];
  let limit = rng.int(RUN_MIN, RUN_MAX);
  const flush = (): void => {
    if (run.length === 0) return;
    segments.push({ text: joinWords(run), gapMs: segments.length === 0 ? 0 : drawPause(rng, medianMs) });
    run = [];
    limit = rng.int(RUN_MIN, RUN_MAX);
  };
  for (const word of splitWords(text)) {
    run.push(word);
    const ends = /[.!?…。！？]["')\]]?$/.test(word) && rng.chance(PAUSE_AT_END);
    const pauses = /[,;:，、；]$/.test(word) && rng.chance(PAUSE_AT_COMMA);
    if (ends || pauses || run.length >= limit) flush();
  }
  flush();
  return segments;
}
