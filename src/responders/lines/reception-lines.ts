/**
 * What a receptionist hears and says in one language. `hears` sorts the caller's turn; the lists hold what is said.
 * `hello`, `check`, `yes`, `no`, `noted` and `more` are openers: one of `asks` follows. The other lists stand alone.
 */
export interface ReceptionLines {
  readonly hears: {
    readonly hello: RegExp;
    readonly question: RegExp;
    readonly yes: RegExp;
    readonly no: RegExp;
    readonly thanks: RegExp;
    readonly bye: RegExp;
    readonly wait: RegExp;
    /** Three number words in a row. */
    readonly numbers: RegExp;
  };
  readonly hello: Lines;
  /** Answers to a question. */
  readonly check: Lines;
  readonly yes: Lines;
  readonly no: Lines;
  /** A name or number was given. */
  readonly noted: Lines;
  /** Anything else. */
  readonly more: Lines;
  readonly asks: Lines;
  readonly thanks: Lines;
  /** The caller asked for a moment. */
  readonly wait: Lines;
  /** The caller has been silent. */
  readonly still: Lines;
  /** Speech without words. */
  readonly unheard: Lines;
  readonly bye: Lines;
}

/** At least two, so that the same line need not come twice in a row. */
export type Lines = readonly [string, string, ...string[]];

// \b knows ASCII letters only; marks count as letters, or Hindi words would end in the middle.
const BEFORE = '(?<![\\p{L}\\p{M}\\p{N}])';
const AFTER = '(?![\\p{L}\\p{M}\\p{N}])';

/** One of the phrases (a regular expression's alternatives) as whole words, anywhere. */
export function says(phrases: string): RegExp {
  return new RegExp(`${BEFORE}(?:${phrases})${AFTER}`, 'iu');
}

/** One of the phrases as whole words at the start, punctuation before it ignored. */
export function starts(phrases: string): RegExp {
  return new RegExp(`^[\\p{P}\\s]*(?:${phrases})${AFTER}`, 'iu');
}

/** Three of the words in a row, as in a number that is read out. */
export function threeOf(words: string): RegExp {
  return says(`(?:${words})(?:[\\s,.-]+(?:${words})){2}`);
}
