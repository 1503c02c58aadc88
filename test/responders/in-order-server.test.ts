import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { answersInOrder } from '../../src/responders/in-order.ts';
import { providerOf } from '../../src/responders/provider.ts';
import { CALL, collect, countTimers, wait } from './in-order-asking.ts';
import { head, sseServer, until } from './sse-server.ts';
import { type Wire, wires } from './wires.ts';

type Server = Awaited<ReturnType<typeof sseServer>>;
type Reply = (res: ServerResponse, wire: Wire) => void;

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** A server whose nth request gets the nth reply, further ones the last. */
async function serving(wire: Wire, ...replies: Reply[]): Promise<Server & { asked(): number }> {
  let asked = 0;
  const server = await sseServer((res) => {
    const reply = replies[Math.min(asked, replies.length - 1)];
    asked += 1;
    reply?.(res, wire);
  });
  cleanups.push(server.close);
  return { ...server, asked: () => asked };
}

function session(servers: readonly [Wire, Server][], firstTokenMs = 400) {
  const providers = servers.map(([wire, { url }]) =>
    providerOf(wire.client(url.replace(/\/v1$/, '')), { firstTokenMs, stallMs: 150 }),
  );
  const responder = answersInOrder('both', providers);
  cleanups.push(() => responder.close());
  return responder.open(CALL);
}

const whole: Reply = (res, wire) => {
  head(res);
  res.end(wire.whole(['Hello', ' there.']));
};
const silent: Reply = () => {};
const mute: Reply = (res) => {
  head(res);
  res.flushHeaders();
};
const begun: Reply = (res, wire) => {
  head(res);
  res.write(wire.begun('Well'));
};
const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (res) => {
    res.writeHead(code, headers).end('{}');
  };
const reset: Reply = (res) => {
  res.socket?.destroy();
};
const broken: Reply = (res, wire) => {
  begun(res, wire);
  setTimeout(() => res.socket?.destroy(), 20);
};

describe.each([
  ['openai', 'anthropic'],
  ['anthropic', 'openai'],
] as const)('%s, then %s', (one, other) => {
  test.each([
    ['no head', silent],
    ['no token', mute],
  ])('%s in time: the request is dropped, the next provider answers', async (_, reply) => {
    const main = await serving(wires[one], reply);
    const spare = await serving(wires[other], whole);
    const both = session([
      [wires[one], main],
      [wires[other], spare],
    ]);
    expect((await collect(both)).said).toBe('Hello there.');
    expect(main.asked()).toBe(1);
    await until(() => main.sockets.size === 0);
  });

  test.each([
    ['529', status(529)],
    ['503', status(503)],
    ['429', status(429)],
    ['a reset', reset],
  ])('%s is tried once more', async (_, reply) => {
    const main = await serving(wires[one], reply, whole);
    const spare = await serving(wires[other], whole);
    const both = session(
      [
        [wires[one], main],
        [wires[other], spare],
      ],
      1000,
    );
    expect((await collect(both)).said).toBe('Hello there.');
    expect([main.asked(), spare.asked()]).toEqual([2, 0]);
  });

  test.each([
    ['429 for longer', status(429, { 'retry-after': '30' })],
    ['401', status(401)],
    ['400', status(400)],
  ])('%s goes on to the next at once', async (_, reply) => {
    const main = await serving(wires[one], reply);
    const spare = await serving(wires[other], whole);
    const both = session(
      [
        [wires[one], main],
        [wires[other], spare],
      ],
      1000,
    );
    expect((await collect(both)).said).toBe('Hello there.');
    expect([main.asked(), spare.asked()]).toEqual([1, 1]);
  });

  test.each([
    ['a stall', begun, 'timed-out'],
    ['a reset', broken, 'unreachable'],
  ] as const)('%s after the first token: nothing is asked again', async (_, reply, code) => {
    const main = await serving(wires[one], reply);
    const spare = await serving(wires[other], whole);
    const both = session([
      [wires[one], main],
      [wires[other], spare],
    ]);
    const { said, error } = await collect(both);
    expect([said, error?.code, error?.retryable]).toEqual(['Well', code, false]);
    expect([main.asked(), spare.asked()]).toEqual([1, 0]);
    await until(() => main.sockets.size === 0);
  });

  test('answers share a kept socket', async () => {
    const main = await serving(wires[one], whole);
    const alone = session([[wires[one], main]]);
    for (let i = 0; i < 3; i += 1) expect((await collect(alone)).said).toBe('Hello there.');
    expect(main.connections()).toBe(1);
  });

  test.each([
    ['no head', silent, 1000],
    ['no token', mute, 1000],
    ['no token in time', mute, 10],
    ['a first token', begun, 1000],
    ['an error', status(503), 1000],
  ])('an abort after %s leaves no request, timer or listener', async (_, reply, firstTokenMs) => {
    const main = await serving(wires[one], reply);
    const alone = session([[wires[one], main]], firstTokenMs);
    const timers = countTimers();
    const controller = new AbortController();
    const answer = collect(alone, controller.signal);
    await until(() => main.asked() === 1);
    await wait(30);
    controller.abort();
    expect((await answer).error).toBeUndefined();
    expect(await timers.left()).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    // A failed request has left a whole answer and a socket to keep.
    if (reply !== begun && reply !== silent && reply !== mute) return;
    await until(() => main.sockets.size === 0);
    expect(main.asked()).toBe(1);
  });
});
