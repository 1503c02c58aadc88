import { join } from 'node:path';
import { type Log, openLog } from '../records/log.ts';
import { STORE_FILE, storeError } from '../records/open-store.ts';
import { causeOf, type RecordsError } from '../records/records-error.ts';
import type { RecordsLogger } from '../records/records-logger.ts';
import { CliError, EXIT } from './errors.ts';

/**
 * Opens what is recorded in a data directory, reads of it, and closes it.
 * @throws RecordsError when it cannot be opened, or turns out to be damaged while it is read.
 */
export async function readingRecords<T>(
  dataDir: string,
  logger: RecordsLogger,
  read: (log: Log) => Promise<T>,
): Promise<T> {
  let log: Log | undefined;
  try {
    log = await openLog(dataDir, logger);
    return await read(log);
  } catch (error) {
    throw causeOf(error).startsWith('SQLITE_') ? storeError(join(dataDir, STORE_FILE), error) : error;
  } finally {
    log?.close();
  }
}

/** A directory without records is wrong usage; records that cannot be read are not. */
export function recordsCliError({ code, message }: RecordsError): CliError {
  return new CliError(message, undefined, code === 'no-such-directory' ? EXIT.usage : EXIT.finding);
}
