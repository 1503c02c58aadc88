import { join } from 'node:path';
import { openDatabase } from './database.ts';
import { migrate } from './migrations.ts';
import { causeOf, RecordsError } from './records-error.ts';
import { Store } from './store.ts';
import { whenFree } from './when-free.ts';

export const STORE_FILE = 'hangup-guard.db';

/** How long a statement itself waits for another process; short, because every call of this one waits with it. */
const BUSY_MS = 20;

/**
 * Opens `<dataDir>/hangup-guard.db`, making it and bringing its tables up to date where needed. A file that is no
 * database is left as it is.
 * @throws RecordsError `store-damaged`, `store-newer` or `store-unavailable`.
 */
export async function openStore(dataDir: string): Promise<Store> {
  const path = join(dataDir, STORE_FILE);
  try {
    return await whenFree(async () => {
      const open = openDatabase(path, BUSY_MS);
      try {
        await migrate(open.db);
      } catch (error) {
        open.close();
        throw error;
      }
      return new Store(open);
    });
  } catch (cause) {
    throw storeError(path, cause);
  }
}

/** An error of libsql or Kysely in words that say what to do. */
export function storeError(path: string, cause: unknown): RecordsError {
  if (cause instanceof RecordsError) return cause;
  const code = causeOf(cause);
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new RecordsError(
      'store-damaged',
      `${path} is damaged or not a database (${code}). It was left as it is. Move it and its -wal and -shm files away to start afresh; calls still in the spool will be taken in again.`,
      { cause },
    );
  }
  if (code.startsWith('corrupted migrations')) {
    return new RecordsError('store-newer', `${path} was made by a newer version of hangup-guard: ${code}`, { cause });
  }
  return new RecordsError('store-unavailable', `cannot use ${path}: ${code}`, { cause });
}
