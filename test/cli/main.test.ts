import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { guardJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-cli-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs the real program; `closed` closes its standard output before it writes, as `| head -0` does. */
function hangupGuard(argv: readonly string[], closed = false) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...argv], { cwd: root });
    let out = '';
    let err = '';
    if (closed) child.stdout.destroy();
    child.stdout.on('data', (piece) => {
      out += piece;
    });
    child.stderr.on('data', (piece) => {
      err += piece;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

it('init writes a guard.yaml that loads as the defaults, and says what comes next', async () => {
  const target = join(dir, 'new', 'place');
  const { code, out, err } = await hangupGuard(['init', target]);
  const file = join(target, 'guard.yaml');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(loadConfig(file)).toEqual(loadConfig(undefined));
  expect(out).toContain(`hangup-guard serve --config ${file}`);
  expect(out).toMatch(/1\. [\s\S]*2\. /);
});

it('init overwrites only when told to', async () => {
  const file = join(dir, 'guard.yaml');
  writeFileSync(file, 'mode: enforce');
  const refused = await hangupGuard(['init', dir]);
  expect(refused.code).toBe(2);
  expect(refused.err).toBe(`error: ${file} is there already\nhint: use --force to replace it\n`);
  expect(readFileSync(file, 'utf8')).toBe('mode: enforce');
  expect((await hangupGuard(['init', '--force', dir])).code).toBe(0);
  expect(loadConfig(file).mode).toBe('shadow');
});

it('schema prints the schema', async () => {
  const { code, out } = await hangupGuard(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual(guardJsonSchema());
});

it('is quiet when its output is closed early', async () => {
  const { code, err } = await hangupGuard(['schema'], true);
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

it('exits with 2 on wrong usage', async () => {
  const { code, err } = await hangupGuard(['nothing-like-it']);
  expect(code).toBe(2);
  expect(err).toContain('error: unknown command');
});
