import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codeHash, contentHash, hashCode, packageVersion } from '../src/version.ts';

it('knows the version of the package', () => {
  expect(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).toContain(
    `"version": "${packageVersion()}"`,
  );
});

it('hashes content as 12 hex digits of SHA-256', () => {
  expect(contentHash('abc')).toBe('ba7816bf8f01');
  expect(codeHash()).toMatch(/^[0-9a-f]{12}$/);
});

it('hashes code by names and contents, and nothing but code', () => {
  const dir = mkdtempSync(join(tmpdir(), 'guard-code-'));
  try {
    mkdirSync(join(dir, 'signals'));
    writeFileSync(join(dir, 'step.ts'), 'a');
    writeFileSync(join(dir, 'signals/one.js'), 'b');
    const first = hashCode(dir);
    writeFileSync(join(dir, 'step.d.ts'), 'declarations');
    writeFileSync(join(dir, 'notes.md'), 'notes');
    expect(hashCode(dir)).toBe(first);
    writeFileSync(join(dir, 'signals/one.js'), 'c');
    expect(hashCode(dir)).not.toBe(first);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
