import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { relayResponder, upstreamUrl } from '../../src/responders/relay.ts';
import type { RelayTiming } from '../../src/responders/relay-upstream.ts';
import type { RawFrame, RelayResponder, Upstream } from '../../src/responders/responder.ts';
import { playing, printed, silent, upstreamServer } from '../server/relay-upstream-server.ts';

const text = (data: string | Buffer): RawFrame => ({ data: Buffer.from(data), binary: false });
const bytes = (...data: number[]): RawFrame => ({ data: Buffer.from(data), binary: true });

const open: { close(): void }[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const one of open.splice(0)) one.close();
});

function relayTo(url: string, timing?: Partial<RelayTiming>): RelayResponder {
  const relay = relayResponder('up', { url }, timing);
  open.push(relay);
  return relay;
}

/** Takes what the upstream says from now on. */
function heard(upstream: Upstream) {
  const frames: RawFrame[] = [];
  const codes: number[] = [];
  upstream.listen({ frame: (frame) => frames.push(frame), closed: (code) => codes.push(code) });
  return { frames, codes };
}

/** A server that does by hand what no WebSocket server would. */
async function rawServer(onSocket: (socket: Socket) => void): Promise<{ url: string; sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    // Unread, it would not notice that the other side has gone.
    socket.resume();
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/x?key=SECRET`, sockets };
}

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('the address of an upstream', () => {
  it.each([
    ['ws://h/llm', 'call_1', 'ws://h/llm/call_1'],
    ['ws://h/llm/', 'call_1', 'ws://h/llm/call_1'],
    ['ws://h/llm///', 'call_1', 'ws://h/llm/call_1'],
    ['ws://h', 'call_1', 'ws://h/call_1'],
    ['wss://h:8443/a/b?key=s%20t&x=1', 'call_1', 'wss://h:8443/a/b/call_1?key=s%20t&x=1'],
    ['ws://h/llm/?key=1', 'c', 'ws://h/llm/c?key=1'],
    ['ws://h/a%2Fb', 'c', 'ws://h/a%2Fb/c'],
    ['ws://h/llm', 'a/b?c#d %', 'ws://h/llm/a%2Fb%3Fc%23d%20%25'],
    ['ws://h/llm#part', 'c', 'ws://h/llm/c'],
  ])('%s for %s is %s', (base, callId, expected) => {
    expect(upstreamUrl(new URL(base), callId).href).toBe(expected);
  });

  it('that is none is refused at the start, without repeating it', () => {
    for (const url of ['nonsense?key=SECRET', 'http://h/?key=SECRET', '']) {
      expect(() => relayResponder('up', { url })).toThrow('responder up: its url is no ws:// or wss:// URL');
    }
  });

  it('is what the upstream is asked for', async () => {
    const server = await upstreamServer(silent, '/llm-websocket/?key=SECRET');
    await relayTo(server.url).dial('call_1').opened;
    expect(server.connections[0]?.target).toBe('/llm-websocket/call_1?key=SECRET');
  });
});

describe('frames', () => {
  const FRAMES: readonly RawFrame[] = [
    text('{"response_type":"config","config":{}}'),
    text(' {"a" :1.00,\n"a":2, "é\\u00e9":"😀"} '),
    text(''),
    text('not JSON'),
    bytes(),
    bytes(0, 255, 128, 10),
    text('x'.repeat(1_000_000)),
  ];

  it('of the upstream arrive as they are and in order, also those that came before anybody listened', async () => {
    const server = await upstreamServer(playing(FRAMES));
    const upstream = relayTo(server.url).dial('c');
    await upstream.opened;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { frames } = heard(upstream);
    expect(frames).toHaveLength(FRAMES.length);
    playing(FRAMES)(await server.connection(0));
    await expect.poll(() => frames.length).toBe(2 * FRAMES.length);
    expect(frames.map(printed)).toEqual([...FRAMES, ...FRAMES].map(printed));
  });

  it('for the upstream arrive as they are and in order, also those that were sent before it was open', async () => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url).dial('c');
    for (const frame of FRAMES) upstream.send(frame);
    expect(upstream.buffered).toBe(FRAMES.reduce((sum, { data }) => sum + data.length, 0));
    await upstream.opened;
    for (const frame of FRAMES) upstream.send(frame);
    const { received } = await server.connection(0);
    await expect.poll(() => received.length).toBe(2 * FRAMES.length);
    expect(received.map(printed)).toEqual([...FRAMES, ...FRAMES].map(printed));
    await expect.poll(() => upstream.buffered).toBe(0);
  });

  it('are not changed in the hands of who sent them', async () => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url).dial('c');
    await upstream.opened;
    const frame = text('{"a":1}');
    upstream.send(frame);
    const { received } = await server.connection(0);
    await expect.poll(() => received.length).toBe(1);
    expect(frame.data.toString()).toBe('{"a":1}');
  });

  it.each([
    ['frames', 257, 1],
    ['bytes', 3, 2_000_000],
  ])('that nobody takes are bounded by %s: the socket is dropped', async (_what, count, size) => {
    const server = await upstreamServer(playing(Array.from({ length: count }, () => text('x'.repeat(size)))));
    const upstream = relayTo(server.url).dial('c');
    await upstream.opened;
    const connection = await server.connection(0);
    await expect.poll(connection.closeCode).toBe(1006);
    expect(heard(upstream)).toEqual({ frames: [], codes: [1006] });
  });

  it('that wait for a socket which does not open are bounded: it is given up', async () => {
    const { url } = await rawServer(() => {});
    const upstream = relayTo(url).dial('c');
    for (let i = 0; i <= 256; i++) upstream.send(text('x'));
    await expect(upstream.opened).rejects.toThrow();
    expect(upstream.buffered).toBe(0);
  });

  it('of more than 16 MB are not taken', async () => {
    const server = await upstreamServer(playing([text('x'.repeat(16 * 1024 * 1024 + 1))]));
    const upstream = relayTo(server.url).dial('c');
    const { frames, codes } = heard(upstream);
    await expect.poll(() => codes).toEqual([1006]);
    expect(frames).toEqual([]);
    expect(server.connections[0]?.closeCode()).toBe(1009);
  });

  it('that were read together with the last one wanted do not follow a terminate', async () => {
    const server = await upstreamServer(playing([text('1'), text('2'), text('3')]));
    const upstream = relayTo(server.url).dial('c');
    const frames: string[] = [];
    upstream.listen({
      frame: ({ data }) => {
        frames.push(String(data));
        upstream.terminate();
      },
      closed: () => {},
    });
    await upstream.opened;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(frames).toEqual(['1']);
  });
});

describe('a close', () => {
  it.each([1000, 1001, 1008, 1011, 1012, 3000, 4999])('with %i passes both ways', async (code) => {
    const server = await upstreamServer(silent);
    const relay = relayTo(server.url);
    const one = relay.dial('a');
    const { codes } = heard(one);
    await one.opened;
    (await server.connection(0)).socket.close(code);
    await expect.poll(() => codes).toEqual([code]);
    const other = relay.dial('b');
    await other.opened;
    other.close(code);
    await expect.poll((await server.connection(1)).closeCode).toBe(code);
  });

  it('without a code passes both ways without one', async () => {
    const server = await upstreamServer(silent);
    const relay = relayTo(server.url);
    const one = relay.dial('a');
    const { codes } = heard(one);
    await one.opened;
    (await server.connection(0)).socket.close();
    await expect.poll(() => codes).toEqual([1005]);
    const other = relay.dial('b');
    await other.opened;
    other.close(1005);
    await expect.poll((await server.connection(1)).closeCode).toBe(1005);
  });

  it('that never was one passes as a lost connection', async () => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url).dial('a');
    const { codes } = heard(upstream);
    await upstream.opened;
    (await server.connection(0)).socket.terminate();
    await expect.poll(() => codes).toEqual([1006]);
  });

  it.each([0, 999, 1004, 1006, 1015, 2000, 5000])('with %i cannot be sent: the connection is dropped', async (code) => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url).dial('a');
    await upstream.opened;
    upstream.close(code);
    await expect.poll((await server.connection(0)).closeCode).toBe(1006);
  });

  it('that came before anybody listened is told after the frames', async () => {
    const server = await upstreamServer((connection) => {
      playing([text('bye')])(connection);
      connection.socket.close(1000);
      return {};
    });
    const upstream = relayTo(server.url).dial('a');
    await upstream.opened;
    await expect.poll((await server.connection(0)).closeCode).toBe(1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const order: unknown[] = [];
    upstream.listen({ frame: ({ data }) => order.push(String(data)), closed: (code) => order.push(code) });
    expect(order).toEqual(['bye', 1000]);
  });

  it('that the other side does not answer is over soon', async () => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url, { closeMs: 50 }).dial('a');
    const { codes } = heard(upstream);
    await upstream.opened;
    (await server.connection(0)).socket.pause();
    upstream.close(1000);
    await expect.poll(() => codes).toEqual([1006]);
  });

  it('may come twice, late, or before the socket is open', async () => {
    const server = await upstreamServer(silent);
    const upstream = relayTo(server.url).dial('a');
    const { codes } = heard(upstream);
    upstream.close(1000);
    upstream.close(1000);
    upstream.terminate();
    await expect(upstream.opened).rejects.toThrow();
    await expect.poll(() => codes).toEqual([1006]);
    upstream.send(text('late'));
    upstream.close(1000);
    upstream.terminate();
    expect(codes).toEqual([1006]);
  });
});

describe('an upstream that cannot be reached', () => {
  const http = (status: string) => (socket: Socket) =>
    socket.once('data', () =>
      socket.end(`HTTP/1.1 ${status}\r\nlocation: ws://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n`),
    );

  it.each([
    ['503 Busy', 503],
    ['404 Not Found', 404],
    ['302 Found', 302],
    ['200 OK', 200],
  ])('because it answers %s says so, and is not followed elsewhere', async (line, status) => {
    const { url } = await rawServer(http(line));
    const upstream = relayTo(url).dial('c');
    const { codes } = heard(upstream);
    await expect(upstream.opened).rejects.toMatchObject({ status });
    await expect.poll(() => codes).toEqual([1006]);
  });

  it('because nobody listens', async () => {
    const { url } = await rawServer(() => {});
    open.pop()?.close();
    const error = await relayTo(url)
      .dial('c')
      .opened.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'the upstream could not be reached: ECONNREFUSED', status: undefined });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['never answers', () => {}],
    [
      'sends a byte now and then',
      (socket) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nx-late: ');
        const drip = setInterval(() => socket.write('a'), 20);
        socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('because it %s is given up in time', async (_what, onSocket) => {
    const { url, sockets } = await rawServer(onSocket);
    const began = performance.now();
    const upstream = relayTo(url, { openMs: 150 }).dial('c');
    await expect(upstream.opened).rejects.toThrow('the upstream did not take the socket within 150 ms');
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['hangs up', (socket) => void socket.destroy()],
    ['talks nonsense', (socket) => void socket.end('nonsense\r\n\r\n')],
    ['shakes hands wrongly', http('101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade')],
  ])('because it %s: no error tells the query of its address', async (_what, onSocket) => {
    const { url } = await rawServer(onSocket);
    const error = await relayTo(url)
      .dial('c')
      .opened.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(JSON.stringify([String(error), (error as Error).stack, error, (error as Error).cause])).not.toContain(
      'SECRET',
    );
  });

  it('does not bring the process down when nobody waits for it', async () => {
    const { url } = await rawServer((socket) => void socket.destroy());
    relayTo(url).dial('c');
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe('in the end', () => {
  it('all sockets are dropped, also those that still open and those that come later', async () => {
    const server = await upstreamServer(silent);
    const { url, sockets } = await rawServer(() => {});
    const relay = relayTo(server.url);
    const dialled = [relay.dial('a'), relay.dial('b')];
    await Promise.all(dialled.map((one) => one.opened));
    relay.close();
    await expect.poll(() => server.connections.map((one) => one.closeCode())).toEqual([1006, 1006]);
    await expect(relay.dial('c').opened).rejects.toThrow();
    const opening = relayTo(url);
    const late = opening.dial('d');
    await expect.poll(() => sockets.size).toBe(1);
    opening.close();
    await expect(late.opened).rejects.toThrow();
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('no timer is left, whether it opened, was refused or was dropped', async () => {
    const pings = vi.spyOn(globalThis, 'setInterval');
    const stopped = vi.spyOn(globalThis, 'clearInterval');
    const server = await upstreamServer(silent);
    const { url } = await rawServer((socket) => void socket.destroy());
    const relay = relayTo(server.url);
    const before = timers();
    const one = relay.dial('a');
    const { codes } = heard(one);
    await one.opened;
    const ping = pings.mock.results.find(({ value }) => (value as NodeJS.Timeout).hasRef() === false)?.value;
    expect(ping).toBeDefined();
    one.close(1000);
    await expect.poll(() => codes.length).toBe(1);
    expect(stopped).toHaveBeenCalledWith(ping);
    await relayTo(url)
      .dial('b')
      .opened.catch(() => {});
    const third = relay.dial('c');
    third.terminate();
    await third.opened.catch(() => {});
    await expect.poll(timers).toBeLessThanOrEqual(before);
  });

  it('a silent call is pinged, and kept when no pong comes', async () => {
    let pings = 0;
    const server = await upstreamServer(({ socket }) => {
      socket.on('ping', () => pings++);
      return {};
    });
    const upstream = relayTo(server.url, { pingMs: 20 }).dial('a');
    const { codes } = heard(upstream);
    await upstream.opened;
    await expect.poll(() => pings).toBeGreaterThan(2);
    (await server.connection(0)).socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(codes).toEqual([]);
  });
});
