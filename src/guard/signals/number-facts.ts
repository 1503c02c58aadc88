import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { signal } from '../signal.ts';
import type { CallFacts, Evidence } from '../types.ts';

const EVIDENCE: Readonly<Record<string, string>> = {
  'attestation-failed': 'the carrier says that the caller number is forged',
  impossible: 'the caller number cannot exist',
  'unassigned-range': 'the caller number lies in no assigned range',
  'expensive-range': 'the caller number is a premium-rate or shared-cost number, which people do not call from',
};

/** Facts of the caller's number by libphonenumber's metadata. A withheld number and a country are no evidence. */
export function numberFacts(facts: CallFacts): Evidence | null {
  const level = levelOf(facts);
  return level ? { level, reason: EVIDENCE[level] ?? level } : null;
}

function levelOf({ callerNumber, attestation }: CallFacts): string | null {
  if (attestation === 'failed') return 'attestation-failed';
  if (!callerNumber) return null;
  const parsed = parsePhoneNumberFromString(callerNumber.startsWith('+') ? callerNumber : `+${callerNumber}`);
  if (!parsed?.isPossible()) return 'impossible';
  if (!parsed.isValid()) return 'unassigned-range';
  const type = parsed.getType();
  return type === 'PREMIUM_RATE' || type === 'SHARED_COST' ? 'expensive-range' : null;
}

export const numberFactsSignal = signal<null>({
  name: 'number-facts',
  follows: 'events',
  start: null,
  observe(slot, seen) {
    return seen.type === 'opened' ? { own: null, evidence: numberFacts(seen.facts) } : slot;
  },
});
