import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReplyEnd, streamReply } from '../../src/server/replying.ts';
import { makeTools } from '../../src/tools/index.ts';
import { breathe, ManualClock } from '../server/manual-clock.ts';
import { toolsConfig } from './contexts.ts';
import {
  call,
  eventsInto,
  finish,
  model,
  named,
  REQUEST,
  results,
  settled,
  slowTool,
  start,
  text,
} from './reply-kit.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** The user's server: counts what it was asked. */
async function userServer() {
  const keys: (string | string[] | undefined)[] = [];
  const sockets = new Set<Socket>();
  let hold = true;
  const made = http.createServer((req, res) => {
    keys.push(req.headers['idempotency-key']);
    req.resume();
    if (!hold) res.end('done');
  });
  made.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    made.close();
  });
  const url = `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
  const tools = makeTools(toolsConfig({ http: { book: { url, description: 'Books.' } } }));
  return {
    keys,
    sockets,
    tool: tools.filter(({ spec }) => spec.name === 'book'),
    release: () => {
      hold = false;
    },
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}

describe('a cancelled reply', () => {
  it('lets the tool go, makes no other call, and says that it does not know what became of it', async () => {
    const { tool, keys, sockets } = await userServer();
    const reply = start([[call('book', {}, 'a'), call('book', {}, 'b'), finish], [text('Booked.')]], tool);
    await until(() => keys.length === 1);
    reply.cancel();
    reply.cancel();
    expect(reply.happened.slice(1)).toEqual([expect.stringMatching(/^refused:a:Broken off/), 'cancelled']);
    await until(() => sockets.size === 0);
    await reply.clock.pass(60_000);
    expect(keys).toHaveLength(1);
    expect(reply.asked).toHaveLength(1);
    expect(reply.happened).toHaveLength(3);
    expect(results(reply.rounds())).toEqual([expect.stringMatching(/not known/), 'Not called.']);
  });

  it('by whoever is told of a call makes none', async () => {
    const { tool, runs } = slowTool();
    const ends: ReplyEnd[] = [];
    let cancel = (): void => {};
    const session = model([[text('Yes.'), call('look_up'), finish]]);
    const events = { ...eventsInto([], ends), toolCalled: () => cancel() };
    const context = { callId: 'c', agent: 'a' };
    cancel = streamReply(session, REQUEST, { tools: named([tool]), context }, new ManualClock(), events);
    await settled({ ends });
    await breathe();
    expect(runs).toHaveLength(0);
  });

  it('by whoever hears its last piece has ended once', async () => {
    const happened: string[] = [];
    const ends: ReplyEnd[] = [];
    let cancel = (): void => {};
    const events = { ...eventsInto(happened, ends), say: (_: string, done: boolean) => (done ? cancel() : undefined) };
    const context = { callId: 'c', agent: 'a' };
    cancel = streamReply(model([[text('Yes.')]]), REQUEST, { tools: new Map(), context }, new ManualClock(), events);
    for (let i = 0; i < 10; i++) await breathe();
    expect(happened).toEqual(['started', 'cancelled']);
  });

  it('gives the same key when its turn is asked again, and other ids in what the model is shown', async () => {
    const { tool, keys, release } = await userServer();
    const first = start([[call('book', {}, 'call_0'), finish]], tool);
    await until(() => keys.length === 1);
    first.cancel();
    release();
    const again = { ...REQUEST, rounds: first.rounds() };
    const twice = [call('book', {}, 'call_0'), call('book', { day: 2 }, 'call_0'), finish];
    const second = start([twice, [text('Booked.')]], tool, again);
    await until(() => second.ends.length === 1);
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    const shown = [...first.rounds(), ...second.rounds()].flatMap(({ calls }) => calls.map(({ id }) => id));
    expect(new Set(shown).size).toBe(3);
  });
});
