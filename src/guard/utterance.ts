import { type Found, type Lexicon, scan } from './lexicon.ts';
import { commonPrefix, NO_TOKENS, type Tokens, tokenize } from './tokens.ts';
import type { Word } from './types.ts';
import { hashWord, type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** One utterance as the transcript has it: all that has to be kept to read it again. */
export interface Line {
  readonly role: 'agent' | 'caller';
  readonly index: number;
  readonly text: string;
  /** Call time of its first and last word; undefined without word timings. */
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
}

/** One utterance as the signals see it: its words and phrases, read only where they are new. */
export interface Said extends Line, Found {
  /** Of the caller only: the agent's words are of use to one signal, in questions. */
  readonly tokens: Tokens;
  /** Hashes of the caller's words, in their order. */
  readonly hashes: readonly number[];
  readonly vocabulary: Vocabulary;
  /** Leading words that are the same as when this utterance was last looked at; 0 when it is new. */
  readonly stable: number;
  /** Words that the caller had said since they began to read something out, before this; Infinity: they did not. */
  readonly sinceReading: number;
}

const NOTHING: readonly never[] = [];

export const lineOf = (role: Line['role'], index: number, text: string, words: readonly Word[]): Line => ({
  role,
  index,
  text,
  startMs: words[0]?.startMs,
  endMs: words[words.length - 1]?.endMs,
});

/** Reads a line, with `previous` what was read of it before. Agent utterances are not searched for phrases. */
export function readLine(
  lexicon: Lexicon,
  line: Line,
  previous: Said | undefined,
  sinceReading = Number.POSITIVE_INFINITY,
): Said {
  const { role, index, text, startMs, endMs } = line;
  if (role === 'agent') {
    return {
      role,
      index,
      text,
      startMs,
      endMs,
      tokens: NO_TOKENS,
      hashes: NOTHING,
      vocabulary: NOTHING,
      hits: NOTHING,
      reach: NOTHING,
      stable: 0,
      sinceReading,
    };
  }
  const same = previous?.index === index && previous.role === role ? previous : undefined;
  const prefix = same ? commonPrefix(same.text, text) : 0;
  const tokens = tokenize(text, same?.tokens ?? NO_TOKENS, prefix);
  const stable = same ? commonWords(same.tokens.words, tokens.words) : 0;
  const { hits, reach } = scan(lexicon, tokens.words, same, stable);
  const hashes = hashesOf(tokens.words, same?.hashes ?? NOTHING, stable);
  const vocabulary = vocabularyOf(hashes);
  return { role, index, text, startMs, endMs, tokens, hashes, vocabulary, hits, reach, stable, sinceReading };
}

function commonWords(a: readonly string[], b: readonly string[]): number {
  const n = Math.min(a.length, b.length);
  // The end is where growing and correcting happens, but an earlier word may be corrected too.
  let i = 0;
  while (i < n && a[i] === b[i]) i++;
  return i;
}

function hashesOf(words: readonly string[], previous: readonly number[], stable: number): number[] {
  const hashes = new Array<number>(words.length);
  for (let i = 0; i < words.length; i++) hashes[i] = i < stable ? (previous[i] ?? 0) : hashWord(words[i] ?? '');
  return hashes;
}

/** Character range of a token range, for evidence. */
export function spanOf(said: Said, from: number, to: number): { index: number; from: number; to: number } {
  return { index: said.index, from: said.tokens.starts[from] ?? 0, to: said.tokens.ends[to - 1] ?? said.text.length };
}
