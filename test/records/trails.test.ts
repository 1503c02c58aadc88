import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/records/database.ts';
import { ingestAll } from '../../src/records/ingest.ts';
import { openStore, STORE_FILE } from '../../src/records/open-store.ts';
import type { SpoolLine } from '../../src/records/record.ts';
import { encodeSpoolLine } from '../../src/records/spool-line.ts';
import { closed, decided, hungUp, keptLogger, makeDir, NOON, opened, record } from './sample.ts';

async function newStore(dataDir = makeDir()) {
  const dir = join(dataDir, 'spool');
  mkdirSync(dir, { recursive: true });
  const store = await openStore(dataDir);
  onTestFinished(() => store.close());
  const write = async (...lines: readonly SpoolLine[]): Promise<void> => {
    appendFileSync(join(dir, '1-1700000000000-abc.ndjson'), Buffer.concat(lines.map(encodeSpoolLine)));
    await ingestAll({ dir, store, logger: keptLogger() });
  };
  return { dataDir, store, write };
}

const TRAIL = '1 e -9.5 0 11 20 hhhhhhhsssmcgg 01234567 l';

it('keeps trails beside the records, whatever comes later', async () => {
  const { store, write } = await newStore();
  const whole = hungUp('a', { trail: TRAIL });
  await write(opened('a'), decided('a'), closed(whole));
  await write({ type: 'sent', at: NOON + 99_000, callId: 'a', attempt: 2 });
  expect((await store.get('a'))?.trail).toBe(TRAIL);
  expect((await store.list())[0]).not.toHaveProperty('trail');
});

it('lets a trail go with its call', async () => {
  const { dataDir, store, write } = await newStore();
  await write(
    closed(record('a', { trail: TRAIL })),
    closed(record('b', { trail: TRAIL, callerNumber: '+12135550100' })),
  );
  await store.erase('+12135550143');
  const open = openDatabase(join(dataDir, STORE_FILE), 100);
  expect(await open.db.selectFrom('trails').select('call_id').execute()).toEqual([{ call_id: 'b' }]);
  await store.deleteBefore(NOON + 1);
  expect(await open.db.selectFrom('trails').select('call_id').execute()).toEqual([]);
  open.close();
});

it('brings a store of the version before up to date: its calls have no trail', async () => {
  const { dataDir, store, write } = await newStore();
  await write(closed(record('old')));
  store.close();
  const open = openDatabase(join(dataDir, STORE_FILE), 100);
  await sql`drop trigger trail_goes`.execute(open.db);
  await sql`drop table trails`.execute(open.db);
  await sql`delete from kysely_migration where name = '0002-trail'`.execute(open.db);
  open.close();
  const again = await openStore(dataDir);
  onTestFinished(() => again.close());
  expect(await again.get('old')).toEqual(record('old'));
  expect(await again.trails({ limit: 10 })).toMatchObject([{ call_id: 'old', trail: null }]);
});

it('pages through calls that began at the same time, newest first, each once', async () => {
  const { store, write } = await newStore();
  const calls = Array.from({ length: 23 }, (_, i) => record(`call-${i}`, { startedAt: NOON + (i >> 3), trail: TRAIL }));
  await write(...calls.map((one) => closed(one)), opened('open'));
  const seen: string[] = [];
  for (let after: Awaited<ReturnType<typeof store.trails>>[number] | undefined; ; ) {
    const page = await store.trails({ limit: 5, ...(after ? { after } : {}) });
    seen.push(...page.map(({ call_id }) => call_id));
    after = page.at(-1);
    if (page.length < 5) break;
  }
  expect(seen).toHaveLength(23);
  expect(new Set(seen).size).toBe(23);
  expect(await store.countTrails()).toBe(23);
  expect(await store.trails({ limit: 50, since: NOON + 2 })).toHaveLength(7);
});

it('names the newest calls that can be replayed, and counts the others as new as those', async () => {
  const { store, write } = await newStore();
  const calls = Array.from({ length: 9 }, (_, i) =>
    record(`call-${i}`, { startedAt: NOON + i, ...(i % 3 === 0 ? {} : { events: 'AAAA' }) }),
  );
  await write(...calls.map((one) => closed(one)));
  expect(await store.replayable(3)).toEqual({ callIds: ['call-8', 'call-7', 'call-5'], without: 1 });
  expect(await store.replayable(100)).toMatchObject({ without: 3 });
});
