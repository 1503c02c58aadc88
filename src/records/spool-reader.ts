import { type FileHandle, readdir } from 'node:fs/promises';
import { MAX_LINE_BYTES } from './spool-line.ts';

/** Also bounds one transaction of the store, and with it how long live calls wait: some 5 ms. */
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const SPOOL_NAME = /^\d+-\d+-[0-9a-f]+\.ndjson$/;

/** Complete lines from one place of a spool file, and where the next ones begin. */
export interface SpoolBatch {
  readonly lines: readonly string[];
  /** Offset after the last complete line; equal to the start when there was none (end of file, or a torn last line). */
  readonly end: number;
  /** Something between the offsets was no line: longer than any that is written. */
  readonly skipped: boolean;
}

/** Names of all spool files in `dir`, oldest first; none when the directory is missing. */
export async function spoolNames(dir: string): Promise<string[]> {
  try {
    const names = await readdir(dir);
    return names.filter((name) => SPOOL_NAME.test(name)).sort((a, b) => startOf(a) - startOf(b));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function startOf(name: string): number {
  return Number(name.split('-')[1]);
}

/** Reads the complete lines at `from`, some 64 KB of them; more only when a single line is longer. */
export async function readBatch(file: FileHandle, from: number): Promise<SpoolBatch> {
  for (let want = CHUNK_BYTES; ; want = Math.min(want * 4, MAX_LINE_BYTES)) {
    const bytes = await readUpTo(file, from, want);
    // A grown read is for one long line: taking only that keeps the number of lines in a batch bounded.
    const last = want === CHUNK_BYTES ? bytes.lastIndexOf(NEWLINE) : bytes.indexOf(NEWLINE);
    if (last >= 0) {
      const lines = bytes.toString('utf8', 0, last).split('\n');
      return { lines: lines.filter((line) => line !== ''), end: from + last + 1, skipped: false };
    }
    if (bytes.length < want) return { lines: [], end: from, skipped: false };
    if (want === MAX_LINE_BYTES)
      return { lines: [], end: await afterNextNewline(file, from + want, from), skipped: true };
  }
}

async function readUpTo(file: FileHandle, from: number, want: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(want);
  let got = 0;
  while (got < want) {
    const { bytesRead } = await file.read(bytes, got, want - got, from + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return bytes.subarray(0, got);
}

/** Where the line after an overlong one begins; `none` when the file ends before. */
async function afterNextNewline(file: FileHandle, from: number, none: number): Promise<number> {
  for (let at = from; ; ) {
    const bytes = await readUpTo(file, at, CHUNK_BYTES);
    const index = bytes.indexOf(NEWLINE);
    if (index >= 0) return at + index + 1;
    if (bytes.length < CHUNK_BYTES) return none;
    at += bytes.length;
  }
}
