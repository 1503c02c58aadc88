import { mishear } from './asr-noise.ts';
import type { Rng } from './rng.ts';
import { splitWords } from './words.ts';

/** One word with its time, and what the ASR shows for it. */
export interface PlannedWord {
  readonly startMs: number;
  readonly endMs: number;
  /** Empty when the ASR misses it. */
  readonly shown: readonly string[];
  /** Shown at first, corrected with the next word. */
  readonly interim?: string;
}

/** How an utterance is timed and heard. The same for people and machines. */
export interface Hearing {
  readonly wordsPerS: number;
  /** 0 when the ASR is perfect. */
  readonly wordError: number;
  readonly rng: Rng;
}

/** Speech rates of callers, words a second. */
export const CALLER_RATE_MIN = 2.2;
export const CALLER_RATE_MAX = 3.2;
/** Chance that an utterance has one word that is shown wrong first. */
const CORRECTED_UTTERANCE = 0.15;
/** Chance that an utterance comes out as no words at all, where the ASR is noisy. */
const UNINTELLIGIBLE = 0.01;
export const UNINTELLIGIBLE_AUDIO = '(unintelligible audio)';

/** Times for words spoken one after the other: longer words take longer. */
export function timeWords(
  words: readonly string[],
  startMs: number,
  wordsPerS: number,
): { readonly word: string; readonly startMs: number; readonly endMs: number }[] {
  let at = startMs;
  const meanMs = 1000 / wordsPerS;
  return words.map((word) => {
    // A word of five letters takes the mean; the shortest about two thirds of it.
    const durationMs = meanMs * Math.min(1.8, 0.55 + 0.09 * word.length);
    const timed = { word, startMs: Math.round(at), endMs: Math.round(at + durationMs * 0.95) };
    at += durationMs;
    return timed;
  });
}

/** Plans one stretch of caller speech from `startMs` of the call. */
export function planSpeech(text: string, startMs: number, hearing: Hearing): PlannedWord[] {
  const { rng, wordError } = hearing;
  const timed = timeWords(splitWords(text), startMs, hearing.wordsPerS);
  const unintelligible = (rng.chance(UNINTELLIGIBLE) && wordError > 0) || text.trim() === UNINTELLIGIBLE_AUDIO;
  const corrected = rng.chance(CORRECTED_UTTERANCE) ? rng.int(0, Math.max(0, timed.length - 1)) : -1;
  return timed.map(({ word, startMs, endMs }, index) => {
    if (unintelligible) {
      return { startMs, endMs, shown: index === timed.length - 1 ? [UNINTELLIGIBLE_AUDIO] : [] };
    }
    const shown = mishear(word, wordError, rng);
    const first = shown[0];
    if (index !== corrected || first === undefined || shown.length > 1) return { startMs, endMs, shown };
    return {
      startMs,
      endMs,
      shown,
      interim: first.length > 3 ? first.slice(0, Math.ceil(first.length / 2)) : `${first}s`,
    };
  });
}
