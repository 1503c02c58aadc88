import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packagePromptsDir } from '../../../src/prompts.ts';
import type { RunDiff } from '../../../src/workshop/eval/diff.ts';
import { diffMarkdown } from '../../../src/workshop/eval/diff-markdown.ts';
import { diffRuns } from '../../../src/workshop/eval/diff-runs.ts';
import { diffText } from '../../../src/workshop/eval/diff-text.ts';
import type { LoadedRun } from '../../../src/workshop/eval/run.ts';
import { weightsWith } from './made-runs.ts';
import { playedRun } from './play-fixtures.ts';

const NAMES = [
  'robocall-account-alert',
  'robocall-car-warranty',
  'robocall-parcel-spanish',
  'silent-line',
  'keypad-menu-energy',
  'person-angry-refund',
];
const FROM = '- If you are there, please say anything or press a key.';
const TO = '- Hm.';

const directory = mkdtempSync(join(tmpdir(), 'diff-played-'));
const weightsFile = join(directory, 'weights.json');
const promptsDir = join(directory, 'prompts');
let before: LoadedRun;

beforeAll(async () => {
  const edited = weightsWith({ 'robocall-wording': { two: 3 }, 'hold-music': { certain: 1 } });
  writeFileSync(weightsFile, JSON.stringify(edited));
  mkdirSync(join(promptsDir, 'probes'), { recursive: true });
  const english = readFileSync(join(packagePromptsDir, 'probes/en.md'), 'utf8');
  expect(english).toContain(FROM);
  writeFileSync(join(promptsDir, 'probes/en.md'), english.replace(FROM, TO));
  before = await playedRun('before', '', NAMES);
});
afterAll(() => rmSync(directory, { recursive: true }));

const compared = async (yaml: string): Promise<RunDiff> => diffRuns(before, await playedRun('after', yaml, NAMES));
const causes = ({ flips, moved }: RunDiff): string[] => [...new Set([...flips, ...moved].map(({ cause }) => cause))];

describe('calls that were really played', () => {
  it('come out the same twice', async () => {
    expect(await compared('')).toMatchObject({ flips: [], moved: [], unchanged: NAMES.length });
  });

  it('an edited weight is named and blamed', async () => {
    const diff = await compared(`weights_file: ${weightsFile}\n`);
    expect(diff.edits).toMatchObject({ thresholds: [], prompts: [], configs: [], code: false, fixtures: [] });
    expect(diff.edits.weights).toEqual([
      { name: 'robocall-wording two', from: 14, to: 3 },
      { name: 'hold-music certain', from: 0, to: 1 },
    ]);
    expect(diff.flips.length + diff.moved.length).toBeGreaterThan(0);
    expect(causes(diff)).toEqual(['weights']);
    for (const { why } of diff.flips) {
      expect(why).toMatch(/^weights: robocall-wording two 14 → 3; /);
      expect(why, 'it bears on none of these calls').not.toContain('hold-music');
    }
    expect(diffText(diff)).toContain('weights: robocall-wording two 14 → 3');
  });

  it('a threshold is named and blamed', async () => {
    const diff = await compared('lost_customer_costs: 20000\n');
    expect(diff.edits).toMatchObject({ weights: [], prompts: [], configs: [], code: false, fixtures: [] });
    expect(diff.edits.thresholds.map(({ name }) => name)).toEqual(['preset', 'probe', 'closing', 'hang-up']);
    const silent = diff.flips.find(({ key }) => key.endsWith('silent-line'));
    expect(silent?.b.wrong?.kind).toBe('missed');
    expect(silent?.why).toBe('thresholds: closing 11.0 → 34.0; the sum of +11.5 at turn 0 is now below it');
    expect(diff.flips[0]?.b.wrong?.kind, 'machines missed come first where nobody is cut').toBe('missed');
    expect(causes(diff)).toEqual(['thresholds']);
    const eager = await compared('preset: eager\n');
    expect(eager.edits.thresholds[0]).toMatchObject({ name: 'preset', from: 'balanced', to: 'eager' });
    expect(causes(eager)).toEqual(['thresholds']);
  });

  it('a line of a prompt is shown and blamed', async () => {
    const diff = await compared(`prompts_dir: ${promptsDir}\n`);
    expect(diff.edits).toMatchObject({ weights: [], thresholds: [], configs: [], code: false, fixtures: [] });
    expect(diff.edits.prompts).toHaveLength(1);
    const changed = diff.edits.prompts[0]?.lines.filter(({ type }) => type !== 'same');
    expect(changed).toEqual([
      { type: 'removed', text: FROM },
      { type: 'added', text: TO },
    ]);
    expect(diff.flips.length + diff.moved.length).toBeGreaterThan(0);
    expect(causes(diff)).toEqual(['prompt']);
    for (const { why } of diff.flips) expect(why).toContain('prompt: probes/en edited; the agent said "Hm."');
    const spanish = [...diff.flips, ...diff.moved].find(({ key }) => key.includes('spanish'));
    expect(spanish, 'asked in Spanish').toBeUndefined();
    expect(diffText(diff)).toContain(`    - ${FROM}\n    + ${TO}`);
    expect(diffMarkdown(diff)).toContain(`\n- ${FROM}\n+ ${TO}\n`);
  });

  it('each call gets its own cause where a weight and a prompt were edited at once', async () => {
    const diff = await compared(`weights_file: ${weightsFile}\nprompts_dir: ${promptsDir}\n`);
    const causeOf = (name: string) => [...diff.flips, ...diff.moved].find(({ key }) => key.endsWith(name))?.cause;
    expect(causeOf('robocall-parcel-spanish'), 'no English is spoken').toBe('weights');
    expect(causeOf('silent-line'), 'no wording is heard').toBe('prompt');
  });
});
