/** Words of an utterance, folded for comparison, with their places in the text. Parallel arrays; never changed in place. */
export interface Tokens {
  readonly words: readonly string[];
  /** Character offsets into the text: `text.slice(starts[i], ends[i])` is the word as written. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export const NO_TOKENS: Tokens = { words: [], starts: [], ends: [] };

const APOSTROPHE = 0x27;
const RIGHT_QUOTE = 0x2019;
const MARKS = /[\u0300-\u036f]/g;
const APOSTROPHES = /['\u2019]/g;

const isAsciiWord = (c: number): boolean =>
  (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39) || c === APOSTROPHE;

/** Scripts written without spaces: each character is a word of its own. */
const isIdeograph = (c: number): boolean => (c >= 0x3400 && c <= 0x9fff) || (c >= 0x3040 && c <= 0x30ff);

const isOtherWord = (c: number): boolean =>
  c === RIGHT_QUOTE ||
  (c >= 0xc0 &&
    c !== 0xd7 &&
    c !== 0xf7 &&
    !(c >= 0x2000 && c <= 0x2bff) &&
    !(c >= 0x3000 && c <= 0x303f) &&
    c < 0xfe00);

/** A word as words are compared: lower case, without Latin accents and apostrophes, composed (NFC). */
export function foldWord(raw: string): string {
  let word = raw.toLowerCase();
  // Latin letters lose their accents, other scripts keep their vowel signs.
  if (!isAsciiText(word) && word.charCodeAt(0) < 0x1f00) {
    word = word.normalize('NFD').replace(MARKS, '').normalize('NFC').replaceAll('đ', 'd');
  }
  return word.includes("'") || word.includes('\u2019') ? word.replace(APOSTROPHES, '') : word;
}

function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/**
 * Splits `text` into folded words (lower case, Latin accents and apostrophes removed, one token per ideograph).
 * With `previous`, the tokens of an earlier version of the same text of which the first `samePrefix` characters are
 * unchanged, only the rest is read.
 */
export function tokenize(text: string, previous: Tokens = NO_TOKENS, samePrefix = 0): Tokens {
  let keep = previous.words.length;
  // The last word of the unchanged part may have grown.
  while (keep > 0 && (previous.ends[keep - 1] ?? 0) >= samePrefix) keep--;
  const words = previous.words.slice(0, keep);
  const starts = previous.starts.slice(0, keep);
  const ends = previous.ends.slice(0, keep);
  let i = keep > 0 ? (ends[keep - 1] ?? 0) : 0;
  const n = text.length;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (isIdeograph(c)) {
      words.push(text[i] ?? '');
      starts.push(i);
      ends.push(++i);
      continue;
    }
    if (!isAsciiWord(c) && !isOtherWord(c)) {
      i++;
      continue;
    }
    const from = i;
    for (i++; i < n; i++) {
      const d = text.charCodeAt(i);
      if (isAsciiWord(d)) continue;
      if (isIdeograph(d) || !isOtherWord(d)) break;
    }
    const word = foldWord(text.slice(from, i));
    if (word.length === 0) continue;
    words.push(word);
    starts.push(from);
    ends.push(i);
  }
  return { words, starts, ends };
}

/** Length of the common prefix of two texts, in UTF-16 units. */
export function commonPrefix(a: string, b: string): number {
  if (b.startsWith(a)) return a.length;
  const n = Math.min(a.length, b.length);
  let i = 0;
  while (i < n && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  return i;
}
