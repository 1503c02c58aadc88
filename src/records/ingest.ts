import { type FileHandle, open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolLine } from './record.ts';
import type { RecordsLogger } from './records-logger.ts';
import { parseSpoolLine } from './spool-line.ts';
import { readBatch, spoolNames } from './spool-reader.ts';
import type { Store } from './store.ts';

/**
 * A file of another process that nobody wrote for this long is a left-over and goes once it is ingested. Who still
 * lives closes an idle file long before, so no process id has to be trusted (in containers they repeat).
 */
const LEFT_OVER_MS = 2 * 60 * 60 * 1000;

export interface IngestFrom {
  readonly dir: string;
  readonly store: Store;
  readonly logger: RecordsLogger;
  /** Epoch ms; defaults to the wall clock. */
  readonly now?: () => number;
}

/** Takes everything new in one spool file into the store. A file that is gone is no error. */
export async function ingestFile(from: IngestFrom, name: string): Promise<void> {
  const now = from.now ?? Date.now;
  // Asked before the file is opened: whoever removes a file does so before forgetting its progress, so a finished
  // file is never read again from its start.
  let offset = await from.store.ingested(name);
  const file = await openIfThere(join(from.dir, name));
  if (file === null) return;
  try {
    for (;;) {
      const batch = await readBatch(file, offset);
      if (batch.end === offset) return;
      const lines = batch.lines.map(parseSpoolLine);
      const good = lines.filter((line): line is SpoolLine => line !== null);
      const taken = await from.store.take(good, { name, from: offset, to: batch.end }, now());
      if (taken && (good.length < lines.length || batch.skipped)) {
        const bad = lines.length - good.length + (batch.skipped ? 1 : 0);
        from.logger.warn({ file: name, offset, bad }, 'spool lines that cannot be read were skipped');
      }
      offset = taken ? batch.end : await from.store.ingested(name);
    }
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Takes in all spool files of the directory but those in `except`, which their owner takes in. */
export async function ingestAll(from: IngestFrom, except: ReadonlySet<string> = new Set()): Promise<void> {
  for (const name of await spoolNames(from.dir)) if (!except.has(name)) await ingestFile(from, name);
}

/** Removes a closed file after taking in what is left of it; false when it has to stay a while. */
export async function finishFile(from: IngestFrom, name: string): Promise<boolean> {
  await ingestFile(from, name);
  return removeFile(from, name);
}

/** Takes in and removes the files that other processes left behind. */
export async function removeLeftOvers(from: IngestFrom, except: ReadonlySet<string>): Promise<void> {
  const now = from.now ?? Date.now;
  for (const name of await spoolNames(from.dir)) {
    if (except.has(name)) continue;
    const info = await stat(join(from.dir, name)).catch(() => null);
    if (info !== null && now() - info.mtimeMs > LEFT_OVER_MS) await finishFile(from, name);
  }
}

/** A power cut may take the last commits of a write-ahead log: the file goes only when the store is on disk. */
async function removeFile(from: IngestFrom, name: string): Promise<boolean> {
  if (!from.store.sync()) return false;
  try {
    await unlink(join(from.dir, name));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await from.store.forgetFile(name);
  return true;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
