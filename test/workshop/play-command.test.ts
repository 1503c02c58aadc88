import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playCommand } from '../../src/cli/play.ts';
import { parrot, reply, type Script, serveScript } from './retell-server.ts';
import { PROBES } from './scenarios.ts';

const fixture = (name: string, kind: string, decision: string, more = ''): string =>
  `format: 1\nname: ${name}\ndescription: x\nkind: ${kind}\nturns:\n  - say: Hello there, this is a short call of a few words.\n  - say: Goodbye for now.\nexpect:\n  decision: ${decision}\n${more}`;

/** Hangs up on everybody at their first request. */
const hangsUpOnAll: Script = {
  ...parrot,
  onFrame: (frame, say) => {
    if (frame.response_id === undefined) return;
    say(reply(frame.response_id, 'Goodbye.', { end_call: true, no_interruption_allowed: true }));
  },
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'play-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function run(args: string[]) {
  let text = '';
  let code: number | undefined;
  const command = playCommand({
    probeTexts: () => PROBES,
    fixturesDirectory: directory,
    stdout: { write: (part: string) => (text += part) },
    setExitCode: (value) => {
      code = value;
    },
  })
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  await command.parseAsync(args, { from: 'user' });
  return { text, code };
}

/** The same against a server of this script, sixty times as fast as a call. */
async function runAgainst(script: Script, args: string[]) {
  const server = await serveScript(script);
  try {
    return { ...(await run(['--url', server.url, '--rate', '60', ...args])), paths: server.paths };
  } finally {
    await server.close();
  }
}

describe('hangup-guard play', () => {
  it('plays fixtures in this process and exits 0 when all is as expected', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    const { text, code } = await run([]);
    expect(code).toBe(0);
    expect(text).toContain('fixtures');
  });

  it('exits 1 and says what differs', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    writeFileSync(join(directory, 'tape.yaml'), fixture('tape', 'recording', 'hang_up'));
    const missed = await run([]);
    expect(missed.code).toBe(1);
    expect(missed.text).toContain('tape: expected a hang-up, there was none');
    const cut = await runAgainst(hangsUpOnAll, [join(directory, 'caller.yaml'), '--json']);
    expect(cut.code).toBe(1);
    expect(JSON.parse(cut.text)).toMatchObject({ different: [{ id: 'caller' }], report: { cut: [{ id: 'caller' }] } });
  });

  it('exits 1 when a person of a data set was cut, and 0 when only machines were', async () => {
    writeFileSync(
      join(directory, 'calls.jsonl'),
      `${JSON.stringify({ id: 'p', label: 'legit', turns: [{ role: 'caller', text: 'Hello, I need some help.' }] })}\n`,
    );
    writeFileSync(
      join(directory, 'tapes.jsonl'),
      `${JSON.stringify({ id: 't', label: 'robocall', text: 'Buy now. Buy it now.' })}\n`,
    );
    expect((await runAgainst(hangsUpOnAll, ['--data', directory, '--shuffle', '--asr-noise'])).code).toBe(1);
    expect((await runAgainst(hangsUpOnAll, ['--data', directory, '--sets', 'tapes'])).code).toBe(0);
    expect((await run(['--data', directory, '--exclude', 'tapes', '--shuffle', '--asr-noise'])).code).toBe(0);
  });

  it('tells the guard of earlier calls', async () => {
    const from = 'call: { from: "+12135550143" }\n';
    const before = 'before: [{ outcome: hung_up, category: robocall_menu, daysAgo: 2 }]\n';
    const path = join(directory, 'caller.yaml');
    writeFileSync(path, fixture('caller', 'person', 'none', `  evidence: [number-history]\n${from}${before}`));
    expect(await run([])).toMatchObject({ code: 0 });
    writeFileSync(path, fixture('caller', 'person', 'none', `  evidence: [number-history]\n${from}`));
    const { text, code } = await run([]);
    expect(code).toBe(1);
    expect(text).toContain('caller: no evidence of number-history');
  });

  it('plays over a socket, never with the same call ids again, and keeps the key to itself', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    const first = await runAgainst(parrot, ['--json']);
    const second = await runAgainst(parrot, ['--json']);
    expect([first.code, second.code]).toEqual([0, 0]);
    // A slow machine may bring a call a second socket.
    expect(new Set([...first.paths, ...second.paths]).size).toBe(2);
    expect(first.text + second.text).not.toContain('secret');
  });

  it('refuses what makes no sense', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    await expect(run(['--rate', '5'])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(['--sets', 'x'])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(['--url', 'nonsense?key=abc'])).rejects.toThrow(/^(?!.*abc)/);
    await expect(run([join(directory, 'none.yaml')])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(['--limit', '0'])).rejects.toThrow();
  });
});
