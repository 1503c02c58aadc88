import { type Tokens, tokenize } from '../guard/tokens.ts';
import type { Utterance } from '../platforms/platform.ts';
import type { QuotePlace } from './tool.ts';

/** A quote shorter than both says nothing: "yes, hello" stands in every call. */
const FEWEST_WORDS = 3;
const FEWEST_CHARS = 12;
/** Only the end of a long call is searched. */
const MOST_UTTERANCES = 200;
const MOST_CHARS = 100_000;

/**
 * Where the caller said these words, in one utterance, the latest first; case, accents, punctuation and spacing do not
 * count. Null: nowhere, or too short a quote.
 */
export function quotePlace(quote: string, transcript: readonly Utterance[]): QuotePlace | null {
  const wanted = tokenize(quote).words;
  if (wanted.length < FEWEST_WORDS && wanted.join(' ').length < FEWEST_CHARS) return null;
  const oldest = Math.max(0, transcript.length - MOST_UTTERANCES);
  let room = MOST_CHARS;
  for (let index = transcript.length - 1; index >= oldest && room > 0; index--) {
    const utterance = transcript[index];
    if (utterance?.role !== 'caller') continue;
    // Its beginning, so that offsets hold.
    const said = tokenize(utterance.text.slice(0, room));
    room -= utterance.text.length;
    const at = runOf(wanted, said);
    const from = said.starts[at];
    const to = said.ends[at + wanted.length - 1];
    if (from !== undefined && to !== undefined) return { index, from, to };
  }
  return null;
}

/** Where the words stand in a row; -1: nowhere. */
function runOf(wanted: readonly string[], { words }: Tokens): number {
  for (let at = words.indexOf(wanted[0] ?? ''); at >= 0; at = words.indexOf(wanted[0] ?? '', at + 1)) {
    if (at + wanted.length > words.length) return -1;
    if (wanted.every((word, i) => words[at + i] === word)) return at;
  }
  return -1;
}
