import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { rescoreCommand } from '../../src/cli/rescore.ts';
import { parseConfig } from '../../src/config.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { record } from '../records/sample-records.ts';
import { recordsOf, SCENARIOS } from '../workshop/replay/recorded.ts';
import { damageStore, dataDirWith, run } from './recorded.ts';

const rescore = (...argv: readonly string[]) => run(rescoreCommand, 'rescore', ...argv);

let shadow: CallRecord[];
let dataDir: string;
beforeAll(async () => {
  shadow = [
    ...(
      await recordsOf(
        SCENARIOS.filter((_, i) => i % 8 === 0),
        parseConfig('mode: shadow\n', 'built-in'),
      )
    ).values(),
  ];
  dataDir = dataDirWith([...shadow, record('call_\u001b[31mold')]);
}, 60_000);

describe('rescore', () => {
  it('finds every call the same under what it was recorded with; those of older versions are unknown', async () => {
    const { code, out } = await rescore('--data-dir', dataDir, '--preset', 'balanced', '--json');
    expect(code).toBe(0);
    const { counts, calls, otherWeights } = JSON.parse(out);
    expect(calls).toBe(shadow.length + 1);
    expect(counts).toEqual({ same: shadow.length, spared: 0, hung_up: 0, category: 0, unknown: 1 });
    expect(otherWeights).toBe(0);
  });

  it('lists who would newly be hung up on first, masked, with the minutes', async () => {
    const { code, out } = await rescore('--data-dir', dataDir, '--prior', '0.6');
    expect(code).toBe(0);
    expect(out).toMatch(/Minutes: [1-9]\d*\.\d more saved, 0\.0 less/);
    expect(out.indexOf('newly hung up on:')).toBeGreaterThan(0);
    expect(out.indexOf('newly hung up on:')).toBeLessThan(out.indexOf('unknown:'));
    for (const { callerNumber } of shadow) if (callerNumber) expect(out).not.toContain(callerNumber);
    expect(out).not.toContain('\u001b[31m');
  });

  it('spares where a lost customer costs more', async () => {
    const { out } = await rescore('--data-dir', dataDir, '--lost-customer-costs', '100000', '--json');
    const { counts, moved, lessMs } = JSON.parse(out);
    expect(counts.spared).toBeGreaterThan(0);
    expect(lessMs).toBeGreaterThan(0);
    expect(moved[0]).toMatchObject({ result: 'spared' });
    expect(moved[0].why).toMatch(/^at turn \d+ \(\d+\.\d s\) /);
  });

  it('takes the newest, and those since a day', async () => {
    const { out } = await rescore('--data-dir', dataDir, '--preset', 'eager', '--limit', '3', '--json');
    expect(JSON.parse(out).calls).toBe(3);
    const later = await rescore('--data-dir', dataDir, '--preset', 'eager', '--since', '2999-01-01', '--json');
    expect(JSON.parse(later.out).calls).toBe(0);
  });

  it('says that the store is damaged', async () => {
    const damaged = dataDirWith(shadow);
    await rescore('--data-dir', damaged, '--preset', 'eager');
    damageStore(damaged);
    const { code, err } = await rescore('--data-dir', damaged, '--preset', 'eager');
    expect(err).toMatch(/^error: .*hangup-guard\.db is damaged/);
    expect(err).not.toContain('this is a bug');
    expect(code).toBe(1);
  });

  it('ends with 2 for wrong usage', async () => {
    for (const argv of [
      ['--data-dir', dataDir],
      ['--data-dir', dataDir, '--prior', '1'],
      ['--data-dir', dataDir, '--preset', 'eager', '--lost-customer-costs', '3'],
      ['--data-dir', join(dataDir, 'nowhere'), '--preset', 'eager'],
      ['--data-dir', dataDir, '--weights', join(dataDir, 'none.json')],
      ['--run', 'last', '--dir', dataDir, '--preset', 'eager'],
    ]) {
      expect(await rescore(...argv), argv.join(' ')).toMatchObject({ code: 2 });
    }
  });
});
