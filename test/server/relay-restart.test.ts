import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId, upgradeStatus } from './guard-kit.ts';
import { expectNoDifference, Line, relayConfig, relayUnderTest, type Stage } from './relay-kit.ts';
import { referenceServer, silent, upstreamServer } from './relay-upstream-server.ts';
import { agent, caller } from './retell-client.ts';

const ASKED = [agent('Thanks for calling, what can I do for you?'), caller('hi i would like to move my appointment')];

async function begin({ line }: Stage): Promise<void> {
  await line.dial();
  line.details();
  await line.settled();
}

async function say({ line, upstream }: Stage, times: number): Promise<void> {
  await line.settled();
  for (let i = 0; i < times; i++) upstream.tick();
  await line.settled();
}

/** Dials as the platform does after a lost connection: up to 4 times, some time apart. */
async function redial({ line, pass }: Stage): Promise<number> {
  for (let attempt = 1; attempt <= 4; attempt++) {
    await pass(1_000);
    if (await line.dial()) return attempt;
  }
  return 0;
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Says nothing. Unread, it would not notice that the other side has gone. */
const idle = (socket: Socket): void => void socket.resume();

/** A port that takes connections and does with them what `onSocket` does, but no handshake. */
async function rawUpstream(onSocket: (socket: Socket) => void): Promise<{ url: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/llm`, sockets };
}

/** The same attempts with and without the guard. */
async function attempts(url: string, times: number): Promise<{ bare: Line; guarded: Line; port: number }> {
  const { guard } = await guardUnderTest(relayConfig(url));
  const callId = newCallId();
  const bare = new Line(`${url}/${callId}`);
  const guarded = new Line(`ws://127.0.0.1:${guard.port}/llm-websocket/default/${callId}`);
  await Promise.all(
    [bare, guarded].map(async (line) => {
      for (let i = 0; i < times; i++) await line.dial();
      line.terminate();
      await line.closed();
    }),
  );
  return { bare, guarded, port: guard.port };
}

describe('an upstream that is killed and started again in a call', () => {
  it('at once, in the middle of an answer: the call goes on over a new connection', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream } = stage;
      await begin(stage);
      line.ask(1, ASKED);
      await say(stage, 3);
      await upstream.kill();
      await line.closed();
      await upstream.restart();
      expect(await redial(stage)).toBe(1);
      line.details();
      await line.settled();
      line.ask(2, ASKED);
      await say(stage, 12);
      line.close(1000);
      await line.closed();
    });
    expect(guarded.platform.filter((one) => /^(open|closed|refused)/.test(one))).toEqual([
      'open',
      'closed 1006',
      'open',
      'closed 1000',
    ]);
  });

  it('after a while: the platform is refused meanwhile, as it would be', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream } = stage;
      await begin(stage);
      await upstream.kill();
      await line.closed();
      expect(await line.dial()).toBe(false);
      expect(await line.dial()).toBe(false);
      await upstream.restart();
      expect(await redial(stage)).toBe(1);
      line.details();
      await line.settled();
      line.ask(1, ASKED);
      await say(stage, 12);
      line.terminate();
      await line.closed();
    });
    expect(guarded.platform.filter((one) => one === 'refused')).toHaveLength(2);
  });

  it('again and again: every reconnect finds it', async () => {
    await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream } = stage;
      await begin(stage);
      for (let id = 1; id <= 4; id++) {
        line.ask(id, ASKED);
        await say(stage, 2);
        await upstream.kill();
        await line.closed();
        await upstream.restart();
        expect(await redial(stage)).toBe(1);
        await line.settled();
      }
      line.close(1000);
      await line.closed();
    });
  });

  it('and does not come back: every attempt is refused', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      await begin(stage);
      await stage.upstream.kill();
      await stage.line.closed();
      expect(await redial(stage)).toBe(0);
    });
    expect(guarded.platform.slice(-4)).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  it('before the first connection', async () => {
    await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream } = stage;
      await upstream.kill();
      expect(await line.dial()).toBe(false);
      await upstream.restart();
      await begin(stage);
      line.ask(1, ASKED);
      await say(stage, 12);
      line.close(1000);
      await line.closed();
    });
  });
});

