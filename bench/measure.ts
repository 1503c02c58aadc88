/**
 * Measures the guard on data sets over real sockets: starts `serve` (enforcing, scripted responder, SQLite in a
 * temporary folder) and `play` against it, both with a clock that runs RATE times as fast.
 *
 *   npm run measure -- DIR [--sets robocalls_ftc,callers_star] [--rate 10] [--asr-noise] ...
 *
 * Everything after DIR is handed to `play`. Prints the report of `play`, and what the guard's own /metrics say.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const [dir, ...rest] = process.argv.slice(2);
if (!dir) {
  process.stderr.write('usage: npm run measure -- DIR [options of `hangup-guard play`]\n');
  process.exit(2);
}
const take = (flag: string, fallback: string): string => {
  const at = rest.indexOf(flag);
  return at < 0 ? fallback : (rest.splice(at, 2)[1] ?? fallback);
};
const rate = take('--rate', '8');
const concurrency = take('--concurrency', '60');
const sets = take('--sets', 'robocalls_ftc,callers_star,callers_sgd,callers_dstc10');

const main = resolve(import.meta.dirname, '../dist/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'hangup-guard-measure-'));
const config = join(folder, 'guard.yaml');
writeFileSync(
  config,
  `mode: enforce\nlisten: { port: 0 }\nrecords: { dir: ${JSON.stringify(join(folder, 'data'))} }\n`,
);

const serve = spawn(process.execPath, [main, 'serve', '--config', config, '--rate', rate], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base = await new Promise<string>((found, failed) => {
    serve.once('exit', () => failed(new Error('serve ended before it listened')));
    createInterface({ input: serve.stdout }).on('line', (line) => {
      const url = (JSON.parse(line) as { url_of_agent?: string }).url_of_agent;
      if (url) found(url.replace('/{agent}', ''));
    });
  });
  const args = [
    'play',
    '--data',
    dir,
    '--sets',
    sets,
    '--url',
    `${base}/default`,
    '--rate',
    rate,
    '--concurrency',
    concurrency,
    '--shuffle',
    ...rest,
  ];
  process.stdout.write(`hangup-guard ${args.join(' ')}\n`);
  const code = await new Promise<number>((done) => {
    spawn(process.execPath, [main, ...args], { stdio: 'inherit' }).once('exit', (status) => done(status ?? 1));
  });
  const metrics = await (
    await fetch(`${base.replace('ws://', 'http://').replace('/llm-websocket', '')}/metrics`)
  ).text();
  for (const name of [
    'calls_total',
    'probes_total',
    'faults_total',
    'refused_total',
    'added_ms_sum',
    'added_ms_count',
  ]) {
    for (const line of metrics.split('\n'))
      if (line.startsWith(`hangup_guard_${name}`)) process.stdout.write(`${line}\n`);
  }
  process.exitCode = code;
} finally {
  serve.kill('SIGTERM');
  await new Promise((done) => serve.once('exit', done));
  rmSync(folder, { recursive: true, force: true });
}
