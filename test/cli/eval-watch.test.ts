import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { evalCommand } from '../../src/cli/eval.ts';
import { runCli } from '../../src/cli/program.ts';
import { weightsFile } from '../../src/weights-file.ts';
import { listRuns } from '../../src/workshop/eval/run-store.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const NAMES = ['silent-line', 'robocall-prize-draw', 'person-web-call', 'person-spanish-appointment'];

let directory: string;
let fixtures: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eval-watch-'));
  fixtures = join(directory, 'fixtures');
  mkdirSync(fixtures);
  for (const name of NAMES) cpSync(join(FIXTURES, `${name}.yaml`), join(fixtures, `${name}.yaml`));
});
afterEach(() => rmSync(directory, { recursive: true }));

it('plays again what an edit touches, and nothing else; a broken edit is told and survived', async () => {
  const weights = join(directory, 'weights.json');
  cpSync(weightsFile, weights);
  const dir = join(directory, 'evals');
  let text = '';
  let over = false;
  const write = (part: string): void => {
    text += part;
  };
  const make = () =>
    evalCommand({
      fixturesDirectory: FIXTURES,
      stdout: { write },
      stderr: { write },
      setExitCode: () => {},
      stopped: () => over,
    });
  const args = ['eval', fixtures, '--watch', '--weights', weights, '--dir', dir];
  const ended = runCli([{ make }], args, { out: write, err: write });
  const until = async (what: RegExp): Promise<void> => {
    const deadline = Date.now() + 10_000;
    while (!what.test(text)) {
      if (Date.now() > deadline) throw new Error(`never saw ${what} in:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    text = '';
  };
  await until(/watching; Ctrl-C ends/);

  const silence = readFileSync(weights, 'utf8');
  writeFileSync(weights, silence.replace('"never-spoke-2": 21', '"never-spoke-2": 20'));
  await until(/1 of 4 calls played again[\s\S]*silence never-spoke-2 21 → 20[\s\S]*silent-line/);

  writeFileSync(weights, '{');
  await until(/error: .*no JSON/);
  writeFileSync(weights, silence);
  await until(/1 of 4 calls played again/);

  const person = join(fixtures, 'person-web-call.yaml');
  writeFileSync(person, readFileSync(person, 'utf8').replace(/say: "/, 'say: "Well. '));
  await until(/1 of 4 calls played again[\s\S]*person-web-call/);

  over = true;
  expect(await ended).toBe(0);
  const runs = listRuns(dir);
  expect(runs).toHaveLength(4);
  for (const { directory: home, run } of runs) {
    expect(run.finishedAt).not.toBeNull();
    expect(readFileSync(join(home, 'calls.ndjson'), 'utf8').trim().split('\n')).toHaveLength(4);
  }
}, 40_000);
