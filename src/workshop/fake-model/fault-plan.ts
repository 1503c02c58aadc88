import { suggest } from '../../config/suggest.ts';
import { seededRng } from '../player/rng.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import type { DialectName } from './mind.ts';

/** Which fault a request meets; undefined: none. `number` counts from 0. */
export type FaultPlan = (request: {
  readonly number: number;
  readonly dialect: DialectName;
  readonly stream: boolean;
}) => FaultName | undefined;

export interface FaultChance {
  readonly fault: FaultName;
  /** 0 to 1. */
  readonly probability: number;
}

/** Faults by the number of the request. */
export function faultsAt(byNumber: Readonly<Record<number, FaultName>>): FaultPlan {
  return ({ number }) => byNumber[number];
}

/** Faults by chance. The nth request meets the same one with the same seed, whatever the others meet. */
export function randomFaults(chances: readonly FaultChance[], seed: string): FaultPlan {
  return ({ number }) => {
    let draw = seededRng(`${seed}/${number}`).next();
    for (const { fault, probability } of chances) {
      draw -= probability;
      if (draw < 0) return fault;
    }
    return undefined;
  };
}

/**
 * Reads `stall:0.1`; without a probability every request meets the fault.
 * @throws RangeError in words for a person.
 */
export function parseFault(text: string): FaultChance {
  const [name = '', chance = '1', ...more] = text.split(':');
  const fault = FAULT_NAMES.find((known) => known === name);
  if (fault === undefined) {
    const near = suggest(name, FAULT_NAMES);
    throw new RangeError(`no fault "${name}"; ${near ?? `there are ${FAULT_NAMES.join(', ')}`}`);
  }
  const probability = chance.trim() === '' ? Number.NaN : Number(chance);
  if (more.length > 0 || !(probability >= 0 && probability <= 1)) {
    throw new RangeError(`the probability of "${name}" must be between 0 and 1, as in ${name}:0.1`);
  }
  return { fault, probability };
}
