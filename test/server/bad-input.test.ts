import { afterEach, describe, expect, it } from 'vitest';
import { type GuardUnderTest, guardUnderTest, newCallId } from './guard-kit.ts';
import { agent, caller, type RetellClient } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');
const SAID = [HELLO, caller('hi i would like to move my appointment')];

/** Another call of the same process, which has to be served whatever happens beside it. */
async function withNeighbour(changes: Record<string, unknown> = {}) {
  const kit = await guardUnderTest(changes);
  const neighbour = await kit.call();
  const callId = newCallId();
  const client = await kit.call(callId);
  return { ...kit, neighbour, client, callId };
}

async function isServed(client: RetellClient, id = 1): Promise<void> {
  client.ask(id, SAID);
  expect(await client.reply(id)).not.toBe('');
}

const crashes: unknown[] = [];
process.on('unhandledRejection', (reason) => crashes.push(reason));
afterEach(() => {
  expect(crashes).toEqual([]);
});

const refusedLines = (kit: GuardUnderTest) => kit.logs().filter((line) => line.msg === 'frame refused');

describe('a frame that is refused', () => {
  it.each([
    ['not JSON', 'hello', 'not-json'],
    ['empty', '', 'not-json'],
    ['half of an object', '{"interaction_type":"update_only","transcript":[{"role":"user"', 'not-json'],
    ['NUL', '\0', 'not-json'],
    ['JSON with something behind it', '{"interaction_type":"ping_pong","timestamp":1} x', 'not-json'],
    ['a number', '5', 'not-an-object'],
    ['null', 'null', 'not-an-object'],
    ['a list', '[{"interaction_type":"update_only"}]', 'not-an-object'],
    ['an unknown type', '{"interaction_type":"shut_down"}', 'unknown-type'],
    ['a type of the prototype', '{"interaction_type":"__proto__"}', 'unknown-type'],
    ['no type', '{"transcript":[]}', 'unknown-type'],
    ['a type that is no string', '{"interaction_type":["update_only"]}', 'unknown-type'],
    ['call details that are none', '{"interaction_type":"call_details","call":"+1"}', 'wrong-types'],
    ['a transcript that is none', '{"interaction_type":"update_only","transcript":{"0":"x"}}', 'wrong-types'],
    [
      'a response_id that is none',
      '{"interaction_type":"response_required","response_id":"1","transcript":[]}',
      'wrong-types',
    ],
  ])('%s: counted, logged, and this call and the others go on', async (_what, frame, reason) => {
    const kit = await withNeighbour();
    kit.client.send(frame);
    await kit.client.settled();
    expect(await kit.refused('frame', reason)).toBe(1);
    expect(refusedLines(kit)).toMatchObject([{ reason, callId: kit.callId, bytes: Buffer.byteLength(frame) }]);
    await isServed(kit.client);
    await isServed(kit.neighbour);
  });

  it('is not told to the log', async () => {
    const kit = await withNeighbour();
    kit.client.send('{"interaction_type":"very secret words"}');
    kit.client.send('my card number is 4111');
    await kit.client.settled();
    expect(kit.logText()).not.toMatch(/secret|4111/);
  });

  it('is counted ever after, but not logged without end', async () => {
    const kit = await withNeighbour();
    for (let i = 0; i < 3_000; i++) kit.client.send('x');
    await kit.client.settled();
    expect(await kit.refused('frame', 'not-json')).toBe(3_000);
    expect(refusedLines(kit)).toHaveLength(100);
    await isServed(kit.client);
    await isServed(kit.neighbour);
  });

  it('binary, whatever is in it', async () => {
    const kit = await withNeighbour();
    const frame = JSON.stringify({ interaction_type: 'response_required', response_id: 1, transcript: SAID });
    kit.client.socket.send(Buffer.from(frame));
    kit.client.socket.send(Buffer.alloc(100_000, 0xff));
    await kit.client.settled();
    expect(await kit.refused('frame', 'binary')).toBe(2);
    expect(kit.client.responses(1)).toEqual([]);
    await isServed(kit.client);
    await isServed(kit.neighbour);
  });
});

describe('a frame that breaks the socket', () => {
  it.each([
    ['2 MB', 'too-large', (client: RetellClient) => client.send(`{"x":"${'a'.repeat(2_000_000)}"}`)],
    [
      '2 MB in pieces',
      'too-large',
      (client: RetellClient) => {
        for (let i = 0; i < 20; i++) client.socket.send('a'.repeat(100_000), { fin: i === 19 });
      },
    ],
    [
      'invalid UTF-8',
      'not-utf8',
      (client: RetellClient) => client.socket.send(Buffer.from('{"a":"\xff\xfe"}', 'latin1'), { binary: false }),
    ],
    [
      'half a character',
      'not-utf8',
      (client: RetellClient) => client.socket.send(Buffer.from([0x22, 0xe2, 0x82]), { binary: false }),
    ],
    [
      'an opcode that is none',
      'broken',
      (client: RetellClient) => {
        const { _socket } = client.socket as unknown as { _socket: { write(bytes: Buffer): void } };
        _socket.write(Buffer.from([0x83, 0x80, 0, 0, 0, 0]));
      },
    ],
    [
      'a frame without a mask',
      'broken',
      (client: RetellClient) => {
        const { _socket } = client.socket as unknown as { _socket: { write(bytes: Buffer): void } };
        _socket.write(Buffer.from([0x81, 0x01, 0x41]));
      },
    ],
  ])('%s: counted, logged, no hang-up; the call may come back, the others go on', async (_what, reason, send) => {
    const kit = await withNeighbour();
    send(kit.client);
    const code = await kit.client.closed;
    expect([1000, 1005]).not.toContain(code);
    await expect.poll(() => kit.refused('frame', reason)).toBe(1);
    expect(refusedLines(kit)).toMatchObject([{ reason, callId: kit.callId }]);
    await isServed(kit.neighbour);
    const again = await kit.connect(kit.callId);
    await isServed(again, 2);
    expect(again.responses(0)).toEqual([]);
  });
});

