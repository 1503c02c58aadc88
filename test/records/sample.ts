import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RecordsLogger } from '../../src/records/records-logger.ts';

export * from './sample-records.ts';

/** A directory of its own, gone after the test. */
export function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'hangup-guard-records-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A logger that keeps what it is told. */
export function keptLogger(): RecordsLogger & { readonly lines: { level: string; fields: object; message: string }[] } {
  const lines: { level: string; fields: object; message: string }[] = [];
  const keep = (level: string) => (fields: object, message: string) => void lines.push({ level, fields, message });
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}
