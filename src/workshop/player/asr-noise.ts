import type { Rng } from './rng.ts';

/** Word error rate of a noisy call is drawn from this range, for people and machines alike. */
export const WORD_ERROR_MIN = 0.05;
export const WORD_ERROR_MAX = 0.15;
/** Of the errors; the rest are words that were not there. */
const SUBSTITUTED = 0.6;
const DELETED = 0.25;

const CONFUSIONS: readonly (readonly string[])[] = [
  ['to', 'two', 'too'],
  ['for', 'four', 'or'],
  ['your', "you're", 'year'],
  ['there', 'their', 'they are'],
  ['a', 'the', 'uh'],
  ['and', 'in', 'an'],
  ['is', 'as', "it's"],
  ['can', "can't", 'could'],
  ['this', 'the', 'these'],
  ['that', 'at', 'the'],
  ['I', 'eye', "I'd"],
  ['we', 'he', 'she'],
  ['call', 'called', 'cold'],
  ['press', 'pass', 'rest'],
  ['one', 'won', 'on'],
  ['have', 'had', 'of'],
  ['like', 'lake', 'light'],
  ['need', 'knee', 'neat'],
  ['book', 'look', 'brook'],
  ['today', 'to day', 'the day'],
  ['please', 'plea', 'police'],
  ['now', 'no', 'know'],
  ['our', 'are', 'hour'],
  ['will', "we'll", 'well'],
];
const BY_WORD = new Map<string, readonly string[]>();
for (const set of CONFUSIONS) for (const word of set) BY_WORD.set(word.toLowerCase(), set);
const INSERTED = ['uh', 'the', 'a', 'and', 'um', 'is'];

/** What the ASR made of one word: none, one or more words. `wordError` is the chance that it is wrong. */
export function mishear(word: string, wordError: number, rng: Rng): readonly string[] {
  if (wordError <= 0 || !rng.chance(wordError)) return [word];
  const draw = rng.next();
  if (draw < SUBSTITUTED) return substitute(word, rng).split(' ');
  if (draw < SUBSTITUTED + DELETED) return [];
  return [word, rng.pick(INSERTED)];
}

function substitute(word: string, rng: Rng): string {
  const others = BY_WORD.get(word.toLowerCase())?.filter((other) => other.toLowerCase() !== word.toLowerCase());
  if (others !== undefined && others.length > 0) return rng.pick(others);
  // No known confusion: a vowel is heard as another, or the end is lost.
  if (word.length > 4 && rng.chance(0.5)) return word.slice(0, -2);
  const heard = word.replace(/[aeiou]/, (vowel) => rng.pick(['a', 'e', 'i', 'o', 'u'].filter((v) => v !== vowel)));
  return heard === word ? `${word}s` : heard;
}
