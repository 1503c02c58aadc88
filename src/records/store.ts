import type { Transaction } from 'kysely';
import type { NumberHistory, Resumed } from '../guard/types.ts';
import { earlierCalls, numberHistory } from '../memory/number-history.ts';
import { type CallFilter, limitOf } from './call-access.ts';
import { callKey, numberKey } from './call-key.ts';
import { type CallRow, eventsOf, rowOf, stateOf } from './call-row.ts';
import { type CallState, recordOf, resumedOf, takeLine } from './call-state.ts';
import type { OpenDatabase, Tables } from './database.ts';
import type { CallRecord, SpoolLine } from './record.ts';
import { countTrails, putTrail, replayable, type TrailPage, type TrailRow, trailOf, trailPage } from './trails.ts';
import { whenFree } from './when-free.ts';

/** Rows deleted in one transaction, so that a large clean-up does not hold up live calls. */
const DELETE_BATCH = 500;

/** Everything of a row but its events and its trail. */
const COLUMNS = [
  ...['call_id', 'agent', 'platform', 'direction', 'caller_number', 'opened_at', 'greeted', 'latch'],
  ...['closed_at', 'started_at', 'ended_at', 'outcome', 'decision', 'category', 'points', 'probability'],
  ...['call_ms', 'saved_ms', 'decided', 'sent', 'confirmed', 'record'],
] as (keyof CallRow)[];

/** Where the lines of one batch come from. */
export interface Progress {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** The calls in SQLite. Every method rejects with the error of libsql when the file does not answer. */
export class Store {
  readonly #open: OpenDatabase;

  constructor(open: OpenDatabase) {
    this.#open = open;
  }

  /** How many bytes of a spool file are in the store. */
  async ingested(name: string): Promise<number> {
    const { db } = this.#open;
    const row = await db.selectFrom('spool_files').select('ingested').where('name', '=', name).executeTakeFirst();
    return row?.ingested ?? 0;
  }

