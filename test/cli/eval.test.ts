import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { evalCommand } from '../../src/cli/eval.ts';
import type { EvalDeps } from '../../src/cli/eval-deps.ts';
import { runCli } from '../../src/cli/program.ts';
import { listRuns } from '../../src/workshop/eval/run-store.ts';
import { startFakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const some = ['keypad-menu-energy', 'person-quotes-press-one', 'silent-line', 'person-web-call', 'person-stutter'];
const paths = some.map((name) => join(FIXTURES, `${name}.yaml`));

let directory: string;
let dir: string;
let gates: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eval-'));
  dir = join(directory, 'evals');
  gates = join(directory, 'gates.yaml');
  writeFileSync(gates, 'people_cut: 0\nunexpected: 0\nunrecorded: 0\n');
});
afterEach(() => rmSync(directory, { recursive: true }));

async function run(args: readonly string[], deps: Partial<EvalDeps> = {}) {
  const out: string[] = [];
  const errors: string[] = [];
  let code = 0;
  const make = () =>
    evalCommand({
      fixturesDirectory: FIXTURES,
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => errors.push(text) },
      setExitCode: (value) => {
        code = value;
      },
      columns: 80,
      ...deps,
    });
  const failed = await runCli([{ make }], ['eval', ...args], {
    out: (text) => out.push(text),
    err: (text) => errors.push(text),
  });
  return { code: failed === 0 ? code : failed, text: out.join(''), errors: errors.join('') };
}
const play = (more: readonly string[] = [], deps: Partial<EvalDeps> = {}) =>
  run([...paths, '--dir', dir, '--gates', gates, ...more], deps);
const json = async (args: readonly string[]) => JSON.parse((await run([...args, '--dir', dir, '--json'])).text);

/** Calls of a run, the oldest is 0, without what the wall measured. */
function callsOf(index: number): Map<string, unknown> {
  const home = listRuns(dir)[index]?.directory ?? '';
  const lines = readFileSync(join(home, 'calls.ndjson'), 'utf8').trim().split('\n');
  return new Map(
    lines
      .map((line) => JSON.parse(line))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map((call) => [call.key, { ...call, record: { ...call.record, latency: null } }]),
  );
}

