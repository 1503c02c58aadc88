import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import Database from 'libsql';
import { afterAll } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { STORE_FILE } from '../../src/records/open-store.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { encodeSpoolLine } from '../../src/records/spool-line.ts';

const PAGE_BYTES = 4096;

/** A data directory with these records, gone after the tests. */
export function dataDirWith(records: readonly CallRecord[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'hangup-guard-recorded-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'spool'));
  const lines = records.map((record) =>
    encodeSpoolLine({ type: 'closed', at: record.endedAt, callId: record.callId, record }),
  );
  writeFileSync(join(dir, 'spool', '1-1700000000000-abc.ndjson'), Buffer.concat(lines));
  return dir;
}

/** Overwrites the roots of the table of calls and of its indexes in a store that was taken in. */
export function damageStore(dataDir: string): void {
  const path = join(dataDir, STORE_FILE);
  const raw = new Database(path);
  raw.pragma('wal_checkpoint(truncate)');
  const pages = raw.prepare("select rootpage from sqlite_master where name = 'calls' or tbl_name = 'calls'").all();
  raw.close();
  const file = openSync(path, 'r+');
  for (const { rootpage } of pages as { rootpage: number }[]) {
    writeSync(file, Buffer.alloc(PAGE_BYTES, 0xaa), 0, PAGE_BYTES, (rootpage - 1) * PAGE_BYTES);
  }
  closeSync(file);
}

/** Runs a command in this process; `code` is the one that the process would end with. */
export async function run(
  make: (deps: { stdout: { write(text: string): unknown }; setExitCode(code: number): void }) => Command,
  ...argv: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  let [out, err, code] = ['', '', 0];
  const command = () => make({ stdout: { write: (text) => (out += text) }, setExitCode: (set) => (code = set) });
  const failed = await runCli([{ make: command }], argv, {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code: failed || code, out, err };
}
