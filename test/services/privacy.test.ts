import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caller } from '../server/retell-client.ts';
import { HELLO, playUntilHungUp, TAPE } from './robocall.ts';
import { cli, type Served, serve, showCall, until, upgradeStatus, workingDirectory } from './serve-kit.ts';

const KEY = 'a-key-of-this-guard-4711';
const withKey = (callId: string): string => `/llm-websocket/default/${callId}?key=${KEY}`;
const NUMBER = '+12137774242';
/** Everything is logged that ever could be. */
const LOUD = 'mode: enforce\nlog:\n  level: trace\n';

/** All that was written below a directory, byte by byte. */
function bytesOf(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** A robocall that says `word` in every turn, hung up on. */
async function hungUpCall(guard: Served, callId: string, word: string, details: object): Promise<void> {
  const client = await guard.connect(callId, withKey(callId));
  client.details({ from_number: NUMBER, ...details });
  await until(client, () => client.isComplete(0));
  const spoken = client.send.bind(client);
  client.send = (frame) => spoken(JSON.stringify(frame).replaceAll(TAPE_WORD, word));
  const { said } = await playUntilHungUp(client);
  // Nor does what cannot be read get anywhere.
  spoken(`{"interaction_type":"update_only","transcript":[{"role":"user","content":"${word}`);
  client.update([...said, caller(`${word} and goodbye`)]);
  await client.settled();
  client.socket.close(1000);
  await guard.logged('call ended', { callId });
}
const TAPE_WORD = 'press';

describe('what is written down', () => {
  it('of a call that opted out of storage: not one word, on disk or in the log', async () => {
    const dir = workingDirectory(LOUD);
    const guard = await serve(dir, { env: { HANGUP_GUARD_KEY: KEY } });
    await hungUpCall(guard, 'private_1', 'zanzibar press', { opt_out_sensitive_data_storage: true });
    // While it runs, where the write-ahead log and the spool are, and afterwards.
    const running = bytesOf(join(dir, 'data'));
    const record = await showCall(dir, 'private_1');
    expect(record).toMatchObject({ decision: 'hang_up', decided: true, sent: true, noText: true });
    expect(record).not.toHaveProperty('events');
    guard.kill('SIGTERM');
    expect(await guard.ended).toBe(0);
    for (const written of [running, bytesOf(join(dir, 'data')), guard.output()]) {
      expect(written).not.toMatch(/zanzibar|warranty|specialists/i);
    }
    expect(running).toContain('private_1');
  });

  it('of any call in the log: no transcript, no full number, no key, no address with a key', async () => {
    const dir = workingDirectory(LOUD);
    const guard = await serve(dir, { env: { HANGUP_GUARD_KEY: KEY, RETELL_API_KEY: 'key_of_retell_4711' } });
    await hungUpCall(guard, 'ordinary_1', 'zanzibar press', {});
    const person = await guard.connect('ordinary_2', withKey('ordinary_2'));
    person.details({ from_number: NUMBER });
    person.ask(1, [HELLO, caller('hi my name is zanzibar and i would like an appointment')]);
    await until(person, () => person.isComplete(1));
    const reply = person.said(1);
    person.socket.close(1000);
    await guard.logged('call ended', { callId: 'ordinary_2' });
    await upgradeStatus(guard.port, '/llm-websocket/default/ordinary_3?key=wrong-key-0815');
    // The records keep what the log may not have.
    expect(bytesOf(join(dir, 'data'))).toContain('warranty');
    expect(await showCall(dir, 'ordinary_1')).toMatchObject({ callerNumber: NUMBER, events: expect.any(String) });

    const output = guard.output();
    expect(output).toContain('call ended');
    expect(output).not.toMatch(/zanzibar|warranty|specialists/i);
    expect(output).not.toContain(reply);
    expect(output).not.toContain(NUMBER.slice(2));
    expect(output).not.toContain('7771235');
    expect(output).not.toMatch(/4711|0815|\?key=/);
    for (const line of [...TAPE, HELLO.content]) expect(output).not.toContain(line.slice(0, 20));
  });
});

describe('the key', () => {
  it('is asked of every socket: in the query or the path, right or 401', async () => {
    const dir = workingDirectory();
    const guard = await serve(dir, { env: { HANGUP_GUARD_KEY: KEY } });
    for (const path of [
      '/llm-websocket/default/c1',
      '/llm-websocket/default/c1?key=',
      '/llm-websocket/default/c1?key=wrong',
      `/llm-websocket/default/c1?key=${KEY}x`,
      `/llm-websocket/default/${KEY.slice(1)}/c1`,
    ]) {
      expect(await upgradeStatus(guard.port, path), path).toBe(401);
    }
    expect(await upgradeStatus(guard.port, withKey('c2'))).toBe(101);
    expect(await upgradeStatus(guard.port, `/llm-websocket/default/${KEY}/c3`)).toBe(101);
    expect(guard.output()).not.toContain(KEY);
  });

  it('is needed beyond loopback: without it serve ends with 2 and says what to do', async () => {
    const dir = workingDirectory();
    const ended = await cli(dir, ['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(ended).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: .*HANGUP_GUARD_KEY.*\nhint: .*HANGUP_GUARD_KEY/),
    });
  });

  it.each([
    ['not a url', /is not a base URL/],
    ['http://api.example.com', /must be https/],
  ])('of Retell goes to no address such as %s', async (url, message) => {
    const dir = workingDirectory();
    const env = { RETELL_API_KEY: 'key_of_retell_4711', RETELL_BASE_URL: url };
    const ended = await cli(dir, ['serve', '--port', '0'], { env });
    expect(ended).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    expect(ended.err).not.toContain('4711');
  });
});
