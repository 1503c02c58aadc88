import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EvalRun } from '../../../src/workshop/eval/run.ts';
import {
  continueRun,
  createRun,
  interruptedRun,
  listRuns,
  loadRun,
  newRunId,
  pruneRuns,
} from '../../../src/workshop/eval/run-store.ts';
import { madeCall, madeRun } from './made-runs.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'runs-')), 'evals');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

const runOf = (id: string, more: Partial<EvalRun> = {}): EvalRun => ({ ...madeRun(id, []).run, cases: 2, ...more });
function keep(id: string, more: Partial<EvalRun> = {}, keys: readonly string[] = []): void {
  const writer = createRun(directory, runOf(id, more));
  for (const key of keys) writer.append(madeCall(key), []);
  writer.close();
}

describe('kept runs', () => {
  it('are private, come back as they were, and have ids that sort by time', async () => {
    keep('20260101-000000-aaaa', {}, ['b#10', 'b#2', 'a']);
    const { run, calls } = await loadRun(directory, 'last');
    expect(run).toEqual(runOf('20260101-000000-aaaa'));
    expect(calls.map(({ key }) => key)).toEqual(['a', 'b#2', 'b#10']);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'runs', run.id, 'calls.ndjson')).mode & 0o777).toBe(0o600);
    expect(newRunId(Date.UTC(2026, 10, 22, 6, 30, 12))).toMatch(/^20261122-063012-[0-9a-f]{4}$/);
  });

  it('are found by id, its beginning, last, last~1 and path; not by more than one', async () => {
    keep('20260101-000000-aaaa');
    keep('20260102-000000-aaaa');
    keep('20260103-000000-aaaa', { finishedAt: null });
    const id = async (name: string) => (await loadRun(directory, name)).run.id;
    expect(await id('last'), 'an interrupted one is not the last').toBe('20260102-000000-aaaa');
    expect(await id('last~1')).toBe('20260101-000000-aaaa');
    expect(await id('20260103')).toBe('20260103-000000-aaaa');
    expect(await id(join(directory, 'runs', '20260101-000000-aaaa'))).toBe('20260101-000000-aaaa');
    await expect(id('2026')).rejects.toThrow('3 runs begin with 2026');
    await expect(id('last~2')).rejects.toThrow('no run last~2');
    await expect(id('../x')).rejects.toThrow('no run ../x');
  });

  it('go on where they were interrupted, without the line that was cut off', async () => {
    keep('20260101-000000-aaaa', { finishedAt: null }, ['a']);
    keep('20260102-000000-aaaa', { finishedAt: 2 }, ['a']);
    const home = join(directory, 'runs', '20260101-000000-aaaa');
    appendFileSync(join(home, 'calls.ndjson'), '{"key":"torn');
    expect(interruptedRun(directory, 'another plan')).toBeUndefined();
    expect(interruptedRun(directory, 'plan')?.directory).toBe(home);
    const loaded = await loadRun(directory, home);
    expect(loaded.calls.map(({ key }) => key)).toEqual(['a']);
    const writer = continueRun(loaded);
    const answers = [
      { type: 'openai', model: 'm', endpoint: null, vendor: true, recordedFrom: 5, recordedTo: 7, answers: 3 },
    ] as const;
    writer.append(madeCall('b'), answers);
    writer.append(madeCall('c'), answers);
    expect((await loadRun(directory, home)).calls.map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    expect(writer.answers()).toEqual([{ ...answers[0], answers: 6 }]);
  });

  it('are not taken from a process that is at work on them', () => {
    keep('20260101-000000-aaaa', { finishedAt: null });
    const lock = join(directory, 'runs', '20260101-000000-aaaa', 'pid');
    writeFileSync(lock, String(process.ppid));
    expect(interruptedRun(directory, 'plan')).toBeUndefined();
    // No process has this number.
    writeFileSync(lock, '4194999');
    expect(interruptedRun(directory, 'plan')).toBeDefined();
  });

  it('are refused where a line in the middle is none', async () => {
    keep('20260101-000000-aaaa', {}, ['a']);
    appendFileSync(join(directory, 'runs', '20260101-000000-aaaa', 'calls.ndjson'), '{}\n{}\n');
    await expect(loadRun(directory, 'last')).rejects.toThrow('calls.ndjson:2: not a call');
  });

  it('are bounded: the oldest are deleted', () => {
    for (const day of [1, 2, 3]) keep(`2026010${day}-000000-aaaa`);
    expect(pruneRuns(directory, 2)).toBe(1);
    expect(readdirSync(join(directory, 'runs'))).toEqual(['20260102-000000-aaaa', '20260103-000000-aaaa']);
    expect(listRuns(join(directory, 'nowhere'))).toEqual([]);
    expect(existsSync(join(directory, 'nowhere'))).toBe(false);
  });
});
