import { setTimeout as sleep } from 'node:timers/promises';
import { causeOf } from './records-error.ts';

const TRIES = 40;
const FIRST_WAIT_MS = 5;
const LAST_WAIT_MS = 100;

/**
 * Runs `work`, again while another connection holds the database's write lock, for some 4 s in all. SQLite's own
 * waiting would stop every call of this process; this waits without.
 * @throws what `work` throws, at the last try also SQLITE_BUSY.
 */
export async function whenFree<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!causeOf(error).startsWith('SQLITE_BUSY') || tries === TRIES) throw error;
    }
    await sleep(Math.min(FIRST_WAIT_MS * tries, LAST_WAIT_MS));
  }
}