describe('a frame that is legal and strange', () => {
  it('100,000 utterances are refused as too large by default, as too many turns where frames may be larger', async () => {
    const transcript = Array.from({ length: 100_000 }, () => ({ role: 'user', content: 'a' }));
    const kit = await withNeighbour({ listen: { max_frame_bytes: 16_777_216 } });
    kit.client.ask(1, transcript);
    await kit.client.settled();
    expect(await kit.refused('frame', 'too-many-turns')).toBe(1);
    await isServed(kit.client);
    await isServed(kit.neighbour);

    const strict = await withNeighbour();
    strict.client.ask(1, transcript);
    await strict.client.closed;
    await expect.poll(() => strict.refused('frame', 'too-large')).toBe(1);
    await isServed(strict.neighbour);
  });

  it.each([
    ['a list', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a transcript', `{"interaction_type":"update_only","transcript":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['objects', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`],
    [
      'call details',
      `{"interaction_type":"call_details","call":{"metadata":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    ['an open end', '['.repeat(100_000)],
  ])('nested 100,000 deep: %s', async (_what, frame) => {
    const kit = await withNeighbour();
    kit.client.send(frame);
    await kit.client.settled();
    await isServed(kit.client);
    await isServed(kit.neighbour);
  });

  it.each([
    ['NUL', 'hello\0there\0'],
    ['lone surrogates', 'hello \ud800 there \udc00'],
    ['control characters and direction marks', 'hello \u202e\u0007\u001b[31m there'],
    ['one very long word', 'a'.repeat(500_000)],
    ['very many words', 'no '.repeat(100_000)],
    ['very many combining marks', `a${'\u0301'.repeat(100_000)}`],
    ['text like our own frames', '"}],"response_id":99,"end_call":true}'],
  ])('said by the caller: %s', async (_what, content) => {
    const kit = await withNeighbour();
    kit.client.ask(1, [HELLO, caller(content)]);
    await kit.client.reply(1);
    await isServed(kit.neighbour);
    kit.client.socket.close(1000);
    const record = await kit.record(kit.callId);
    expect(JSON.stringify(record)).not.toMatch(/\\u0000|\\ud[89a-f]/);
  });

  it('fields that would overwrite an object', async () => {
    const kit = await withNeighbour();
    kit.client.send(
      '{"interaction_type":"call_details","__proto__":{"polluted":1},"call":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}',
    );
    await kit.client.settled();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    await isServed(kit.client);
  });

  it('numbers beyond all bounds in word timings', async () => {
    const kit = await withNeighbour();
    const words =
      '[{"word":"a","start":1e308,"end":1e309},{"word":"b","start":-5,"end":-1},{"word":"c","start":null,"end":"x"}]';
    kit.client.send(
      `{"interaction_type":"response_required","response_id":1,"transcript":[{"role":"user","content":"a b c","words":${words}}]}`,
    );
    expect(await kit.client.reply(1)).not.toBe('');
    kit.client.socket.close(1000);
    expect((await kit.record(kit.callId)).callMs).toBeLessThan(60_000);
  });

  it('thousands at once, before anything is known of the call: what does not fit is counted, the call is served', async () => {
    const kit = await guardUnderTest();
    const neighbour = await kit.call();
    const client = await kit.connect();
    client.details();
    for (let i = 1; i <= 5_000; i++) client.ask(i, [HELLO, caller(`question ${i}`)]);
    await client.settled();
    const served = client.of('response').filter((one) => one.content_complete).length;
    expect(served).toBeGreaterThan(0);
    await isServed(client, 6_000);
    await isServed(neighbour);
  });

  it('while the store is slow, what does not fit is counted', async () => {
    const kit = await guardUnderTest({}, { wrap: (records) => ({ ...records, resume: () => new Promise(() => {}) }) });
    const client = await kit.connect();
    client.details();
    for (let i = 0; i < 1_000; i++) client.update([]);
    await expect.poll(() => kit.refused('frame', 'too-many-at-once')).toBe(1_001 - 64);
    await kit.clock.pass(250);
    expect(await client.reply(0)).not.toBe('');
    await isServed(client);
  });
});

describe('a platform that does not read', () => {
  it('is dropped once 4 MB wait for it, and the others go on', async () => {
    const kit = await withNeighbour();
    kit.client.socket.pause();
    const ping = (i: number): string => JSON.stringify({ interaction_type: 'ping_pong', timestamp: i });
    for (let i = 0; i < 400_000; i++) kit.client.socket.send(ping(i));
    await expect.poll(() => kit.refused('socket', 'not-reading'), { timeout: 10_000 }).toBe(1);
    await isServed(kit.neighbour);
    kit.client.socket.terminate();
  });
});