describe('an upstream that cannot be reached', () => {
  it('because nobody listens: refused with 502 at once, no call begins', async () => {
    const { upstream, guard, line } = await relayUnderTest(silent);
    await upstream.kill();
    const began = performance.now();
    expect(await upgradeStatus(guard.port, `/llm-websocket/default/${newCallId()}`)).toBe(502);
    const platform = line();
    expect(await platform.dial()).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
    expect(guard.live()).toBe(0);
  });

  it('because it breaks every connection off', async () => {
    const { url } = await rawUpstream((socket) => void socket.destroy());
    const { bare, guarded } = await attempts(url, 3);
    expect(guarded.trace).toEqual(bare.trace);
    expect(guarded.trace).toEqual(['refused', 'refused', 'refused']);
  });

  it('because it answers with an HTTP error', async () => {
    const { url } = await rawUpstream((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'));
    });
    const { bare, guarded } = await attempts(url, 3);
    expect(guarded.trace).toEqual(bare.trace);
    expect(guarded.trace).toEqual(['refused', 'refused', 'refused']);
  });

  it('because it never answers: the platform hears it before it would give up itself', async () => {
    const { url, sockets } = await rawUpstream(idle);
    const began = performance.now();
    const { bare, guarded } = await attempts(url, 1);
    expect(guarded.trace).toEqual(bare.trace);
    expect(guarded.trace).toEqual(['refused']);
    expect((guarded.atMs[0] ?? 0) - began).toBeLessThan(7_000);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('and a platform that gives up first takes the attempt with it', async () => {
    const { url, sockets } = await rawUpstream(idle);
    const { guard } = await guardUnderTest(relayConfig(url));
    const line = new Line(`ws://127.0.0.1:${guard.port}/llm-websocket/default/${newCallId()}`);
    void line.dial();
    await expect.poll(() => sockets.size).toBe(1);
    line.terminate();
    await expect.poll(() => sockets.size).toBe(0);
    expect(guard.live()).toBe(0);
  });

  it('keeps no connection for a request that is no handshake, nor for an agent that does not exist', async () => {
    const { upstream, guard } = await relayUnderTest(silent);
    expect(await upgradeStatus(guard.port, `/llm-websocket/nobody/${newCallId()}`)).toBe(404);
    // Dialled it may have been, but nothing may be left of it.
    const bad = ['sec-websocket-version: 3', 'sec-websocket-key: none'];
    expect(await upgradeStatus(guard.port, `/llm-websocket/default/${newCallId()}`, bad)).toBe(400);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect.poll(() => upstream.connections.every((one) => one.closeCode() !== null)).toBe(true);
  });
});

describe('an upstream that is slow', () => {
  it('says a word every 3 s: each arrives at once, and nobody speaks in between', { timeout: 20_000 }, async () => {
    const { bare, guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream, pass } = stage;
      await begin(stage);
      line.ask(1, ASKED);
      for (let i = 1; i <= 3; i++) {
        await Promise.all([pass(3_000), new Promise((resolve) => setTimeout(resolve, 3_000))]);
        upstream.tick();
        await line.until(() => line.texts.filter((one) => one.includes('"response_id":1,')).length === i);
      }
      await say(stage, 12);
      line.close(1000);
      await line.closed();
    });
    const at = ({ line }: typeof bare): number[] => line.atMs.map((ms) => ms - (line.atMs[0] ?? 0));
    for (const [i, ms] of at(guarded).entries()) expect(Math.abs(ms - (at(bare)[i] ?? 0))).toBeLessThan(250);
  });

  it('takes the socket after a second only: so does the guard', async () => {
    const server = await upstreamServer(silent);
    const { url } = await rawUpstream((socket) => {
      setTimeout(() => {
        const behind = connect(server.port, '127.0.0.1');
        behind.on('error', () => {});
        socket.on('close', () => behind.destroy());
        socket.pipe(behind).pipe(socket);
      }, 1_000);
    });
    const { bare, guarded } = await attempts(url, 1);
    expect(guarded.trace).toEqual(bare.trace);
    expect(guarded.trace).toEqual(['open', 'closed 1006']);
    expect(Math.abs((guarded.atMs[0] ?? 0) - (bare.atMs[0] ?? 0))).toBeLessThan(250);
  });

  it('stops reading and answering: the platform gives its socket up, and with it that of the upstream', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, upstream, pass } = stage;
      await begin(stage);
      const first = await upstream.connection(0);
      first.socket.pause();
      line.send({ interaction_type: 'ping_pong', timestamp: 99 });
      await pass(5_000);
      line.terminate();
      await line.closed();
      // A paused socket is not told that it was closed.
      await new Promise((resolve) => setTimeout(resolve, 50));
      first.socket.terminate();
      expect(await redial(stage)).toBe(1);
      line.details();
      await line.settled();
      line.close(1000);
      await line.closed();
    });
    expect(guarded.upstream).toHaveLength(2);
  });
});
