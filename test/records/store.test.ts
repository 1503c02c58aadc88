import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/records/database.ts';
import { ingestAll, ingestFile, removeLeftOvers } from '../../src/records/ingest.ts';
import { openStore, STORE_FILE } from '../../src/records/open-store.ts';
import type { SpoolLine } from '../../src/records/record.ts';
import { encodeSpoolLine, MAX_LINE_BYTES } from '../../src/records/spool-line.ts';
import { closed, decided, hungUp, keptLogger, makeDir, NOON, opened, record } from './sample.ts';

const FILE = '1-1700000000000-abc.ndjson';

async function newStore(dataDir = makeDir()) {
  const dir = join(dataDir, 'spool');
  mkdirSync(dir, { recursive: true });
  const store = await openStore(dataDir);
  onTestFinished(() => store.close());
  const logger = keptLogger();
  const write = (lines: readonly SpoolLine[], name = FILE) =>
    appendFileSync(join(dir, name), Buffer.concat(lines.map(encodeSpoolLine)));
  return { dataDir, dir, store, logger, write, from: { dir, store, logger } };
}

describe('store', () => {
  it('opens an empty directory, and the same file again', async () => {
    const { dataDir, store, write, from } = await newStore();
    write([closed(record('a'))]);
    await ingestAll(from);
    const again = await openStore(dataDir);
    expect(await again.get('a')).toEqual(record('a'));
    again.close();
    expect(await store.list()).toHaveLength(1);
  });

  it('can be made by several processes at once', async () => {
    const dataDir = makeDir();
    const stores = await Promise.all([openStore(dataDir), openStore(dataDir), openStore(dataDir)]);
    for (const store of stores) expect(await store.list()).toEqual([]);
    for (const store of stores) store.close();
  });

  it('gives a whole record back with its events, and lists without them', async () => {
    const { store, write, from } = await newStore();
    const whole = hungUp('a', { events: Buffer.from('deflated').toString('base64'), faults: ['ö'] });
    write([opened('a'), decided('a'), closed(whole)]);
    await ingestAll(from);
    expect(await store.get('a')).toEqual(whole);
    const { events: _events, ...rest } = whole;
    expect(await store.list()).toEqual([rest]);
    expect(await store.get('b')).toBeNull();
  });

  it('takes the same lines twice without harm', async () => {
    const { store, write, from } = await newStore();
    const whole = hungUp('a', { events: 'AAAA' });
    const lines: SpoolLine[] = [opened('a'), decided('a'), closed(whole)];
    write([...lines, ...lines]);
    write(lines, '2-1700000000000-abc.ndjson');
    await ingestAll(from);
    await ingestAll(from);
    expect(await store.list()).toHaveLength(1);
    expect(await store.get('a')).toEqual(whole);
  });

  it('keeps the events when a later line of the call brings none', async () => {
    const { store, write, from } = await newStore();
    write([closed(hungUp('a', { events: 'AAAA' }))]);
    await ingestAll(from);
    write([{ type: 'sent', at: NOON + 99_000, callId: 'a', attempt: 2 }]);
    await ingestAll(from);
    expect((await store.get('a'))?.events).toBe('AAAA');
  });

  it('takes a file once when two take it at the same time', async () => {
    const one = await newStore();
    const two = await newStore(one.dataDir);
    one.write(Array.from({ length: 3000 }, (_, i) => closed(record(`call-${i}`))));
    await Promise.all([ingestFile(one.from, FILE), ingestFile(two.from, FILE), ingestFile(one.from, FILE)]);
    const size = readFileSync(join(one.dir, FILE)).length;
    expect(await one.store.ingested(FILE)).toBe(size);
    expect(await one.store.list({ limit: 1000 })).toHaveLength(1000);
    expect(await one.store.get('call-2999')).not.toBeNull();
  });

  it('takes nothing from a place where a file is not', async () => {
    const { store } = await newStore();
    expect(await store.take([closed(record('a'))], { name: FILE, from: 10, to: 20 }, NOON)).toBe(false);
    expect(await store.get('a')).toBeNull();
    expect(await store.ingested(FILE)).toBe(0);
  });

  it('waits while another process writes, without holding up this one', async () => {
    const { dataDir, store, write, from } = await newStore();
    const other = openDatabase(join(dataDir, STORE_FILE), 10);
    write([closed(record('a'))]);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    let taken: Promise<void> | undefined;
    await other.db.transaction().execute(async (db) => {
      // The lock is taken at the begin, also by who has only read so far.
      await db.selectFrom('calls').select('call_id').execute();
      taken = ingestAll(from);
      await sleep(300);
      expect(await store.list()).toEqual([]);
    });
    await taken;
    clearInterval(ticking);
    other.close();
    expect(ticks).toBeGreaterThan(5);
    expect(await store.get('a')).not.toBeNull();
  });

  it('waits for the rest of a torn line, and skips damaged ones', async () => {
    const { dir, store, logger, write, from } = await newStore();
    write([closed(record('a'))]);
    appendFileSync(join(dir, FILE), '{"broken\n\u0000\u0000\n');
    const torn = encodeSpoolLine(closed(record('b')));
    appendFileSync(join(dir, FILE), torn.subarray(0, 100));
    await ingestAll(from);
    expect((await store.list()).map((call) => call.callId)).toEqual(['a']);
    expect(logger.lines).toEqual([
      expect.objectContaining({ level: 'warn', fields: expect.objectContaining({ bad: 2 }) }),
    ]);
    appendFileSync(join(dir, FILE), torn.subarray(100));
    await ingestAll(from);
    expect(await store.get('b')).toEqual(record('b'));
  });

  it('gets past a line that is longer than any that is written', async () => {
    const { dir, store, write, from } = await newStore();
    appendFileSync(join(dir, FILE), `${'x'.repeat(MAX_LINE_BYTES + 300_000)}\n`);
    write([closed(record('a', { events: 'A'.repeat(2_000_000) })), closed(record('b'))]);
    await ingestAll(from);
    expect((await store.list()).map((call) => call.callId)).toEqual(['a', 'b']);
  });

  it('holds call ids that a caller could make up', async () => {
    const { store, write, from } = await newStore();
    for (const callId of ['nul\u0000byte', 'lone\ud800', "'; drop table calls; --"]) {
      write([opened(callId), decided(callId)]);
      await ingestAll(from);
      write([closed(record(callId))]);
      await ingestAll(from);
      expect((await store.get(callId))?.callId).toBe(callId);
      expect(await store.resume(callId, NOON)).toMatchObject({ latch: { turn: 3 } });
    }
    expect(await store.get('nul')).toBeNull();
  });

  it('filters', async () => {
    const { store, write, from } = await newStore();
    write([
      closed(record('a', { startedAt: NOON })),
      closed(hungUp('b', { startedAt: NOON + 1000 })),
      closed(record('c', { startedAt: NOON + 2000, agent: 'dental', callerNumber: '+442079460958' })),
    ]);
    await ingestAll(from);
    const ids = async (filter: Parameters<typeof store.list>[0]) =>
      (await store.list(filter)).map((call) => call.callId);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ outcome: 'hung_up' })).toEqual(['b']);
    expect(await ids({ decision: 'none' })).toEqual(['c', 'a']);
    expect(await ids({ category: 'recorded_message' })).toEqual(['b']);
    expect(await ids({ agent: 'dental' })).toEqual(['c']);
    expect(await ids({ number: '+44 20 7946 0958' })).toEqual(['c']);
    expect(await ids({ since: NOON + 1000 })).toEqual(['c', 'b']);
    expect(await ids({ before: NOON + 1000 })).toEqual(['a']);
    expect(await ids({ limit: 1 })).toEqual(['c']);
    await expect(store.list({ limit: 0 })).rejects.toThrow(RangeError);
  });

  it('deletes old calls and those of a number', async () => {
    const { store, write, from } = await newStore();
    write(Array.from({ length: 1200 }, (_, i) => closed(record(`old-${i}`, { startedAt: NOON - 1 - i }))));
    write([closed(record('new')), closed(record('other', { callerNumber: '+442079460958' })), opened('open')]);
    await ingestAll(from);
    expect(await store.deleteBefore(NOON)).toBe(1200);
    expect(await store.erase('+1 (213) 555-0143')).toBe(2);
    expect((await store.list()).map((call) => call.callId)).toEqual(['other']);
  });

  it('leaves no trace of an erased number in its files', async () => {
    const { dataDir, store, write, from } = await newStore();
    write([closed(record('a', { callerNumber: '+12135557777' }))]);
    await ingestAll(from);
    const traces = () =>
      readdirSync(dataDir).filter(
        (name) => name.startsWith(STORE_FILE) && readFileSync(join(dataDir, name)).includes('+12135557777'),
      );
    expect(traces()).not.toEqual([]);
    await store.erase('+12135557777');
    expect(traces()).toEqual([]);
  });

  it('removes left-over files only when they are old, and never their calls', async () => {
    const { dir, store, write, from } = await newStore();
    write([closed(record('a'))]);
    await removeLeftOvers(from, new Set());
    expect(readdirSync(dir)).toEqual([FILE]);
    await removeLeftOvers({ ...from, now: () => Date.now() + 3 * 60 * 60_000 }, new Set());
    expect(readdirSync(dir)).toEqual([]);
    expect(await store.get('a')).not.toBeNull();
    expect(await store.ingested(FILE)).toBe(0);
  });

  it('says what is wrong with a file that is no database, and leaves it alone', async () => {
    const dataDir = makeDir();
    const path = join(dataDir, STORE_FILE);
    const text = 'this is somebody’s shopping list. '.repeat(300);
    writeFileSync(path, text);
    await expect(openStore(dataDir)).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining(path),
    });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(dataDir)).toEqual([STORE_FILE]);
  });

  it('says what is wrong with a file that was cut short', async () => {
    const { dataDir, store, write, from } = await newStore();
    write(Array.from({ length: 500 }, (_, i) => closed(record(`call-${i}`))));
    await ingestAll(from);
    store.sync();
    store.close();
    truncateSync(join(dataDir, STORE_FILE), 8192);
    await expect(openStore(dataDir)).rejects.toMatchObject({ code: 'store-damaged' });
  });

  it('refuses a file of a newer version', async () => {
    const dataDir = makeDir();
    (await openStore(dataDir)).close();
    const raw = openDatabase(join(dataDir, STORE_FILE), 100);
    await raw.db
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999-future', timestamp: new Date().toISOString() })
      .execute();
    raw.close();
    await expect(openStore(dataDir)).rejects.toMatchObject({ code: 'store-newer' });
  });

  it('refuses to bind what would end the process', async () => {
    const { db, close } = openDatabase(join(makeDir(), 'x.db'), 100);
    const bad: unknown = true;
    await expect(
      db
        .selectFrom('calls')
        .select('call_id')
        .where('sent', '=', bad as number)
        .execute(),
    ).rejects.toThrow();
    close();
  });
});
