/**
 * Runs the test suite on other Node versions: `npm run test:nodes [-- 22 24]`. Each comes as the `node` package from
 * the npm registry into a temporary folder; nothing is left behind.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];
const failed: string[] = [];

for (const version of versions) {
  const folder = mkdtempSync(join(tmpdir(), 'hangup-guard-node-'));
  try {
    const install = spawnSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const bin = join(folder, 'node_modules', 'node', 'bin');
    const shown = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' });
    if (install.status !== 0 || shown.status !== 0) {
      failed.push(`${version} (could not be installed)`);
      continue;
    }
    process.stdout.write(`\n== Node ${shown.stdout.trim()}\n`);
    // Child processes of the tests must find the same version.
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
    const run = spawnSync(join(bin, 'node'), ['node_modules/vitest/vitest.mjs', 'run'], { stdio: 'inherit', env });
    if (run.status !== 0) failed.push(shown.stdout.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (failed.length > 0) {
  process.stderr.write(`error: the suite failed on Node ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
