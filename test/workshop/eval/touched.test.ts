import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { weightsFile } from '../../../src/weights-file.ts';
import type { EvalCall } from '../../../src/workshop/eval/run.ts';
import { touchedCases } from '../../../src/workshop/eval/touched.ts';
import { playedCases } from './play-fixtures.ts';

const NAMES = [
  'silent-line',
  'robocall-prize-draw',
  'keypad-menu-energy',
  'person-web-call',
  'person-stutter',
  'person-spanish-appointment',
];
const directory = mkdtempSync(join(tmpdir(), 'touched-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** What an edit touches, and what it really changed: verdict, points and moments of the calls played under it. */
async function edited(yaml: string) {
  const before = await playedCases('a', '', NAMES);
  const after = await playedCases('b', yaml, NAMES);
  const touched = touchedCases(after.cases, before.run, after.run.run).map(({ scenario }) => scenario.id);
  const seen = (call: EvalCall) =>
    JSON.stringify([call.record?.decision, call.record?.points, call.record?.evidence, call.result.transcript]);
  const calls = new Map(before.run.calls.map((call) => [call.key, seen(call)]));
  const changed = after.run.calls.filter((call) => calls.get(call.key) !== seen(call)).map(({ result }) => result.id);
  return { touched, changed };
}

function withWeights(name: string, edit: (text: string) => string): string {
  const file = join(directory, `${name}.json`);
  writeFileSync(file, edit(readFileSync(weightsFile, 'utf8')));
  return `weights_file: ${file}\n`;
}

function withPrompt(name: string, file: string, edit: (text: string) => string): string {
  const prompts = join(directory, name);
  cpSync(packagePromptsDir, prompts, { recursive: true });
  writeFileSync(join(prompts, file), edit(readFileSync(join(prompts, file), 'utf8')));
  return `prompts_dir: ${prompts}\n`;
}

describe('an edit touches at least the calls that it changes', () => {
  it.each([
    ['nothing', '', []],
    [
      'silence',
      withWeights('silence', (text) => text.replace('"never-spoke-2": 21', '"never-spoke-2": 20')),
      ['silent-line'],
    ],
    ['a group', withWeights('group', (text) => text.replace('"max": 36', '"max": 30')), null],
    ['all words', withWeights('words', (text) => text.replace('"one": 6', '"one": 5')), null],
    ['a preset', 'preset: eager\n', null],
    ['the prior', 'prior: 0.2\n', NAMES],
    [
      'Spanish probes',
      withPrompt('es', 'probes/es.md', (text) => text.replace(/^- /m, '- Oiga, ')),
      ['person-spanish-appointment'],
    ],
    [
      'English probes',
      withPrompt('en', 'probes/en.md', (text) => text.replace('- Hello, how', '- Hello there, how')),
      NAMES,
    ],
    ['the prompt of models, with no model', withPrompt('guard', 'guard.md', (text) => `${text}\nBe kind.\n`), []],
  ])('%s', async (_name, yaml, expected) => {
    const { touched, changed } = await edited(yaml);
    for (const name of changed) expect(touched, 'changed, so it has to be touched').toContain(name);
    if (expected !== null) expect(touched.sort()).toEqual([...expected].sort());
    else expect(touched.length, 'and not everything').toBeLessThan(NAMES.length);
  });
});
