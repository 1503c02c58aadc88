import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallRecord } from '../../src/records/record.ts';
import { agent, caller } from '../server/retell-client.ts';
import { HELLO, hangUps, playPiece, playUntilHungUp } from './robocall.ts';
import { serve, showCall, spoolLines, until, workingDirectory } from './serve-kit.ts';

/** The guard's own clock; sockets and disk take the time they take. */
const FAST = ['--rate', '20'];

/** A call that was hung up on, once, and why. */
function expectHungUp(record: CallRecord): void {
  expect(record).toMatchObject({
    outcome: 'hung_up',
    decision: 'hang_up',
    category: expect.stringMatching(/^(recorded_message|robocall_menu)$/),
    decided: true,
    sent: true,
    confirmed: true,
  });
  expect(record.reason).not.toBe('');
  expect(record.rungs.filter(({ to }) => to === 'hang_up')).toHaveLength(1);
}

/** The evidence on which it was decided is in the record too, whoever wrote it. */
function expectExplained(record: CallRecord): void {
  expect(record.probes.map(({ kind }) => kind)).toContain('closing');
  expect(record.rungs.map(({ to }) => to)).toContain('closing');
  expect(record.evidence.at(-1)?.evidence).not.toEqual([]);
}

/** Retell's REST API on loopback. */
async function retellApi() {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe('the hang-up holds', () => {
  it('when the caller talks over the goodbye: it is said again for the new turn', async () => {
    const dir = workingDirectory();
    const guard = await serve(dir, { args: FAST });
    const client = await guard.call('over_1');
    const { said, turn } = await playUntilHungUp(client);
    // The platform drops the goodbye and asks again.
    const over = [...said, caller('press one now')];
    client.update(over);
    client.ask(turn + 1, over);
    await until(client, () => client.responses(turn + 1).length > 0);
    expect(client.responses(turn + 1)).toMatchObject([
      { end_call: true, no_interruption_allowed: true, content_complete: true },
    ]);
    client.socket.close(1000);
    await guard.logged('call ended', { callId: 'over_1' });
    const record = await showCall(dir, 'over_1');
    expectHungUp(record);
    expectExplained(record);
  });

  it('when the platform ignores every frame and the close: response, cut in, close 1000, stop-call', async () => {
    const api = await retellApi();
    const dir = workingDirectory();
    const env = { RETELL_API_KEY: 'key_0123456789abcdef', RETELL_BASE_URL: `${api.url}/` };
    const guard = await serve(dir, { args: FAST, env });
    const client = await guard.call('deaf_1');
    const { said } = await playUntilHungUp(client);
    let words = 'press one';
    const goesOn = setInterval(() => {
      words += ' now press one';
      client.update([...said, caller(words)]);
    }, 30);
    expect(await client.closed).toBe(1000);
    clearInterval(goesOn);
    expect(hangUps(client).map((one) => one.response_type)).toEqual(['response', 'agent_interrupt']);
    expect(hangUps(client).every((one) => one.no_interruption_allowed)).toBe(true);
    expect(api.requests).toEqual([]);

    // It dials again, and the call goes on.
    const again = await guard.connect('deaf_1');
    again.details();
    again.update([...said, caller(words)]);
    await until(again, () => api.requests.length > 0, 'a request to stop the call');
    expect(api.requests).toEqual(['POST /v2/stop-call/deaf_1 Bearer key_0123456789abcdef']);
    expect(again.responses(0)).toEqual([]);
    again.socket.close(1000);
    await expect.poll(() => guard.logs().filter(({ msg }) => msg === 'call ended').length).toBe(2);
    const record = await showCall(dir, 'deaf_1');
    expectHungUp(record);
    expectExplained(record);
  });

  it('when the platform does not even answer the close', async () => {
    const api = await retellApi();
    const dir = workingDirectory();
    const env = { RETELL_API_KEY: 'key_0123456789abcdef', RETELL_BASE_URL: api.url };
    const guard = await serve(dir, { args: FAST, env });
    const client = await guard.call('deaf_2');
    await playUntilHungUp(client);
    await until(client, () => hangUps(client).length === 2);
    client.socket.pause();
    await expect.poll(() => api.requests.length, { timeout: 10_000 }).toBe(1);
    client.socket.resume();
    expect(await client.closed).toBe(1000);
    await guard.logged('call ended', { callId: 'deaf_2' });
    expectHungUp(await showCall(dir, 'deaf_2'));
  });

  it('when the socket drops before it was confirmed and comes back to the same process', async () => {
    const dir = workingDirectory();
    const guard = await serve(dir, { args: FAST });
    const first = await guard.call('drop_1');
    const { said, turn } = await playUntilHungUp(first);
    first.socket.terminate();
    await first.closed;
    const second = await guard.connect('drop_1');
    second.details();
    second.ask(turn + 1, said);
    await until(second, () => second.responses(turn + 1).length > 0);
    expect(second.responses(turn + 1)).toMatchObject([{ end_call: true }]);
    expect(second.responses(0)).toEqual([]);
    second.socket.close(1000);
    await guard.logged('call ended', { callId: 'drop_1' });
    expect(spoolLines(dir).filter(({ type }) => type === 'decided')).toHaveLength(1);
    const record = await showCall(dir, 'drop_1');
    expectHungUp(record);
    expectExplained(record);
    expect(record.reconnects).toBe(1);
  });

  it('when the socket drops before it was confirmed and comes back to another process', async () => {
    const dir = workingDirectory();
    const one = await serve(dir, { args: FAST });
    const other = await serve(dir);
    const first = await one.call('move_1');
    const { said, turn } = await playUntilHungUp(first);
    first.socket.terminate();

    const second = await other.connect('move_1');
    second.details();
    second.update(said);
    await until(second, () => hangUps(second).length > 0);
    second.ask(turn + 1, [...said, caller('hello press one')]);
    await until(second, () => second.responses(turn + 1).length > 0);
    expect(second.responses(turn + 1)).toMatchObject([{ end_call: true }]);
    // Neither a greeting nor a word of any reply.
    expect(second.responses(0)).toEqual([]);
    expect(second.of('response')).toHaveLength(1);
    second.socket.close(1000);
    await other.logged('call ended', { callId: 'move_1' });

    expect(spoolLines(dir).filter(({ type }) => type === 'decided')).toHaveLength(1);
    const record = await showCall(dir, 'move_1');
    expectHungUp(record);
    expectExplained(record);
    // The first process waits in vain for the call, and says so: that takes nothing back.
    await one.logged('call ended', { callId: 'move_1' });
    const later = await showCall(dir, 'move_1');
    expectHungUp(later);
    expectExplained(later);
  });

  it('when every event comes twice', async () => {
    const dir = workingDirectory();
    const guard = await serve(dir, { args: FAST });
    const client = await guard.connect('twice_1');
    const send = client.send.bind(client);
    client.send = (frame) => {
      send(frame);
      send(frame);
    };
    client.details();
    await until(client, () => client.isComplete(0));
    const { said } = await playUntilHungUp(client);
    client.update(said);
    await client.settled();
    expect(client.responses(0)).toHaveLength(1);
    expect(hangUps(client)).toHaveLength(1);
    client.socket.close(1000);
    await guard.logged('call ended', { callId: 'twice_1' });
    const types = spoolLines(dir).map(({ type }) => type);
    expect(types.filter((type) => type !== 'greeted')).toEqual(['opened', 'decided', 'sent', 'closed']);
    const record = await showCall(dir, 'twice_1');
    expectHungUp(record);
    expectExplained(record);
  });
});

it('a customer is served by the same process beside a robocall', async () => {
  const dir = workingDirectory();
  const guard = await serve(dir, { args: FAST });
  const tape = await guard.call('beside_tape', { from_number: '+12137771236' });
  const person = await guard.call('beside_person');
  let played = await playPiece(tape, { said: [HELLO], turn: 0 });
  const said = [HELLO, caller('hi i would like to move my appointment to next tuesday')];
  person.ask(1, said);
  await until(person, () => person.isComplete(1));
  played = await playUntilHungUp(tape, played);
  tape.socket.close(1000);
  person.ask(2, [...said, agent(person.said(1)), caller('in the morning if you have anything')]);
  await until(person, () => person.isComplete(2));
  expect(person.said(2)).not.toBe('');
  expect(hangUps(person)).toEqual([]);
  person.socket.close(1000);
  await guard.logged('call ended', { callId: 'beside_person' });
  expect(await showCall(dir, 'beside_person')).toMatchObject({ outcome: 'caller_left', decision: 'none' });
});
