/**
 * How long it takes to rescore recorded calls: really played fixtures, with new ids, in a SQLite store.
 *
 *     npx tsx bench/rescore.ts [--calls 100000] [--json]
 *
 * Exit code 1 when 100,000 calls would take 10 s or more, or when calls under their own weights do not come out the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { packagePromptsDir } from '../src/prompts.ts';
import { openStore } from '../src/records/open-store.ts';
import type { CallRecord } from '../src/records/record.ts';
import type { Store } from '../src/records/store.ts';
import { loadWeights } from '../src/weights-file.ts';
import { fixtureScenario } from '../src/workshop/fixture.ts';
import { loadFixtures } from '../src/workshop/fixture-files.ts';
import { playHere } from '../src/workshop/play-here.ts';
import { withNumbers } from '../src/workshop/player/call-facts.ts';
import { loadProbeTexts } from '../src/workshop/player/probe-texts.ts';
import { type RescoreCall, rescoreMany } from '../src/workshop/rescore/rescore-many.ts';
import { pagesOf } from '../src/workshop/rescore/store-pages.ts';
import { targetsFor } from '../src/workshop/rescore/targets.ts';

const FIXTURES = 60;
const LINES_AT_ONCE = 500;
const LIMIT_MS_A_CALL = 10_000 / 100_000;

const flag = process.argv.indexOf('--calls');
const calls = flag < 0 ? 100_000 : Number(process.argv[flag + 1]);
const json = process.argv.includes('--json');
const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function played(): Promise<CallRecord[]> {
  const all = loadFixtures(join(import.meta.dirname, '../fixtures')).map(fixtureScenario);
  const every = Math.max(1, Math.floor(all.length / FIXTURES));
  const chosen = withNumbers(all.filter((_, i) => i % every === 0).slice(0, FIXTURES), 'bench');
  const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));
  const here = await playHere(chosen, { seed: 'bench', probeTexts, concurrency: 50 });
  return here.flatMap(({ record }) => record ?? []);
}

async function fill(store: Store, records: readonly CallRecord[]): Promise<void> {
  for (let from = 0; from < calls; from += LINES_AT_ONCE) {
    const lines = Array.from({ length: Math.min(LINES_AT_ONCE, calls - from) }, (_, i) => {
      const record = { ...(records[(from + i) % records.length] as CallRecord), callId: `call_${from + i}` };
      const startedAt = 1_790_000_000_000 + (from + i) * 1_000;
      return { type: 'closed', at: startedAt, callId: record.callId, record: { ...record, startedAt } } as const;
    });
    const progress = { name: 'bench', from, to: from + lines.length };
    if (!(await store.take(lines, progress, 0))) throw new Error('not taken');
  }
}

async function timed(store: Store, what: string, change: { lostCustomerCosts?: number }) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const { weights } = loadWeights();
  const pages: AsyncIterable<readonly RescoreCall[]> = pagesOf(store, {});
  const tally = await rescoreMany(pages, targetsFor({ weights, ...change }));
  const ms = performance.now() - start;
  delay.disable();
  return { what, ms, longestBlockMs: delay.max / 1e6, counts: tally.counts };
}

const dir = mkdtempSync(join(tmpdir(), 'hangup-guard-rescore-'));
try {
  const records = await played();
  log(`${records.length} fixtures played; writing ${calls} calls to ${dir}`);
  const store = await openStore(dir);
  await fill(store, records);
  store.sync();
  const results = [
    await timed(store, 'as recorded', {}),
    await timed(store, 'lost customer costs 60', { lostCustomerCosts: 60 }),
    await timed(store, 'lost customer costs 200', { lostCustomerCosts: 200 }),
  ];
  store.close();
  if (json) console.log(JSON.stringify({ calls, results }));
  else {
    console.table(
      results.map(({ what, ms, longestBlockMs, counts }) => ({
        what,
        'ms in all': Math.round(ms),
        'µs a call': ((ms * 1_000) / calls).toFixed(1),
        'longest block ms': Math.round(longestBlockMs),
        ...counts,
      })),
    );
  }
  const slow = results.some(({ ms }) => ms / calls > LIMIT_MS_A_CALL);
  if (slow || results[0]?.counts.same !== calls) process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
