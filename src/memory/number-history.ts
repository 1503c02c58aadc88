import type { Kysely } from 'kysely';
import { CATEGORIES, type NumberHistory } from '../guard/types.ts';
import type { Tables } from '../records/database.ts';

/** Calls older than this say nothing about a number any more: numbers are handed on. */
export const HISTORY_MS = 90 * 24 * 60 * 60 * 1000;

/** Calls of one number that are looked at; the counts stop here. */
export const HISTORY_CALLS = 500;

/** What one earlier call says about its number. Times are epoch ms. */
export interface EarlierCall {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: string;
  readonly category: string | null;
}

/**
 * What earlier calls of a number add up to; null when there were none. `lastCategory` is that of the last hang-up.
 * @param calls in any order, at most `HISTORY_CALLS`.
 */
export function numberHistory(calls: readonly EarlierCall[]): NumberHistory | null {
  let last: EarlierCall | undefined;
  let lastHungUp: EarlierCall | undefined;
  let lastLetThrough: EarlierCall | undefined;
  let completed = 0;
  let hungUp = 0;
  for (const call of calls) {
    if (last === undefined || call.startedAt >= last.startedAt) last = call;
    if (call.outcome === 'completed') completed++;
    if (call.outcome === 'hung_up') {
      hungUp++;
      if (lastHungUp === undefined || call.startedAt >= lastHungUp.startedAt) lastHungUp = call;
    } else if (lastLetThrough === undefined || call.startedAt >= lastLetThrough.startedAt) {
      lastLetThrough = call;
    }
  }
  if (last === undefined) return null;
  const counts = { calls: calls.length, completed, hungUp, lastCallAt: last.startedAt };
  if (lastHungUp === undefined) return { ...counts, passUsed: false };
  const category = CATEGORIES.find((name) => name === lastHungUp.category);
  return {
    ...counts,
    lastHungUpAt: lastHungUp.endedAt,
    ...(category === undefined ? {} : { lastCategory: category }),
    passUsed: lastLetThrough !== undefined && lastLetThrough.startedAt > lastHungUp.startedAt,
  };
}

/** The calls of `number` that have a record and began in the 90 days before `now`, newest first. */
export async function earlierCalls(db: Kysely<Tables>, number: string, now: number): Promise<EarlierCall[]> {
  const rows = await db
    .selectFrom('calls')
    .select(['started_at', 'ended_at', 'outcome', 'category'])
    .where('caller_number', '=', number)
    .where('started_at', '>=', now - HISTORY_MS)
    .where('record', 'is not', null)
    .orderBy('started_at', 'desc')
    .limit(HISTORY_CALLS)
    .execute();
  return rows.map((row) => ({
    startedAt: row.started_at,
    endedAt: row.ended_at ?? row.started_at,
    outcome: row.outcome ?? '',
    category: row.category,
  }));
}
