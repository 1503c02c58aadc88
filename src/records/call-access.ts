import type { Category, Decision, Outcome } from '../guard/types.ts';
import type { CallRecord, Records } from './record.ts';

/** Which calls to list. Times are epoch ms; `since` is included, `before` is not (the cursor for the next page). */
export interface CallFilter {
  readonly agent?: string;
  readonly outcome?: Outcome;
  readonly decision?: Decision;
  readonly category?: Category;
  readonly number?: string;
  readonly since?: number;
  readonly before?: number;
  /** 1 to `MAX_LISTED`, else 50. */
  readonly limit?: number;
}

export const MAX_LISTED = 1000;

export function limitOf(filter: CallFilter): number {
  const { limit = 50 } = filter;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    throw new RangeError(`limit must be a whole number from 1 to ${MAX_LISTED}, not ${limit}`);
  }
  return limit;
}

/** Reading and erasing what was recorded, for the log, the review page and the tests. */
export interface CallAccess {
  /** Calls that have a record, newest start first, without their events. */
  list(filter?: CallFilter): Promise<CallRecord[]>;
  /** The whole record with its events; null when the call is not known or has no record yet. */
  get(callId: string): Promise<CallRecord | null>;
  /** Removes every call of a number, here and from the spool files in reach; answers how many calls that were. */
  erase(number: string): Promise<number>;
}

/** Records with the means to read and erase them. */
export interface CallRecords extends Records, CallAccess {}
