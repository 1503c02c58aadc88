import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createLog } from '../../src/server/log.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { wireSocket } from '../../src/server/socket-wire.ts';
import { RetellClient } from './retell-client.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A bare server that puts its sockets under a wire which pings every 40 ms. */
async function wired(): Promise<{ url: string; codes: number[] }> {
  const codes: number[] = [];
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket: WebSocket) => {
    wireSocket(socket, 'c1', () => ({ receive: () => {}, closed: (code) => codes.push(code) }), {
      metrics: createMetrics(false),
      log: createLog('silent'),
      pingMs: 40,
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    for (const client of sockets.clients) client.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, codes };
}

describe('a peer', () => {
  it('that answers no ping for a whole round is dropped abnormally', async () => {
    const { url, codes } = await wired();
    const client = await RetellClient.open(url, { autoPong: false });
    expect(await client.closed).toBe(1006);
    await expect.poll(() => codes).toEqual([1006]);
  });

  it('that answers pings is kept, though it says nothing', async () => {
    const { url } = await wired();
    const client = await RetellClient.open(url);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(client.closeCode).toBeNull();
    client.socket.terminate();
  });

  it('that answers no ping but sends frames is kept', async () => {
    const { url } = await wired();
    const client = await RetellClient.open(url, { autoPong: false });
    const talking = setInterval(() => client.send('{}'), 10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    clearInterval(talking);
    expect(client.closeCode).toBeNull();
    client.socket.terminate();
  });
});
