import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryRecords } from '../../src/records/memory-records.ts';
import { type OpenRecordsOptions, openRecords } from '../../src/records/open-records.ts';
import { STORE_FILE } from '../../src/records/open-store.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { closed, decided, hungUp, keptLogger, latch, makeDir, opened, record } from './sample.ts';

const now = Date.now();
const recent = (of: CallRecord, startedAt: number): CallRecord => ({ ...of, startedAt, endedAt: startedAt + 20_000 });

async function open(dataDir: string, over: Partial<OpenRecordsOptions> = {}) {
  const records = await openRecords({ dataDir, ...over });
  onTestFinished(() => records.close());
  return records;
}

describe.each([
  ['in files', () => open(makeDir())],
  ['in process', async () => memoryRecords()],
])('records %s', (_name, make) => {
  it('know a call from its opening on', async () => {
    const records = await make();
    expect(await records.resume('a')).toBeNull();
    records.append(opened('a', now), false);
    expect(await records.resume('a')).toEqual({ greeted: false });
    records.append({ type: 'greeted', at: now, callId: 'a' }, false);
    records.append(decided('a', now), true);
    expect(await records.resume('a')).toEqual({ greeted: true, latch });
    expect(await records.ready()).toBe(true);
  });

  it('answer the history of a number, without the call that asks', async () => {
    const records = await make();
    expect(await records.history('+12135550143')).toBeNull();
    records.append(closed(recent(hungUp('a'), now - 60_000)), false);
    records.append(opened('b', now), false);
    expect(await records.history('+1 213 555 0143')).toMatchObject({ calls: 1, hungUp: 1, passUsed: false });
    records.append(closed(recent(record('b'), now)), false);
    expect(await records.history('+12135550143')).toMatchObject({ calls: 2, completed: 1, passUsed: true });
    records.append(closed(recent(record('c', { callerNumber: '+442079460958' }), now - 91 * 86_400_000)), false);
    expect(await records.history('+442079460958')).toBeNull();
    expect(await records.history('anonymous')).toBeNull();
  });

  it('list, get and erase', async () => {
    const records = await make();
    records.append(closed(recent(hungUp('a', { events: 'AAAA' }), now)), false);
    records.append(closed(recent(record('b', { callerNumber: '+442079460958' }), now + 1)), false);
    await records.flush();
    expect((await records.list()).map((call) => call.callId)).toEqual(['b', 'a']);
    expect((await records.list({ outcome: 'hung_up' })).map((call) => [call.callId, call.events])).toEqual([
      ['a', undefined],
    ]);
    expect((await records.get('a'))?.events).toBe('AAAA');
    expect(await records.erase('+12135550143')).toBe(1);
    expect(await records.get('a')).toBeNull();
    expect(await records.resume('a')).toBeNull();
    expect(await records.list()).toHaveLength(1);
  });
});

describe('memory records', () => {
  it('show their records and answer a seeded history', async () => {
    const records = memoryRecords();
    const history = { calls: 3, completed: 3, hungUp: 0, passUsed: false };
    records.seedHistory('+12135550143', history);
    expect(await records.history('+12135550143')).toEqual(history);
    records.append(closed(recent(record('a'), now)), false);
    expect(records.records.map((call) => call.callId)).toEqual(['a']);
    expect(await records.history('+12135550143')).toMatchObject({ calls: 1 });
  });
});

