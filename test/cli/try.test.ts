import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../../src/cli/errors.ts';
import { tryCommand } from '../../src/cli/try.ts';
import { pipedLines, terminalLines } from '../../src/cli/try-lines.ts';
import { packagePromptsDir } from '../../src/prompts.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { MAX_LINE_CHARS } from '../../src/workshop/try/typed-line.ts';

const probeTexts = loadProbeTexts(`${packagePromptsDir}/probes`);

const ROBOCALL = [
  '/recording Hello, this is the final notice about the warranty of your vehicle.',
  '/gap 0.7 /recording Press one to speak with a warranty specialist. Press nine to be removed from our list.',
  '/gap 1.3 /recording Again, press one now to speak with a warranty specialist about your warranty.',
  '/gap 1 /recording This is the final courtesy call before we close your file. Press one now.',
  '',
].join('\n');

async function tried(input: string, ...args: string[]) {
  let out = '';
  let err = '';
  let code: number | undefined;
  const command = tryCommand({
    probeTexts: () => probeTexts,
    stdin: Readable.from(input === '' ? [] : [input]),
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
    setExitCode: (value) => {
      code = value;
    },
  })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  return { out, err, code };
}

interface Step {
  readonly type: string;
  readonly caller: string | null;
  readonly agent: string[];
  readonly callMs: number;
  readonly points: number;
  readonly rung: string;
  readonly category: string | null;
  readonly rule: { name: string } | null;
  readonly evidence: { signal: string; points: number }[];
  readonly decision?: string;
  readonly outcome?: string;
  readonly asked: { kind: string }[];
}

