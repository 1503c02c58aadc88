import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/errors.ts';
import { fixturesCommand } from '../../src/cli/fixtures.ts';
import { runCli } from '../../src/cli/program.ts';
import { rowScenario, TELLING_LABELS } from '../../src/workshop/data-set.ts';
import { makeDir, record } from '../records/sample.ts';
import { dataDirWith } from './recorded.ts';

const terminal = { isTty: false, ask: () => Promise.reject(new Error('asked')), edit: (text: string) => text };

async function run(...argv: readonly string[]) {
  let err = '';
  const make = () => fixturesCommand({ fixturesDirectory: makeDir(), terminal });
  const code = await runCli([{ make }], ['fixtures', 'import', ...argv], {
    out: () => undefined,
    err: (text) => (err += text),
  });
  return { code, err };
}

describe('the source of an import', () => {
  it('that is not there is wrong usage', async () => {
    const dataDir = dataDirWith([record('call_a')]);
    const none = await run('--call', 'nope', '--data-dir', dataDir);
    expect(none).toMatchObject({
      code: EXIT.usage,
      err: expect.stringMatching(/call nope has no record[\s\S]*hint: .*log list/),
    });
    expect(await run('--call', 'nope', '--data-dir', makeDir())).toMatchObject({ code: EXIT.usage });
    for (const file of [join(dataDir, 'nope.jsonl'), dataDir]) {
      const { code, err } = await run('--jsonl', file);
      expect(code).toBe(EXIT.usage);
      expect(err).toMatch(/^error: .*: (no such file|cannot be read \(EISDIR\))\nhint: --jsonl /);
    }
  });

  it('with an unknown label names --expect and the labels that are known', async () => {
    const file = join(makeDir(), 'rows.jsonl');
    writeFileSync(file, JSON.stringify({ id: 'r', label: 'unheard-of', text: 'Hm.' }));
    for (const how of ['--dry-run', '--confirmed']) {
      const { code, err } = await run('--jsonl', file, how, '--dir', makeDir());
      expect(code, how).toBe(EXIT.usage);
      expect(err).toMatch(/hint: .*--expect/);
      expect(err).toContain('robocall, legit, human, in_scope, not_abusive');
    }
    for (const label of TELLING_LABELS) {
      expect(rowScenario({ id: 'r', label, text: 'Hm.' }, 'set', false)?.expect, label).toBeDefined();
    }
  });
});
