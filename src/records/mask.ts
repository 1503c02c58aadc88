import { numberKey } from './call-key.ts';

/** What platforms write for a caller who withholds the number: says nothing of a person. */
const WITHHELD = /^(anonymous|private|restricted|unavailable|unknown|withheld)$/i;

/** Digits that must stay hidden for a number to be shown in part, and how many are shown at most at either end. */
const HIDDEN = 5;
const SHOWN_FIRST = 4;
const SHOWN_LAST = 2;

/**
 * A number for logs and lists: the start (country and area) and the last two digits, such as `+1213•••••43`. Shorter
 * numbers, SIP addresses and everything else are hidden whole; words such as `anonymous` stay.
 */
export function maskNumber(number: string): string {
  if (WITHHELD.test(number)) return number.toLowerCase();
  const key = numberKey(number);
  if (key === undefined) return '•••';
  const plus = key.startsWith('+') ? '+' : '';
  const digits = key.slice(plus.length);
  const first = Math.min(SHOWN_FIRST, digits.length - HIDDEN - SHOWN_LAST);
  if (first < 2) return `${plus}•••`;
  const hidden = digits.length - first - SHOWN_LAST;
  return `${plus}${digits.slice(0, first)}${'•'.repeat(hidden)}${digits.slice(-SHOWN_LAST)}`;
}
