import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { openRecords } from '../records/open-records.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, warn, fail } = findingsOf('store');
const LOW_BYTES = 1_000_000_000;
/** A decision waits for the disk this long before the goodbye is sent. */
const SLOW_MS = 100;

/** Spool and database in `records.dir`. */
export const storeCheck: Check = {
  name: 'store',
  ifDown:
    'without the spool nobody is hung up on and the call goes on; without the database the spool keeps everything until it is back',
  async run({ config }) {
    const { dir } = config.records;
    let there = true;
    try {
      there = statSync(dir, { throwIfNoEntry: false }) !== undefined;
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      const ms = syncTime(dir);
      const found = [ok(`${dir} can be written; a decision is on disk in ${ms.toFixed(1)} ms`)];
      if (ms > SLOW_MS) found.push(warn(`the disk takes ${ms.toFixed(0)} ms to sync`, 'use a local disk'));
      const { bavail, bsize } = statfsSync(dir);
      const free = bavail * bsize;
      if (free < LOW_BYTES) found.push(warn(`${Math.round(free / 1e6)} MB are free in ${dir}`, 'make room'));
      if ((statSync(dir).mode & 0o077) !== 0) {
        found.push(warn(`others on this machine can read ${dir}: it holds transcripts`, `chmod 700 ${dir}`));
      }
      if (there) found.push(await database(dir));
      return found;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
      return [fail(`${dir} cannot be written (${code})`, 'give this user the directory, or set records.dir')];
    } finally {
      // Only an empty one goes: somebody may have begun to use it meanwhile.
      if (!there) removeEmpty(dir);
    }
  },
};

function removeEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch {
    // In use, or never made.
  }
}

function syncTime(dir: string): number {
  const own = mkdtempSync(join(dir, '.doctor-'));
  try {
    const fd = openSync(join(own, 'line'), 'a', 0o600);
    try {
      writeSync(fd, 'x\n');
      const startedAt = performance.now();
      fsyncSync(fd);
      return performance.now() - startedAt;
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

async function database(dir: string) {
  try {
    const records = await openRecords({ dataDir: dir, whenStoreFails: 'throw' });
    await records.close();
    return ok('the database can be read');
  } catch (error) {
    return fail(error instanceof Error ? error.message : 'the database cannot be opened', 'restore it from a backup');
  }
}
