import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { evalCommand } from '../../src/cli/eval.ts';
import { runCli } from '../../src/cli/program.ts';
import { packagePromptsDir } from '../../src/prompts.ts';
import { weightsFile } from '../../src/weights-file.ts';
import type { Mind } from '../../src/workshop/fake-model/mind.ts';
import { readBack } from '../../src/workshop/fake-model/read-back.ts';
import { receptionist } from '../../src/workshop/fake-model/receptionist.ts';
import { type FakeModel, startFakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';

/** A bad edit of a threshold, of a weight and of a prompt: caught by the gates, named by the diff. */

const FIXTURES = join(import.meta.dirname, '../../fixtures');
const PLAIN = ['silent-line', 'robocall-prize-draw', 'person-quotes-press-one', 'person-monologue-before-asking'];
const SELLERS = ['sales-live-card-terminals', 'sales-robot-posing-as-jenna', 'person-asks-price-list-from-ad'];
const RULE = /^- sales_pitch: .*$/m;

let directory: string;
let dir: string;
let gates: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'eval-edits-'));
  dir = join(directory, 'evals');
  gates = join(directory, 'gates.yaml');
  writeFileSync(gates, 'people_cut: 0\nunexpected: 0\nunrecorded: 0\n');
});
afterEach(() => rmSync(directory, { recursive: true }));

async function run(args: readonly string[]) {
  let text = '';
  let code = 0;
  const write = (part: string): void => {
    text += part;
  };
  const make = () =>
    evalCommand({
      fixturesDirectory: FIXTURES,
      stdout: { write },
      stderr: { write },
      setExitCode: (value) => {
        code = value;
      },
      columns: 120,
    });
  const failed = await runCli([{ make }], ['eval', ...args, '--dir', dir], { out: write, err: write });
  return { code: failed === 0 ? code : failed, text };
}
const paths = PLAIN.map((name) => join(FIXTURES, `${name}.yaml`));
const play = (...more: string[]) => run([...paths, '--gates', gates, ...more]);
const diff = () => run(['diff', 'last~1', 'last', '--fail-on-flip']);

describe('a bad edit', () => {
  it('of a threshold is caught and named', async () => {
    const config = join(directory, 'guard.yaml');
    writeFileSync(config, 'mode: enforce\n');
    expect((await play('--config', config)).code).toBe(0);
    writeFileSync(config, 'mode: enforce\npreset: eager\n');
    const after = await play('--config', config);
    expect(after.code).toBe(1);
    expect(after.text).toMatch(/^People wrongly hung up on/m);
    const { code, text } = await diff();
    expect(code).toBe(1);
    expect(text).toContain('thresholds: hang-up 20.0 → 14.8');
    expect(text).toContain('fixtures/person-monologue-before-asking');
  });

  it('of a weight is caught and named', async () => {
    const weights = join(directory, 'weights.json');
    cpSync(weightsFile, weights);
    expect((await play('--weights', weights)).code).toBe(0);
    const text = readFileSync(weights, 'utf8');
    const edited = text.replace(/"never-spoke-(\d)": \d+/g, '"never-spoke-$1": 2');
    expect(edited).not.toBe(text);
    writeFileSync(weights, edited);
    const after = await play('--weights', weights);
    expect(after.code).toBe(1);
    const shown = await diff();
    expect(shown.code).toBe(1);
    expect(shown.text).toContain('silence never-spoke-2 21 → 2');
    expect(shown.text).toContain('fixtures/silent-line');
  });
});

/** Reports whoever sells, if its prompt has the rule about selling; else it only talks. */
const clerk: Mind = (ask) => {
  const reported = ask.messages.some((message) => message.role === 'assistant' && (message.calls ?? []).length > 0);
  if (ask.schema !== undefined || reported || !RULE.test(ask.system)) return receptionist(ask);
  const said = readBack(ask).transcript.filter(({ role }) => role === 'caller');
  const line = said.at(-1)?.text ?? '';
  const words = said.map(({ text }) => text).join(' ');
  if (words.split(' ').length < 20 || /price list/i.test(words)) return receptionist(ask);
  const report = { category: 'sales_pitch', confidence: 'high', quote: line };
  return { text: '', toolCalls: [{ id: 'call_1', name: 'report_caller', arguments: JSON.stringify(report) }] };
};

describe('a bad edit of a prompt, with a model whose answers depend on it', () => {
  let model: FakeModel;
  beforeAll(async () => {
    model = await startFakeModel({ mind: clerk, tokensPerChunk: 50 });
  });
  afterAll(() => model.close());

  it('is asked for, caught, named and shown; interrupted or repeated it pays for nothing twice', async () => {
    const fixtures = join(directory, 'fixtures');
    const prompts = join(directory, 'prompts');
    mkdirSync(fixtures);
    cpSync(packagePromptsDir, prompts, { recursive: true });
    for (const name of SELLERS) {
      const text = readFileSync(join(FIXTURES, `${name}.yaml`), 'utf8');
      writeFileSync(join(fixtures, `${name}.yaml`), text.replace(/^knownMiss: .*\n/m, ''));
    }
    const config = join(directory, 'guard.yaml');
    const fake = { type: 'openai', model: 'fake', base_url: model.baseUrl.openai };
    const agents = { default: { responder: 'fake' } };
    writeFileSync(config, stringify({ mode: 'enforce', prompts_dir: prompts, responders: { fake }, agents }));
    writeFileSync(gates, 'people_cut: 0\ncaught_share: 1\nunrecorded: 0\n');
    const played = (...more: string[]) => run([fixtures, '--config', config, '--gates', gates, ...more]);

    const unrecorded = await played();
    expect(unrecorded.code).toBe(1);
    expect(unrecorded.text).toMatch(/answers of a model that are not recorded/);
    expect(unrecorded.text).toContain('--record');
    expect(model.counts().requests).toBe(0);

    const before = await played('--record');
    expect(before.text).toMatch(/prompt quality with a vendor's model was\s+not measured/);
    expect(before.text).toContain(model.baseUrl.openai);
    expect(before.code).toBe(0);
    const paid = model.counts().requests;
    expect(paid).toBeGreaterThan(10);
    const again = await played();
    expect(again.code).toBe(0);
    expect(model.counts().requests, 'recorded answers are not asked for again').toBe(paid);

    const guard = join(prompts, 'guard.md');
    writeFileSync(guard, readFileSync(guard, 'utf8').replace(RULE, ''));
    const silent = await played();
    expect(silent.code).toBe(1);
    expect(silent.text).toMatch(/answers of a model that are not recorded/);
    expect(model.counts().requests).toBe(paid);

    const after = await played('--record');
    expect(after.code).toBe(1);
    expect(after.text).toMatch(/FAILED {2}caught_share/);
    const runs = JSON.parse((await run(['list', '--json'])).text);
    const { code, text } = await run(['diff', runs.at(-3).id, runs.at(-1).id, '--fail-on-flip']);
    expect(code).toBe(1);
    expect(text).toContain('prompt: guard');
    expect(text).toMatch(/^\s+- - sales_pitch: sells to this business/m);
    expect(text).toContain('sales-live-card-terminals');
    expect(text).toContain('sales-robot-posing-as-jenna');
  });
});
