import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openRecords } from '../../src/records/open-records.ts';
import { latch, makeDir } from './sample.ts';

const CHILD = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

/** Starts the child, kills it some time after its first durable append, and answers what it had said by then. */
async function runAndKill(dataDir: string, name: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dataDir, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await closed;
  expect(errors).toBe('');
  return said.split('\n').slice(0, -1);
}

it('keeps every decision of processes that are killed at any moment', { timeout: 60_000 }, async () => {
  const dataDir = makeDir();
  for (let round = 0; round < 3; round++) {
    // Two at a time on one directory; the moment of death is left to chance.
    const [one, two] = await Promise.all([
      runAndKill(dataDir, `one-${round}`, Math.random() * 200),
      runAndKill(dataDir, `two-${round}`, Math.random() * 200),
    ]);
    const calls = [...one, ...two];
    expect(one.length).toBeGreaterThan(0);
    expect(two.length).toBeGreaterThan(0);

    const records = await openRecords({ dataDir, retentionDays: 100_000 });
    for (const callId of calls) {
      const record = await records.get(callId);
      expect(record, callId).toMatchObject({ decided: true, decision: 'hang_up', category: latch.category });
    }
    expect(await records.resume(calls.at(-1) ?? '')).toMatchObject({ latch: { turn: latch.turn } });
    await records.close();
  }
});
