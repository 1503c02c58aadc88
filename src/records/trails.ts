import type { Kysely } from 'kysely';
import type { CallsTable, Tables } from './database.ts';

const COLUMNS = [
  ...(['agent', 'direction', 'caller_number', 'started_at'] as const),
  ...(['decision', 'category', 'call_ms', 'saved_ms'] as const),
] as const;

/** What rescoring reads of a call; `trail` is null in records of older versions. */
export type TrailRow = Pick<CallsTable, 'call_id' | (typeof COLUMNS)[number]> & { readonly trail: string | null };

export async function putTrail(db: Kysely<Tables>, callId: string, trail: string): Promise<void> {
  await db
    .insertInto('trails')
    .values({ call_id: callId, trail })
    .onConflict((conflict) => conflict.column('call_id').doUpdateSet({ trail }))
    .execute();
}

export async function trailOf(db: Kysely<Tables>, callId: string): Promise<string | null> {
  const row = await db.selectFrom('trails').select('trail').where('call_id', '=', callId).executeTakeFirst();
  return row?.trail ?? null;
}

export interface TrailPage {
  readonly limit: number;
  /** Epoch ms, included. */
  readonly since?: number;
  /** The last row of the page before. */
  readonly after?: Pick<TrailRow, 'call_id' | 'started_at'>;
}

/** Calls that have a record, newest start first. */
export function trailPage(db: Kysely<Tables>, { limit, since, after }: TrailPage): Promise<TrailRow[]> {
  let query = db
    .selectFrom('calls')
    .leftJoin('trails', 'trails.call_id', 'calls.call_id')
    .select(['calls.call_id', ...COLUMNS, 'trails.trail'])
    .where('record', 'is not', null);
  if (since !== undefined) query = query.where('started_at', '>=', since);
  if (after !== undefined) {
    const { started_at, call_id } = after;
    query = query
      .where('started_at', '<=', started_at)
      .where((row) => row.or([row('started_at', '<', started_at), row('calls.call_id', '>', call_id)]));
  }
  return query.orderBy('started_at', 'desc').orderBy('calls.call_id').limit(limit).execute();
}

/** How many calls there are to rescore. */
export async function countTrails(db: Kysely<Tables>, since = 0): Promise<number> {
  const row = await db
    .selectFrom('calls')
    .select((calls) => calls.fn.countAll<number>().as('count'))
    .where('record', 'is not', null)
    .where('started_at', '>=', since)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

/** Ids of the newest calls that can be replayed, and how many as new as those have no events. */
export async function replayable(
  db: Kysely<Tables>,
  limit: number,
): Promise<{ readonly callIds: readonly string[]; readonly without: number }> {
  const calls = db.selectFrom('calls').where('record', 'is not', null);
  const rows = await calls
    .select(['call_id', 'started_at'])
    .where('events', 'is not', null)
    .orderBy('started_at', 'desc')
    .orderBy('call_id')
    .limit(limit)
    .execute();
  let others = calls.select((row) => row.fn.countAll<number>().as('count')).where('events', 'is', null);
  const oldest = rows.at(-1);
  if (rows.length === limit && oldest) others = others.where('started_at', '>=', oldest.started_at);
  const row = await others.executeTakeFirst();
  return { callIds: rows.map(({ call_id }) => call_id), without: Number(row?.count ?? 0) };
}
