import { createHmac } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { makeTools } from '../../src/tools/index.ts';
import type { Tool, ToolContext } from '../../src/tools/tool.ts';
import { contextOf, never, toolsConfig } from './contexts.ts';

interface Got {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

/** The user's server, on loopback. */
async function server(answer: (res: ServerResponse, req: IncomingMessage) => void) {
  const got: Got[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const made = http.createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    got.push({ method: req.method, headers: req.headers, body: Buffer.concat(parts).toString('utf8') });
    answer(res, req);
  });
  made.on('connection', (socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  made.listen(0, '127.0.0.1');
  await once(made, 'listening');
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    made.close();
  });
  const { port } = made.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/free-times`, got, sockets, connections: () => connections };
}

function tool(url: string, more: Record<string, unknown> = {}, secret?: string): Tool {
  const config = toolsConfig({ http: { free_times: { url, description: 'Free times.', ...more } } });
  const found = makeTools(config, secret === undefined ? {} : { secret }).find(
    ({ spec }) => spec.name === 'free_times',
  );
  if (!found) throw new Error('not made');
  return found;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}

const context = (turn = 3): ToolContext => ({ ...contextOf('Hi.'), turn });
const ok = (res: ServerResponse) => res.end('{"free":["10:00"]}');

describe('a request', () => {
  it('carries name, arguments and call, signed so that the server can check it', async () => {
    const { url, got } = await server(ok);
    const before = Math.floor(Date.now() / 1000);
    const outcome = await tool(url, {}, 's3cret').run({ day: 'Montag, 3. März' }, context(), never());
    expect(outcome).toEqual({ type: 'result', content: '{"free":["10:00"]}', failed: false });
    const [request] = got;
    if (!request) throw new Error('no request');
    expect(request.method).toBe('POST');
    expect(request.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request.body)).toEqual({
      name: 'free_times',
      arguments: { day: 'Montag, 3. März' },
      call: { call_id: 'call-1', agent: 'default', turn: 3 },
    });
    const timestamp = String(request.headers['x-hangup-guard-timestamp']);
    expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
    expect(Number(timestamp)).toBeLessThanOrEqual(Date.now() / 1000);
    const mac = createHmac('sha256', 's3cret').update(`${timestamp}.${request.body}`).digest('hex');
    expect(request.headers['x-hangup-guard-signature']).toBe(`v1=${mac}`);
    // Neither who calls nor the secret is anybody's business.
    expect(JSON.stringify(request)).not.toMatch(/5557654321|s3cret/);
  });

  it.each([undefined, ''])('without a secret (%j) is not signed', async (secret) => {
    const { url, got } = await server(ok);
    await tool(url, {}, secret).run({}, context(), never());
    expect(got[0]?.headers).not.toHaveProperty('x-hangup-guard-signature');
  });

  it('has one key for the same act in the same call, whenever it is asked again', async () => {
    const { url, got } = await server(ok);
    const one = tool(url);
    await one.run({ day: 'Monday', hour: 9 }, context(), never());
    await one.run({ hour: 9, day: 'Monday' }, context(4), never());
    await one.run({ day: 'Tuesday', hour: 9 }, context(), never());
    await one.run({ day: 'Monday', hour: 9 }, { ...context(), callId: 'call-2' }, never());
    const keys = got.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('uses a socket that was kept', async () => {
    const { url, got, connections } = await server(ok);
    const one = tool(url);
    const { signal } = new AbortController();
    for (let i = 0; i < 5; i++) await one.run({}, context(), signal);
    expect([got.length, connections()]).toEqual([5, 1]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('with too much in it is not made', async () => {
    const { url, got } = await server(ok);
    const outcome = await tool(url).run({ text: 'x'.repeat(40_000) }, context(), never());
    expect(outcome).toMatchObject({ failed: true, content: expect.stringContaining('too long') });
    expect(got).toEqual([]);
  });
});

describe('an answer', () => {
  it('may be text, and may be empty', async () => {
    const texts = ['At ten,\0 or at noon. \ud83d\ude00', ''];
    const { url } = await server((res) => res.end(texts.shift()));
    const one = tool(url);
    expect(await one.run({}, context(), never())).toMatchObject({ content: 'At ten, or at noon. 😀', failed: false });
    expect(await one.run({}, context(), never())).toMatchObject({ content: 'Done; there is nothing more to know.' });
  });

  it.each([201, 204, 299])('of status %i has worked', async (status) => {
    const { url } = await server((res) => res.writeHead(status).end());
    expect(await tool(url).run({}, context(), never())).toMatchObject({ failed: false });
  });

  it.each([301, 302, 307, 400, 404, 500, 503])('of status %i has not; nothing else is asked', async (status) => {
    const { url, got, sockets } = await server((res) => {
      res.writeHead(status, { location: '/elsewhere' });
      res.write('secret of the server');
    });
    const outcome = await tool(url).run({}, context(), never());
    expect(outcome).toMatchObject({ type: 'result', failed: true });
    expect(outcome).toMatchObject({ content: `It did not work: the server answered with status ${status}.` });
    expect(got).toHaveLength(1);
    // The body did not end: its socket goes.
    await until(() => sockets.size === 0);
  });

  it('that is huge is cut without being read to its end, and never through a character', async () => {
    let written = 0;
    const { url, sockets } = await server((res) => {
      const more = () => {
        while (!res.destroyed && written < 200_000_000) {
          written += 60_000;
          if (!res.write('😀'.repeat(15_000))) {
            res.once('drain', more);
            return;
          }
        }
        res.end();
      };
      more();
    });
    const outcome = await tool(url, { max_answer_chars: 101 }).run({}, context(), never());
    expect(outcome).toEqual({ type: 'result', content: `${'😀'.repeat(50)} … (the rest is cut off)`, failed: false });
    await until(() => sockets.size === 0);
    expect(written).toBeLessThan(20_000_000);
  });

  it('that breaks off is a failure', async () => {
    const { url } = await server((res) => {
      res.writeHead(200, { 'content-length': '100' });
      res.write('half');
      setTimeout(() => res.destroy(), 20);
    });
    expect(await tool(url).run({}, context(), never())).toMatchObject({ failed: true });
  });
});

describe('a server that', () => {
  it('is not there is a failure that does not name its address', async () => {
    const { url } = await server(ok);
    for (const clean of cleanups.splice(0)) clean();
    const outcome = await tool(url.replace('http://', 'http://user:pass@')).run({}, context(), never());
    expect(outcome).toMatchObject({ type: 'result', failed: true });
    expect(JSON.stringify(outcome)).not.toMatch(/127|pass|free-times/);
  });

  it.each([
    ['says nothing', () => {}],
    ['drips', (res: ServerResponse) => res.write('a')],
  ])('%s in time is given up, and its socket goes', async (_how, answer) => {
    const { url, sockets } = await server(answer);
    const began = performance.now();
    const outcome = await tool(url, { timeout_ms: 150 }).run({}, context(), never());
    expect(performance.now() - began).toBeLessThan(1500);
    expect(outcome).toMatchObject({ failed: true, content: expect.stringContaining('No answer in time') });
    await until(() => sockets.size === 0);
  });

  it('still works when the turn is discarded is let go at once', async () => {
    const { url, got, sockets } = await server(() => {});
    const turn = new AbortController();
    const pending = tool(url).run({}, context(), turn.signal);
    await until(() => got.length === 1);
    turn.abort();
    expect(await pending).toMatchObject({ type: 'result', failed: true });
    await until(() => sockets.size === 0);
  });

  it('is not asked when the turn was discarded before', async () => {
    const { url, got } = await server(ok);
    expect(await tool(url).run({}, context(), AbortSignal.abort())).toMatchObject({ failed: true });
    expect(got).toEqual([]);
  });
});
