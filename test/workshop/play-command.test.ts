import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PlayDeps, playCommand } from '../../src/cli/play.ts';
import type { BeforeCall } from '../../src/workshop/player/scenario.ts';
import { openScript, parrot, reply, type Script, serveScript } from './retell-server.ts';
import { PROBES } from './scenarios.ts';

const fixture = (name: string, kind: string, decision: string, more = ''): string =>
  `format: 1\nname: ${name}\ndescription: x\nkind: ${kind}\nturns:\n  - say: Hello there, this is a short call of a few words.\n  - say: Goodbye for now.\nexpect:\n  decision: ${decision}\n${more}`;

/** Hangs up at the second request on whoever is a tape by its words. */
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

async function run(script: Script, args: string[], more: Partial<Awaited<ReturnType<PlayDeps['inProcess']>>> = {}) {
  let text = '';
  let code: number | undefined;
  const command = playCommand({
    inProcess: async () => ({ connect: openScript(script), close: async () => undefined, ...more }),
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

describe('hangup-guard play', () => {
  it('plays fixtures in this process and exits 0 when all is as expected', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    const { text, code } = await run(parrot, []);
    expect(code).toBe(0);
    expect(text).toContain('fixtures');
  });

  it('exits 1 and says what differs', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    writeFileSync(join(directory, 'tape.yaml'), fixture('tape', 'recording', 'hang_up'));
    const missed = await run(parrot, []);
    expect(missed.code).toBe(1);
    expect(missed.text).toContain('tape: expected a hang-up, there was none');
    const cut = await run(hangsUpOnAll, [join(directory, 'caller.yaml'), '--json']);
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
    expect((await run(hangsUpOnAll, ['--data', directory, '--shuffle', '--asr-noise'])).code).toBe(1);
    expect((await run(hangsUpOnAll, ['--data', directory, '--sets', 'tapes'])).code).toBe(0);
    expect((await run(parrot, ['--data', directory, '--exclude', 'tapes'])).code).toBe(0);
  });

  it('tells the guard of earlier calls', async () => {
    const told: [string, readonly BeforeCall[]][] = [];
    writeFileSync(
      join(directory, 'caller.yaml'),
      fixture(
        'caller',
        'person',
        'none',
        'call: { from: "+12135550143" }\nbefore: [{ outcome: hung_up, daysAgo: 2 }]\n',
      ),
    );
    await run(parrot, [], { remember: (number, before) => told.push([number, before]) });
    expect(told).toEqual([['+12135550143', [{ outcome: 'hung_up', daysAgo: 2 }]]]);
  });

  it('plays over a socket, never with the same call ids again, and keeps the key to itself', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    const server = await serveScript(parrot);
    try {
      const first = await run(parrot, ['--url', server.url, '--rate', '60', '--json']);
      const second = await run(parrot, ['--url', server.url, '--rate', '60', '--json']);
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(new Set(server.paths).size).toBe(2);
      expect(first.text + second.text).not.toContain('secret');
    } finally {
      await server.close();
    }
  });

  it('refuses what makes no sense', async () => {
    writeFileSync(join(directory, 'caller.yaml'), fixture('caller', 'person', 'none'));
    await expect(run(parrot, ['--rate', '5'])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(parrot, ['--sets', 'x'])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(parrot, ['--url', 'nonsense?key=abc'])).rejects.toThrow(/^(?!.*abc)/);
    await expect(run(parrot, [join(directory, 'none.yaml')])).rejects.toMatchObject({ exitCode: 2 });
    await expect(run(parrot, ['--limit', '0'])).rejects.toThrow();
  });
});
