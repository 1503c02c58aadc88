import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CallFilter } from './call-access.ts';
import { ingestAll } from './ingest.ts';
import { maskNumber } from './mask.ts';
import { SPOOL_DIRECTORY } from './open-records.ts';
import { openStore, STORE_FILE } from './open-store.ts';
import { printable } from './printable.ts';
import type { CallRecord } from './record.ts';
import { RecordsError } from './records-error.ts';
import type { RecordsLogger } from './records-logger.ts';
import type { Store } from './store.ts';

/** The records of a data directory for reading. */
export interface Log {
  list(filter: CallFilter): Promise<CallRecord[]>;
  get(callId: string): Promise<CallRecord | null>;
  /** A call that was opened but has no record. */
  isOpen(callId: string): Promise<boolean>;
  /** What replay and rescoring read: see `Store`. */
  replayable: Store['replayable'];
  countTrails: Store['countTrails'];
  trails: Store['trails'];
  close(): void;
}

/**
 * Opens what is recorded in `dataDir`, after taking in the spools that are there (of a process that died, or of one
 * that runs: both may).
 * @throws RecordsError `no-such-directory` when nothing was ever recorded there, and those of `openStore`.
 */
export async function openLog(dataDir: string, logger: RecordsLogger): Promise<Log> {
  const dir = join(dataDir, SPOOL_DIRECTORY);
  if (!existsSync(dir) && !existsSync(join(dataDir, STORE_FILE))) {
    throw new RecordsError(
      'no-such-directory',
      `nothing is recorded in ${dataDir}; name the data directory with --data-dir`,
    );
  }
  const store = await openStore(dataDir);
  try {
    await ingestAll({ dir, store, logger });
  } catch (error) {
    store.close();
    throw error;
  }
  return {
    list: (filter) => store.list(filter),
    get: (callId) => store.get(callId),
    isOpen: async (callId) => (await store.resume(callId, 0)) !== null,
    replayable: (limit) => store.replayable(limit),
    countTrails: (since) => store.countTrails(since),
    trails: (page) => store.trails(page),
    close: () => store.close(),
  };
}

/** One call in the list: short, printable texts. */
export interface LogRow {
  readonly callId: string;
  readonly when: string;
  readonly agent: string;
  readonly caller: string;
  readonly outcome: string;
  readonly decision: string;
  readonly category: string;
  readonly points: string;
  readonly length: string;
  readonly saved: string;
}

/** @param numbers show callers' numbers in full instead of masked. */
export function logRow(record: CallRecord, numbers: boolean): LogRow {
  return {
    callId: printable(record.callId, 60),
    when: timeOf(record.startedAt),
    agent: printable(record.agent, 30),
    caller: callerOf(record, numbers),
    outcome: printable(record.outcome),
    decision: printable(record.decision),
    category: printable(record.category ?? '–'),
    points: signed(record.points),
    length: seconds(record.callMs),
    saved: record.savedMs > 0 ? seconds(record.savedMs) : '–',
  };
}

/** The record for JSON output: without `numbers`, numbers are masked and the event log, which holds them, is left out. */
export function shownRecord(record: CallRecord, numbers: boolean): CallRecord {
  if (numbers) return record;
  const { events: _events, callerNumber, ...rest } = record;
  return callerNumber === undefined ? rest : { ...rest, callerNumber: maskNumber(callerNumber) };
}

/** `2026-01-31 17:05:09Z` */
export function timeOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '–' : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Milliseconds as seconds with one decimal. */
export function seconds(ms: number | null | undefined): string {
  return typeof ms === 'number' ? `${(ms / 1000).toFixed(1)} s` : '–';
}

/** Points with their sign. NaN and Infinity come back from JSON as null. */
export function signed(points: number | null | undefined): string {
  return typeof points === 'number' ? `${points < 0 ? '−' : '+'}${Math.abs(points).toFixed(1)}` : '–';
}

export function callerOf(
  record: { readonly callerNumber?: string; readonly direction: string },
  numbers: boolean,
): string {
  const { callerNumber, direction } = record;
  if (callerNumber === undefined) return direction === 'web' ? 'web call' : 'withheld';
  return printable(numbers ? callerNumber : maskNumber(callerNumber), 40);
}
