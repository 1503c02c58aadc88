import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { bareNumber, onList } from './number-list.ts';
import type { Policy } from './policy.ts';
import type { CallFacts } from './types.ts';

/** Rules above the sum of points, in their order. */
export type Rule =
  | { readonly name: 'sanctioned'; readonly reason: string }
  | { readonly name: 'protect'; readonly reason: string }
  | { readonly name: 'allow'; readonly reason: string }
  | { readonly name: 'block'; readonly reason: string };

const ORDER: readonly Rule['name'][] = ['sanctioned', 'protect', 'allow', 'block'];

/** The rule that stands higher. */
export const higher = (a: Rule | null, b: Rule | null): Rule | null =>
  !a ? b : !b ? a : ORDER.indexOf(a.name) <= ORDER.indexOf(b.name) ? a : b;

/** Calling codes of several countries, told apart by the parsed number alone. */
const SHARED_CODES = new Set(['1', '39', '44', '47', '61', '212', '262', '290', '358', '590', '599']);

/**
 * The sanctioned country of a number, by calling code before validity: libphonenumber calls some live numbers of
 * SY or KP invalid. +7 is Russia and Kazakhstan; Kazakh national numbers begin with 6 or 7 (ITU-T, +7 6xx and +7 7xx).
 */
export function sanctionedCountry(number: string, sanctioned: readonly string[]): string | null {
  const bare = bareNumber(number);
  if (bare === '') return null;
  const parsed = parsePhoneNumberFromString(bare)?.country;
  for (const country of sanctioned) {
    if (parsed === country) return country;
    if (!isSupportedCountry(country)) continue;
    const code = getCountryCallingCode(country);
    if (!bare.startsWith(`+${code}`)) continue;
    // Codes shared by several countries need more than the code.
    if (code === '7') {
      const kazakh = bare[2] === '6' || bare[2] === '7';
      if ((country === 'KZ') === kazakh) return country;
      continue;
    }
    if (SHARED_CODES.has(code)) continue;
    return country;
  }
  return null;
}

/** The rule that the facts of a call alone set, before anything is said. */
export function ruleOfFacts(facts: CallFacts, policy: Policy): Rule | null {
  const number = facts.callerNumber ? bareNumber(facts.callerNumber) : '';
  if (number === '') return null;
  const country = sanctionedCountry(number, policy.sanctioned);
  if (country) return { name: 'sanctioned', reason: `numbers of ${country} are never served` };
  if (onList(policy.lists.protect, number)) return { name: 'protect', reason: 'the number is on the protect list' };
  if (onList(policy.lists.allow, number) && facts.attestation !== 'failed') {
    return { name: 'allow', reason: 'the number is on the allow list' };
  }
  if (onList(policy.lists.block, number)) return { name: 'block', reason: 'the number is on the block list' };
  return null;
}