async function triedJson(input: string, ...args: string[]) {
  const { out, ...rest } = await tried(input, '--json', ...args);
  const lines = out.trimEnd().split('\n');
  return { lines: lines.map((line) => JSON.parse(line) as Step), ...rest };
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'try-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('hangup-guard try', () => {
  it('prints what was said, the evidence, the sum and how it ended', async () => {
    const { out, code } = await tried('hello\nI would like an appointment on Tuesday, please.\n');
    expect(code).toBe(0);
    expect(out).toMatch(/caller {2}hello/);
    expect(out).toMatch(/agent {3}\S+/);
    expect(out).toContain('good-answers');
    expect(out).toContain('rung continue');
    expect(out).toContain('p probe +0.0, c closing +11.0, h hang up +20.0');
    expect(out).toContain('The caller left after');
    expect(out).not.toContain('\u001b');
  });

  it('--json: one object a step, one at the end', async () => {
    const { lines, code } = await triedJson('hello\nI would like an appointment on Tuesday, please.\n');
    expect(code).toBe(0);
    const steps = lines.filter(({ type }) => type === 'step');
    expect(steps.map(({ caller }) => caller).filter((text) => text !== null)).toEqual([
      'hello',
      'I would like an appointment on Tuesday, please.',
    ]);
    expect(steps[0]?.agent.length).toBeGreaterThan(0);
    for (let i = 1; i < steps.length; i++) expect(steps[i]?.callMs).toBeGreaterThan(steps[i - 1]?.callMs ?? 0);
    expect(steps.at(-1)).toMatchObject({ rung: 'continue' });
    expect(steps.at(-1)?.evidence.some(({ signal }) => signal === 'good-answers')).toBe(true);
    expect(lines.at(-1)).toMatchObject({ type: 'end', decision: 'none', outcome: 'caller_left' });
  });

  it('hangs up on a recording, says why, and exits 1 only when asked to', async () => {
    const { lines, code } = await triedJson(ROBOCALL);
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ type: 'end', decision: 'hang_up', outcome: 'hung_up' });
    expect(lines.some(({ asked }) => asked?.some(({ kind }) => kind === 'closing'))).toBe(true);
    const { code: failed, out } = await tried(ROBOCALL, '--fail-on-hang-up');
    expect(failed).toBe(1);
    expect(out).toMatch(/The guard hung up after \d+\.\d s/);
    expect(out).toContain('reason');
  });

  it('is the same call twice with one seed', async () => {
    const [once, again, other] = [await tried(ROBOCALL), await tried(ROBOCALL), await tried(ROBOCALL, '--seed', '2')];
    expect(again.out).toBe(once.out);
    expect(other.out).not.toBe(once.out);
  });

  it('lines after a hang-up are counted, /again calls anew and the number is known', async () => {
    const { lines, err } = await triedJson(`${ROBOCALL}not said\n/again\nHello, you hung up on me just now.\n`);
    expect(err).toMatch(/\d+ more lines? w\w+ not said/);
    expect(lines.filter(({ type }) => type === 'end')).toHaveLength(2);
    const first = lines.findIndex(({ type }) => type === 'end');
    expect(lines[first + 1]?.evidence.map(({ signal }) => signal)).toContain('number-history');
    expect(lines[first + 1]?.rule?.name).toBe('free pass');
  });

  it('knows earlier calls of the number', async () => {
    const args = ['--from', '+13035550136', '--before', 'hung_up:recorded_message:2'];
    const { lines } = await triedJson('hello\n', ...args);
    expect(lines[0]?.evidence.map(({ signal }) => signal)).toContain('number-history');
    expect((await triedJson('hello\n')).lines[0]?.evidence.map(({ signal }) => signal)).not.toContain('number-history');
  });

  it('takes over in the middle of a fixture', async () => {
    const args = ['--fixture', 'fixtures/robocall-car-warranty.yaml', '--after', '1'];
    const { lines } = await triedJson('Sorry, that was the radio. This is Ann Miller, I have a question.\n', ...args);
    expect(lines[0]?.caller).toContain('Motor Shield Direct');
    expect(lines.map(({ caller }) => caller ?? '').join(' ')).not.toContain('Our records');
    expect(lines.at(-1)).toMatchObject({ decision: 'none' });
  });

  it('reads weights, preset and language', async () => {
    const harsh = await triedJson('hello\n', '--preset', 'eager');
    expect(harsh.code).toBe(0);
    expect((await tried('hello\n', '--preset', 'eager')).out).toContain('h hang up +14.8');
    const spanish = await triedJson('hola\n', '--language', 'es');
    expect(spanish.lines[0]?.agent[0]).not.toBe(harsh.lines[0]?.agent[0]);
    const weights = join(directory, 'weights.json');
    writeFileSync(weights, '{}');
    await expect(tried('hello\n', '--weights', weights)).rejects.toThrow(/weights/);
  });

  it('is answered over the API of a fake model', async () => {
    const { lines } = await triedJson('hello\nI would like an appointment, please.\n', '--responder', 'openai');
    expect(lines.flatMap(({ agent }) => agent ?? []).length).toBeGreaterThan(1);
    expect((await tried('', '--responder', 'openai')).out).toContain('a fake model over the openai API');
  });

  it('refuses piped lines that cannot be taken, by their number, goes on, and exits 2', async () => {
    const long = 'x'.repeat(MAX_LINE_CHARS * 3);
    const { err, code, out } = await tried(`hello\na\u0007b\n${long}\n/nonsense\n//really\nbye\n`);
    expect(code).toBe(2);
    for (const number of [2, 3, 4]) expect(err).toContain(`error: line ${number}: `);
    expect(err.match(/hint: /g)).toHaveLength(3);
    expect(out).toContain('/really');
    expect(out).toContain('bye');
    expect(`${err}${out}`).not.toMatch(/\u0007|xxx/);
  });

  it.each([
    ['--from', '0303'],
    ['--direction', 'sideways'],
    ['--before', 'gone'],
    ['--before', 'hung_up:nonsense'],
    ['--before', 'hung_up:silent:x'],
    ['--after', '-1'],
    ['--language', 'not a language'],
    ['--preset', 'wild'],
    ['--responder', 'gemini'],
  ])('refuses %s %s', async (...args) => {
    await expect(tried('', ...args)).rejects.toThrow(CommanderError);
  });

  it.each([
    [['--agent', 'nobody']],
    [['--after', '2']],
    [['--fixture', 'fixtures']],
    [['--fixture', 'fixtures/none-such.yaml']],
    [['--fixture', 'fixtures/robocall-car-warranty.yaml', '--after', '99']],
    [['--direction', 'web', '--from', '+13035550136']],
  ])('refuses %j with exit code 2', async (args) => {
    const error = await tried('', ...args).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CliError);
    expect((error as CliError).exitCode).toBe(2);
  });

  it('refuses a relay, whose clock it cannot stop', async () => {
    const file = join(directory, 'guard.yaml');
    writeFileSync(
      file,
      'responders:\n  mine: { type: relay, url: "ws://127.0.0.1:1/llm" }\nagents:\n  default: { responder: mine }\n',
    );
    await expect(tried('', '--config', file)).rejects.toThrow(/clock/);
    expect((await tried('', '--config', file, '--responder', 'scripted')).code).toBe(0);
  });
});

describe('lines of a pipe', () => {
  it('come one by one however they are cut, and never grow beyond what is taken', async () => {
    const input = new PassThrough();
    const lines = pipedLines(input);
    input.write('one\r\ntw');
    expect(await lines.next('')).toBe('one');
    input.write('o\n');
    expect(await lines.next('')).toBe('two');
    for (let i = 0; i < 20; i++) input.write('y'.repeat(1_000));
    input.end('\nlast');
    expect((await lines.next(''))?.length).toBeLessThanOrEqual(MAX_LINE_CHARS + 2);
    expect(await lines.next('')).toBe('last');
    expect(await lines.next('')).toBeNull();
  });
});

describe('lines of a terminal', () => {
  const open = () => {
    const input = new PassThrough();
    return { input, lines: terminalLines(input, new PassThrough().resume()) };
  };

  it('come as typed, ahead too, and end with Ctrl-D', async () => {
    const { input, lines } = open();
    const first = lines.next('> ');
    input.write('hello\rahead\r');
    expect(await first).toBe('hello');
    expect(await lines.next('> ')).toBe('ahead');
    input.write('\u0004');
    expect(await lines.next('> ')).toBeNull();
    expect(lines.isOver).toBe(true);
    expect(await lines.next('> ')).toBeNull();
  });

  it('end with Ctrl-C, whatever was begun', async () => {
    const { input, lines } = open();
    const next = lines.next('> ');
    input.write('half a li\u0003');
    expect(await next).toBeNull();
  });
});
