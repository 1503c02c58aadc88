import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config.ts';
import type { CallRecord } from '../../../src/records/record.ts';
import type { RescoreResult } from '../../../src/workshop/rescore/rescore.ts';
import { recordsOf, SCENARIOS } from '../replay/recorded.ts';
import { randomEdit, refuted, toOf } from './edits.ts';

/** Of the fixtures every so manieth is played under an edit, another share under each; `RESCORE_ALL=1` plays all. */
const EVERY = process.env.RESCORE_ALL === '1' ? 1 : 7;

const directory = mkdtempSync(join(tmpdir(), 'hangup-guard-rescore-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe.each([
  ['enforce', 20],
  ['shadow', 12],
] as const)('fixtures in mode %s', (mode, edits) => {
  const config = parseConfig(`mode: ${mode}\n`, 'built-in');
  const counts: Record<RescoreResult, number> = { same: 0, spared: 0, hung_up: 0, category: 0, unknown: 0 };
  let records: Map<string, CallRecord>;

  beforeAll(async () => {
    records = await recordsOf(SCENARIOS, config);
  }, 120_000);

  afterAll(() => {
    const sum = Object.values(counts).reduce((all, one) => all + one, 0);
    console.log(`${mode}: ${JSON.stringify(counts)}, ${((100 * counts.unknown) / sum).toFixed(1)}% unknown`);
  });

  it('come out the same under their own numbers', () => {
    for (const [id, record] of records) {
      const { said, wrong } = refuted(record, toOf(config), record);
      expect({ id, result: said.result, wrong }).toEqual({ id, result: 'same', wrong: null });
    }
  });

  it.each(Array.from({ length: edits }, (_, n) => n))(
    'come out as rescoring says under edit %i',
    async (n) => {
      const edit = randomEdit(`${mode} ${n}`, directory, `mode: ${mode}\n`);
      const chosen = SCENARIOS.filter((_, i) => i % EVERY === n % EVERY);
      const played = await recordsOf(chosen, edit.config);
      for (const [id, again] of played) {
        const record = records.get(id);
        if (!record) throw new Error(`no record of ${id}`);
        const { said, wrong } = refuted(record, edit.to, again);
        counts[said.result]++;
        expect({ edit: edit.what, id, said, wrong }).toMatchObject({ wrong: null });
      }
    },
    120_000,
  );
});
