import { join } from 'node:path';
import Database from 'libsql';
import { beforeAll, describe, expect, it } from 'vitest';
import { replayCommand } from '../../src/cli/replay.ts';
import { parseConfig } from '../../src/config.ts';
import { STORE_FILE } from '../../src/records/open-store.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { createRun } from '../../src/workshop/eval/run-store.ts';
import { makeDir, record } from '../records/sample.ts';
import { madeRun } from '../workshop/eval/made-runs.ts';
import { recordsOf, SCENARIOS } from '../workshop/replay/recorded.ts';
import { randomEdit } from '../workshop/rescore/edits.ts';
import { damageStore, dataDirWith, run } from './recorded.ts';

const replay = (...argv: readonly string[]) => run(replayCommand, 'replay', ...argv);

let records: CallRecord[];
let dataDir: string;
beforeAll(async () => {
  const chosen = SCENARIOS.filter(({ listed }, i) => i % 20 === 0 && listed === undefined);
  records = [...(await recordsOf(chosen, parseConfig('mode: enforce\n', 'built-in'))).values()];
  dataDir = dataDirWith(records);
}, 60_000);

describe('replay', () => {
  it('finds every call of a store the same, and says under what else they were recorded', async () => {
    const { code, out } = await replay('--data-dir', dataDir);
    expect(code).toBe(0);
    const withEvents = records.filter(({ events }) => events !== undefined).length;
    expect(out).toContain(`${withEvents} calls replayed: ${withEvents} the same, 0 not.`);
    // The guard of a test listens elsewhere than the built-in configuration says.
    expect(out.split('\n')[0]).toMatch(/Recorded under other config: a difference is no fault/);
  });

  it('says how a call differs under other weights, and ends with 1', async () => {
    const { config } = randomEdit('cli 3', dataDir);
    const weights = structuredClone((await import('../../src/weights-file.ts')).loadWeights().weights);
    for (const signal of Object.values(weights.signals)) {
      for (const level of Object.keys(signal.points)) signal.points[level] = (signal.points[level] ?? 0) / 2;
    }
    const file = config.weights_file ?? '';
    (await import('node:fs')).writeFileSync(file, JSON.stringify(weights));
    const { code, out } = await replay('--data-dir', dataDir, '--weights', file);
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toContain('weights');
    expect(out).toMatch(/differs\n {4}\w/);
  });

  it('replays the calls that are named, as JSON', async () => {
    const one = records.find(({ events }) => events !== undefined);
    const { code, out } = await replay(one?.callId ?? '', '--data-dir', dataDir, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ replayed: 1, same: 1, calls: [{ callId: one?.callId, result: 'same' }] });
  });

  it('counts a call whose record is no JSON as damaged, goes on with the others, and ends with 1', async () => {
    const [one, ...others] = records.filter(({ events }) => events !== undefined);
    const dir = dataDirWith(records);
    await replay('--data-dir', dir);
    const raw = new Database(join(dir, STORE_FILE));
    raw.prepare('update calls set record = ? where call_id = ?').run('{"callId":"ca', one?.callId);
    raw.close();
    const { code, out } = await replay('--data-dir', dir);
    expect(out).toContain(`${others.length} calls replayed: ${others.length} the same, 0 not.`);
    expect(out).toMatch(/Not replayed: 1 whose record or log is damaged/);
    expect(code).toBe(1);
  });

  it('says that the store is damaged', async () => {
    const dir = dataDirWith(records);
    await replay('--data-dir', dir);
    damageStore(dir);
    const { code, err } = await replay('--data-dir', dir);
    expect(err).toMatch(/^error: .*hangup-guard\.db is damaged/);
    expect(err).not.toContain('this is a bug');
    expect(code).toBe(1);
  });

  it('says plainly that nothing was replayed', async () => {
    const { code, out } = await replay('--data-dir', dataDirWith([record('call_quiet', { noText: true })]));
    expect(code).toBe(0);
    expect(out).toMatch(/^Nothing was replayed\.$/m);
    expect((await replay('--help')).out).toMatch(/0 all the same, also where nothing could be replayed/);
  });

  it('says whose path it is when a file of the run is not there', async () => {
    for (const name of ['weights', 'config'] as const) {
      const dir = makeDir();
      const { run: made } = madeRun('20260101-000000-aaaa', []);
      createRun(dir, { ...made, plan: { ...made.plan, [name]: 'elsewhere/file' } }).close();
      const { code, err } = await replay('--run', 'last', '--dir', dir);
      expect(code).toBe(2);
      expect(err).toMatch(
        /^error: elsewhere\/file: no such file\nhint: .* run was played with.*--weights and --config/,
      );
    }
  });

  it('ends with 2 where there is nothing to replay', async () => {
    expect(await replay('call_\u001b[31mnone', '--data-dir', dataDir)).toMatchObject({ code: 2 });
    const { err } = await replay('call_\u001b[31mnone', '--data-dir', dataDir);
    expect(err).toContain('is not recorded here');
    expect(err).not.toContain('\u001b');
    expect(await replay('--data-dir', join(dataDir, 'nowhere'))).toMatchObject({ code: 2 });
    expect(await replay('--run', 'last', '--dir', dataDir)).toMatchObject({ code: 2 });
  });
});