  /**
   * Takes the lines between two offsets of a file, in one transaction with the offset itself. False, and nothing
   * done, when the file is not at `from`: another process was faster.
   */
  async take(lines: readonly SpoolLine[], progress: Progress, now: number): Promise<boolean> {
    return this.#write(async (db) => {
      const known = await db
        .selectFrom('spool_files')
        .select('ingested')
        .where('name', '=', progress.name)
        .executeTakeFirst();
      if ((known?.ingested ?? 0) !== progress.from) return false;

      const keys = [...new Set(lines.map((line) => callKey(line.callId)))];
      const rows =
        keys.length === 0 ? [] : await db.selectFrom('calls').select(COLUMNS).where('call_id', 'in', keys).execute();
      const before = new Map<string, CallState>(rows.map((row) => [row.call_id, stateOf(row)]));
      const after = new Map(before);
      for (const line of lines) {
        const key = callKey(line.callId);
        after.set(key, takeLine(after.get(key), line));
      }
      for (const state of after.values()) {
        const row = rowOf(state);
        // The record that was read has no events and no trail: those that are kept stay, unless they may not be kept.
        const events = eventsOf(state.record);
        const whole = events !== null || state.record?.noText ? { ...row, events } : row;
        const trail = state.record?.trail;
        if (trail !== undefined) await putTrail(db, row.call_id, trail);
        await db
          .insertInto('calls')
          .values({ events: null, ...whole })
          .onConflict((conflict) => conflict.column('call_id').doUpdateSet(whole))
          .execute();
      }
      await db
        .insertInto('spool_files')
        .values({ name: progress.name, ingested: progress.to, updated_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ ingested: progress.to, updated_at: now }))
        .execute();
      return true;
    });
  }

  async forgetFile(name: string): Promise<void> {
    await this.#write((db) => db.deleteFrom('spool_files').where('name', '=', name).execute());
  }

  async resume(callId: string, now: number): Promise<Resumed | null> {
    const row = await this.#open.db
      .selectFrom('calls')
      .select(COLUMNS)
      .where('call_id', '=', callKey(callId))
      .executeTakeFirst();
    return row === undefined ? null : resumedOf(stateOf(row), now);
  }

  async history(number: string, now: number): Promise<NumberHistory | null> {
    const key = numberKey(number);
    return key === undefined ? null : numberHistory(await earlierCalls(this.#open.db, key, now));
  }

  async list(filter: CallFilter = {}): Promise<CallRecord[]> {
    let query = this.#open.db.selectFrom('calls').select(COLUMNS).where('record', 'is not', null);
    for (const column of ['agent', 'outcome', 'decision', 'category'] as const) {
      const value = filter[column];
      if (value !== undefined) query = query.where(column, '=', value);
    }
    if (filter.number !== undefined) {
      query = query.where('caller_number', '=', numberKey(filter.number) ?? filter.number);
    }
    if (filter.since !== undefined) query = query.where('started_at', '>=', filter.since);
    if (filter.before !== undefined) query = query.where('started_at', '<', filter.before);
    const rows = await query.orderBy('started_at', 'desc').orderBy('call_id').limit(limitOf(filter)).execute();
    return rows.flatMap((row) => recordOf(stateOf(row)) ?? []);
  }

  async get(callId: string): Promise<CallRecord | null> {
    const key = callKey(callId);
    const row = await this.#open.db.selectFrom('calls').selectAll().where('call_id', '=', key).executeTakeFirst();
    if (row === undefined) return null;
    const trail = await trailOf(this.#open.db, key);
    const record = recordOf(stateOf(row));
    if (record === null) return null;
    return {
      ...record,
      ...(row.events === null ? {} : { events: Buffer.from(new Uint8Array(row.events)).toString('base64') }),
      ...(trail === null ? {} : { trail }),
    };
  }

  replayable(limit: number): ReturnType<typeof replayable> {
    return replayable(this.#open.db, limit);
  }

  countTrails(since?: number): Promise<number> {
    return countTrails(this.#open.db, since);
  }

  /** These three: see `trails.ts`. */
  trails(page: TrailPage): Promise<TrailRow[]> {
    return trailPage(this.#open.db, page);
  }

  /** Deletes the calls of a number; the pages they stood on are overwritten. */
  async erase(number: string): Promise<number> {
    const key = numberKey(number) ?? number;
    const result = await this.#write((db) =>
      db.deleteFrom('calls').where('caller_number', '=', key).executeTakeFirst(),
    );
    this.#open.checkpoint('truncate');
    return Number(result.numDeletedRows);
  }

  /** Deletes calls that began before `time` (epoch ms), a batch at a time; answers how many. */
  async deleteBefore(time: number): Promise<number> {
    for (let total = 0; ; ) {
      const result = await this.#write((db) => {
        const batch = db.selectFrom('calls').select('call_id').where('started_at', '<', time).limit(DELETE_BATCH);
        return db.deleteFrom('calls').where('call_id', 'in', batch).executeTakeFirst();
      });
      const deleted = Number(result.numDeletedRows);
      total += deleted;
      if (deleted < DELETE_BATCH) return total;
      // Kysely's promises never leave the microtask queue here: let sockets have their turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Forgets how far files were read that are not there any more and were not touched since `time`. */
  async forgetMissingFiles(present: readonly string[], time: number): Promise<void> {
    const { db } = this.#open;
    const rows = await db.selectFrom('spool_files').select('name').where('updated_at', '<', time).execute();
    const there = new Set(present);
    for (const { name } of rows) if (!there.has(name)) await this.forgetFile(name);
  }

  /** Rejects when the file does not answer. */
  async ping(): Promise<void> {
    await this.#open.db.selectFrom('spool_files').select('name').limit(1).execute();
  }

  /** Everything committed is on disk for good; false when another process is in the way just now. */
  sync(): boolean {
    return this.#open.checkpoint('passive');
  }

  /** One transaction; takes the write lock at its begin. */
  #write<T>(work: (db: Transaction<Tables>) => Promise<T>): Promise<T> {
    return whenFree(() => this.#open.db.transaction().execute(work));
  }

  close(): void {
    this.#open.close();
  }
}
