import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, wallClock } from '../clock.ts';
import type { CallRecords } from './call-access.ts';
import { FileRecords } from './file-records.ts';
import { causeOf, RecordsError } from './records-error.ts';
import { type RecordsLogger, silentLogger } from './records-logger.ts';

export const SPOOL_DIRECTORY = 'spool';

export type { CallFilter, CallRecords } from './call-access.ts';

export interface OpenRecordsOptions {
  readonly dataDir: string;
  /** Days that calls are kept; default 30. */
  readonly retentionDays?: number;
  readonly logger?: RecordsLogger;
  readonly clock?: Clock;
  /** Size at which a spool file is closed; default 16 MB. */
  readonly spoolLimitBytes?: number;
  /**
   * What to do when the database cannot be opened. `spool-only` (default): log it, keep every line in the spool and
   * try again, because calls must go on; `ready()` is false meanwhile. `throw`: for commands.
   */
  readonly whenStoreFails?: 'spool-only' | 'throw';
}

/**
 * Opens the records in a data directory, making it where needed, takes in what dead processes left in the spool, and
 * starts retention.
 * @throws RecordsError `spool-failed` when the directory cannot be made; with `whenStoreFails: 'throw'` also
 * `store-damaged`, `store-newer`, `store-unavailable`. RangeError for a retention that is not above 0 days.
 */
export async function openRecords(options: OpenRecordsOptions): Promise<CallRecords> {
  const { dataDir, retentionDays = 30, logger = silentLogger, clock = wallClock } = options;
  if (!(retentionDays > 0)) throw new RangeError(`retention must be above 0 days, not ${retentionDays}`);
  const spoolDir = join(dataDir, SPOOL_DIRECTORY);
  try {
    mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new RecordsError('spool-failed', `cannot make ${spoolDir}: ${causeOf(cause)}`, { cause });
  }
  const records = new FileRecords({
    dataDir,
    spoolDir,
    retentionDays,
    logger,
    clock,
    ...(options.spoolLimitBytes === undefined ? {} : { spoolLimitBytes: options.spoolLimitBytes }),
  });
  try {
    await records.start();
  } catch (error) {
    if (options.whenStoreFails === 'throw') {
      await records.close();
      throw error;
    }
  }
  return records;
}
