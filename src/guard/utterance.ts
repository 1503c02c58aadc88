import { type Hit, type Lexicon, scan } from './lexicon.ts';
import { commonPrefix, NO_TOKENS, type Tokens, tokenize } from './tokens.ts';
import type { Word } from './types.ts';

/** One utterance as the signals see it: text with its words, phrases and timings, read only where it is new. */
export interface Said {
  readonly role: 'agent' | 'caller';
  readonly index: number;
  readonly text: string;
  readonly tokens: Tokens;
  readonly hits: readonly Hit[];
  /** Leading words that are the same as when this utterance was last looked at; 0 when it is new. */
  readonly stable: number;
  /** Call time of its first and last word; undefined without word timings. */
  readonly startMs?: number;
  readonly endMs?: number;
  readonly timings: readonly Word[];
  /** Words that the caller had said since they began to read something out, before this; Infinity: they did not. */
  readonly sinceReading: number;
}

/** Agent utterances are not searched for phrases. */
export function readUtterance(
  lexicon: Lexicon,
  role: Said['role'],
  index: number,
  text: string,
  words: readonly Word[],
  previous: Said | undefined,
  sinceReading = Number.POSITIVE_INFINITY,
): Said {
  const same = previous?.index === index && previous.role === role ? previous : undefined;
  const prefix = same ? commonPrefix(same.text, text) : 0;
  const tokens = tokenize(text, same?.tokens ?? NO_TOKENS, prefix);
  const stable = same ? commonWords(same.tokens.words, tokens.words) : 0;
  const hits = role === 'caller' ? scan(lexicon, tokens.words, same?.hits ?? [], stable) : [];
  const first = words[0];
  const last = words[words.length - 1];
  return {
    role,
    index,
    text,
    tokens,
    hits,
    stable,
    timings: words,
    sinceReading,
    ...(first && last ? { startMs: first.startMs, endMs: last.endMs } : {}),
  };
}

function commonWords(a: readonly string[], b: readonly string[]): number {
  const n = Math.min(a.length, b.length);
  // The end is where growing and correcting happens, but an earlier word may be corrected too.
  let i = 0;
  while (i < n && a[i] === b[i]) i++;
  return i;
}

/** Character range of a token range, for evidence. */
export function spanOf(said: Said, from: number, to: number): { index: number; from: number; to: number } {
  return { index: said.index, from: said.tokens.starts[from] ?? 0, to: said.tokens.ends[to - 1] ?? said.text.length };
}