describe('records in files', () => {
  it('reach the store by themselves', async () => {
    const records = await open(makeDir());
    records.append(closed(record('a')), false);
    await vi.waitFor(async () => expect(await records.get('a')).not.toBeNull(), { timeout: 2000, interval: 20 });
  });

  it('take their spool files away once everything is in the store', async () => {
    const dataDir = makeDir();
    const records = await openRecords({ dataDir, spoolLimitBytes: 2000, retentionDays: 100_000 });
    for (let i = 0; i < 20; i++) records.append(closed(record(`call-${i}`)), false);
    await records.flush();
    expect(readdirSync(join(dataDir, 'spool')).length).toBeLessThanOrEqual(1);
    await records.close();
    expect(readdirSync(join(dataDir, 'spool'))).toEqual([]);
    const again = await open(dataDir, { retentionDays: 100_000 });
    expect(await again.list()).toHaveLength(20);
  });

  it('share a directory: what one decided the other knows at once', async () => {
    const dataDir = makeDir();
    const one = await open(dataDir);
    const two = await open(dataDir);
    one.append(opened('a', now), false);
    await one.flush();
    one.append(decided('a', now), true);
    expect(await two.resume('a')).toEqual({ greeted: false, latch });
    two.append(closed(recent(hungUp('a'), now)), false);
    one.append(closed(recent(record('b'), now)), false);
    await Promise.all([one.flush(), two.flush()]);
    expect(await one.list()).toEqual(await two.list());
    expect(await one.list()).toHaveLength(2);
  });

  it('go on without the store, say so once, and catch up', async () => {
    const dataDir = makeDir();
    const logger = keptLogger();
    const path = join(dataDir, STORE_FILE);
    writeFileSync(path, 'no database '.repeat(500));
    const records = await open(dataDir, { logger });
    expect(await records.ready()).toBe(false);
    records.append(opened('a', now), false);
    records.append(decided('a', now), true);
    expect(await records.resume('a')).toEqual({ greeted: false, latch });
    expect(await records.history('+12135550143')).toBeNull();
    await expect(records.flush()).rejects.toMatchObject({ code: 'store-damaged' });
    await expect(records.list()).rejects.toMatchObject({ code: 'store-damaged' });
    expect(readFileSync(path, 'utf8')).toContain('no database');
    const told = logger.lines.filter(
      ({ level, message }) => level === 'error' && message.includes('kept in the spool'),
    );
    expect(told).toHaveLength(1);
    rmSync(path);
    await records.flush();
    expect(await records.ready()).toBe(true);
    expect(await records.get('a')).toMatchObject({ outcome: 'failed', decided: true });
  });

  it('refuse a damaged store where a command wants to know', async () => {
    const dataDir = makeDir();
    writeFileSync(join(dataDir, STORE_FILE), 'no database '.repeat(500));
    await expect(openRecords({ dataDir, whenStoreFails: 'throw' })).rejects.toMatchObject({ code: 'store-damaged' });
  });

  it('refuse a data directory that cannot be made', async () => {
    const file = join(makeDir(), 'file');
    writeFileSync(file, '');
    await expect(openRecords({ dataDir: file })).rejects.toMatchObject({ code: 'spool-failed' });
  });

  it('throw when the decision cannot be put on disk', async () => {
    const dataDir = makeDir();
    const records = await open(dataDir);
    records.append(opened('a', now), false);
    rmSync(join(dataDir, 'spool'), { recursive: true });
    writeFileSync(join(dataDir, 'spool'), '');
    expect(() => records.append(decided('a', now), true)).toThrow(/cannot write to the spool/);
    expect(await records.resume('a')).toEqual({ greeted: false });
    rmSync(join(dataDir, 'spool'));
    mkdirSync(join(dataDir, 'spool'));
  });

  it('delete what is older than the retention at the start and every day', async () => {
    const dataDir = makeDir();
    let time = now;
    const timers: { ms: number; fn: () => void }[] = [];
    const clock = {
      now: () => time,
      after(ms: number, fn: () => void) {
        const timer = { ms, fn };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
      },
    };
    const records = await open(dataDir, { clock, retentionDays: 30 });
    records.append(closed(recent(record('old'), now - 31 * 86_400_000)), false);
    records.append(closed(recent(record('aging'), now - 29.5 * 86_400_000)), false);
    await records.close();
    const again = await open(dataDir, { clock, retentionDays: 30 });
    await vi.waitFor(async () => expect((await again.list()).map((call) => call.callId)).toEqual(['aging']));
    await vi.waitFor(() => expect(timers.some(({ ms }) => ms === 86_400_000)).toBe(true));
    time += 86_400_000;
    for (const { ms, fn } of [...timers]) if (ms === 86_400_000) fn();
    await vi.waitFor(async () => expect(await again.list()).toEqual([]));
    await expect(openRecords({ dataDir, retentionDays: 0 })).rejects.toThrow(RangeError);
  });

  it('leave nothing of an erased number in the directory', async () => {
    const dataDir = makeDir();
    const records = await open(dataDir);
    records.append(closed(recent(record('a', { callerNumber: '+12135557777' }), now)), false);
    expect(await records.erase('+12135557777')).toBe(1);
    const files = readdirSync(dataDir, { recursive: true, encoding: 'utf8' }).map((name) => join(dataDir, name));
    const texts = files
      .filter((path) => existsSync(path) && !path.endsWith('spool'))
      .map((path) => readFileSync(path, 'latin1'));
    expect(texts.join('')).not.toContain('2135557777');
  });
});
