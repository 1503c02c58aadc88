import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The built command line. */
    readonly cli: string;
  }
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the package as it stands into a folder of its own, once for all tests: starting it from source takes seconds. */
export default function build(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-guard-build-'));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const cli = join(folder, 'dist', 'cli', 'main.js');
  if (!existsSync(cli)) throw new Error(`the build failed:\n${done.stdout}${done.stderr}`);
  const parts = ['node_modules', 'prompts', 'fixtures', 'assets', 'weights.json', 'eval-gates.yaml'];
  for (const name of parts) symlinkSync(join(ROOT, name), join(folder, name));
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  project.provide('cli', cli);
  return () => rmSync(folder, { recursive: true, force: true });
}