describe('hangup-guard eval', () => {
  it('plays, keeps and judges; the same whatever the concurrency', async () => {
    const first = await play(['--concurrency', '1']);
    expect(first.errors).toBe('');
    expect(first.code).toBe(0);
    expect(first.text).toContain('All gates passed');
    expect(first.text).toContain("No model answered: prompt quality with a vendor's model was not measured.");
    const second = await play(['--concurrency', '5']);
    expect(second.text).toContain(': 0 flips; hangup-guard eval diff ');
    expect(callsOf(1)).toEqual(callsOf(0));
    expect(callsOf(0).size).toBe(5);
  });

  it('catches an edit of the weights, and diff names it', async () => {
    await play();
    const weights = JSON.parse(readFileSync(join(import.meta.dirname, '../../weights.json'), 'utf8'));
    // Without what silence and a menu are worth, half of the machines are left.
    for (const name of ['silence', 'keypad-menu', 'probe-answers', 'robocall-wording', 'announcement-style']) {
      const { points } = weights.signals[name];
      for (const level of Object.keys(points)) points[level] = Math.min(0, points[level]);
    }
    const file = join(directory, 'weights.json');
    writeFileSync(file, JSON.stringify(weights));
    const { code, text } = await play(['--weights', file]);
    expect(code).toBe(1);
    expect(text).toMatch(/FAILED {2}unexpected/);
    expect(text).toContain('fixtures/keypad-menu-energy');
    const diff = await run(['diff', 'last~1', 'last', '--dir', dir, '--fail-on-flip']);
    expect(diff.code).toBe(1);
    expect(diff.text).toContain('keypad-menu');
    expect((await run(['diff', 'last', 'last', '--dir', dir, '--fail-on-flip'])).code).toBe(0);
  });

  it('goes on with an interrupted run and plays nothing twice', async () => {
    let asked = 0;
    // Both workers are asked before each call: two calls are begun, then no more.
    const stopped = await play(['--concurrency', '1'], { stopped: () => ++asked > 2 });
    expect(stopped.code).toBe(130);
    expect(stopped.errors).toContain('stopped: 2 of 5 calls are there; to go on:\n  hangup-guard eval ');
    const before = callsOf(0);
    expect(before.size).toBe(2);
    const after = await play();
    expect(after.errors).toMatch(/going on with run \S+: 2 of 5 calls are there/);
    expect(after.code).toBe(0);
    expect(readdirSync(join(dir, 'runs'))).toHaveLength(1);
    const lines = readFileSync(join(dir, 'runs', readdirSync(join(dir, 'runs'))[0] ?? '', 'calls.ndjson'), 'utf8');
    expect(lines.trim().split('\n')).toHaveLength(5);
    await play();
    expect(callsOf(0), 'as if it had not been interrupted').toEqual(callsOf(1));
  });

  it('starts anew with --fresh, or when what is asked for is another', async () => {
    await play([], { stopped: () => true });
    expect((await play(['--seed', '2'])).errors).toBe('');
    expect((await play(['--fresh'])).errors).toBe('');
    expect(readdirSync(join(dir, 'runs'))).toHaveLength(3);
    const { text } = await run(['list', '--dir', dir]);
    expect(text).toContain('not complete');
    expect((await run(['show', 'last', '--dir', dir])).text).toContain('5 calls, 5 as expected');
    expect(await json(['list'])).toHaveLength(3);
  });

  it('replays answers of a model, and says which are missing and how to record them', async () => {
    const model = await startFakeModel({});
    const config = join(directory, 'guard.yaml');
    writeFileSync(
      config,
      `responders:\n  fake: { type: openai, model: m, base_url: "${model.baseUrl.openai}" }\nagents:\n  default: { responder: fake }\n`,
    );
    const args = ['--config', config, '--name', 'stutter'];
    try {
      const missing = await play(args);
      expect(missing.code).toBe(1);
      expect(missing.text).toContain('1 call needs answers of a model that are not recorded');
      expect(missing.text).toMatch(/its prompt was\s+edited or never recorded/);
      expect(missing.text).toMatch(/FAILED {2}unrecorded/);
      expect(missing.text).toMatch(/hangup-guard eval .* --config .* --name stutter .*--record/);
      const recorded = await play([...args, '--record']);
      expect(recorded.code).toBe(0);
      expect(recorded.text).toContain("which is not the vendor's");
    } finally {
      await model.close();
    }
    const replayed = await play(args);
    expect(replayed.code).toBe(0);
    expect(callsOf(2)).toEqual(callsOf(1));
    expect((await json(['show', 'last'])).stamp.answers).toMatchObject([{ model: 'm', vendor: false }]);
  });

  it('writes reports', async () => {
    await play();
    const file = (name: string) => join(directory, name);
    const { text } = await run([
      'report',
      'last',
      '--dir',
      dir,
      '--html',
      file('a.html'),
      '--md',
      file('a.md'),
      '--json',
      file('a.json'),
    ]);
    expect(text).toContain('wrote ');
    expect(readFileSync(file('a.html'), 'utf8')).toContain('<html');
    expect(readFileSync(file('a.md'), 'utf8')).toContain('#');
    expect(JSON.parse(readFileSync(file('a.json'), 'utf8'))).toMatchObject({ summary: { calls: 5 } });
  });

  it.each<[string, string[], string]>([
    ['no such fixture', ['nowhere.yaml'], 'nowhere.yaml: no such file'],
    ['no such agent', [...paths, '--agents', 'dentl'], 'there is no agent "dentl"'],
    ['no such prompts', [...paths, '--prompts', '/nowhere'], 'no such directory'],
    ['no such weights', [...paths, '--weights', 'nowhere.json'], 'nowhere.json: no such file'],
    ['no such gates', [...paths, '--gates', 'nowhere.yaml'], 'no such file'],
    ['no call left', [...paths, '--name', 'zzz'], 'none of 5 calls matches'],
    ['no number', [...paths, '--repeats', '0'], 'A whole number from 1'],
    ['sets without data', [...paths, '--sets', 'a'], '--sets, --exclude and --limit'],
    ['two ways at once', [...paths, '--record', '--no-cache'], '--record keeps answers'],
    ['no such run', ['show', 'last'], 'there is no run last'],
    ['no run to compare', ['diff', 'a', 'b'], 'there is no run b'],
    ['nothing to write', ['report', 'last'], 'there is no run last'],
  ])('exits 2: %s', async (_name, args, message) => {
    const { code, errors } = await run([...args, '--dir', dir]);
    expect(errors).toContain(message);
    expect(code).toBe(2);
  });
});
