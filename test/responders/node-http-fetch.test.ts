import { getEventListeners, once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { BodyTooLongError, type NodeHttpFetch, nodeHttpFetch } from '../../src/responders/node-http-fetch.ts';
import { sseServer, until } from './sse-server.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

function transport(options?: Parameters<typeof nodeHttpFetch>[0]): NodeHttpFetch {
  const made = nodeHttpFetch(options);
  cleanups.push(() => made.close());
  return made;
}

async function server(answer: Parameters<typeof sseServer>[0]) {
  const made = await sseServer(answer);
  cleanups.push(() => made.close());
  return made;
}

const post = (signal?: AbortSignal): RequestInit => ({ method: 'POST', body: '{"a":1}', ...(signal && { signal }) });

test('gives status, headers, text and json as fetch does', async () => {
  const { url } = await server((res, body) => {
    res.writeHead(201, { 'x-one': 'a', 'x-Two': ['b', 'c'] });
    res.end(JSON.stringify({ got: body }));
  });
  const { fetch } = transport();
  const ours = await fetch(url, post());
  const theirs = await globalThis.fetch(url, post());
  expect(ours.status).toBe(theirs.status);
  expect(ours.ok).toBe(true);
  expect(ours.statusText).toBe(theirs.statusText);
  expect(ours.url).toBe(theirs.url);
  expect(ours.headers.get('x-two')).toBe(theirs.headers.get('x-two'));
  expect(await ours.json()).toEqual(await theirs.json());
});

test('a body above the limit fails and its socket goes', async () => {
  const made = await server((res) => {
    res.end('x'.repeat(2000));
  });
  const { fetch } = transport({ maxBodyBytes: 1000 });
  const response = await fetch(made.url, post());
  await expect(response.text()).rejects.toBeInstanceOf(BodyTooLongError);
});

test('does not follow redirects', async () => {
  let requests = 0;
  const { url } = await server((res) => {
    requests += 1;
    res.writeHead(307, { location: '/elsewhere' });
    res.end();
  });
  const response = await transport().fetch(url, post());
  expect([response.status, response.ok, requests]).toEqual([307, false, 1]);
});

test('an abort rejects with the signal’s reason and frees listener and socket', async () => {
  const made = await server(() => {});
  const pool = transport();
  const stop = new AbortController();
  const pending = pool.fetch(made.url, post(stop.signal));
  await until(() => made.sockets.size === 1);
  stop.abort();
  await expect(pending).rejects.toBe(stop.signal.reason);
  await until(() => made.sockets.size === 0 && pool.sockets().busy === 0);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  await expect(pool.fetch(made.url, post(stop.signal))).rejects.toBe(stop.signal.reason);
});

test('a finished exchange leaves no listener on the signal and one idle socket', async () => {
  const made = await server((res) => {
    res.end('ok');
  });
  const pool = transport();
  const stop = new AbortController();
  for (let i = 0; i < 20; i += 1) await (await pool.fetch(made.url, post(stop.signal))).text();
  await until(() => getEventListeners(stop.signal, 'abort').length === 0);
  await until(() => pool.sockets().idle === 1);
  expect([made.connections(), pool.sockets().busy]).toEqual([1, 0]);
});

test('an abort while the body is read rejects with the signal’s reason', async () => {
  const made = await server((res) => {
    res.write('x');
  });
  const stop = new AbortController();
  const reading = (await transport().fetch(made.url, post(stop.signal))).text();
  const reason = new Error('enough');
  setTimeout(() => stop.abort(reason), 20);
  await expect(reading).rejects.toBe(reason);
});

test('an unread body is let go by the abort', async () => {
  const made = await server((res) => {
    res.write('x');
  });
  const pool = transport();
  const stop = new AbortController();
  await pool.fetch(made.url, post(stop.signal));
  stop.abort();
  await until(() => made.sockets.size === 0 && pool.sockets().busy === 0);
});

test('a kept socket that the server resets when it is used again is replaced', async () => {
  let connections = 0;
  const raw = net.createServer((socket) => {
    connections += 1;
    let served = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      served += 1;
      if (served > 1) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  cleanups.push(() => raw.close());
  const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}/`;
  const { fetch } = transport();
  for (let i = 0; i < 3; i += 1) expect(await (await fetch(url, post())).text()).toBe('ok');
  expect(connections).toBe(3);
});

test('a fresh socket that is reset is an error', async () => {
  const made = await server((res) => {
    res.socket?.resetAndDestroy();
  });
  await expect(transport().fetch(made.url, post())).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(made.connections()).toBe(1);
});

test('refuses other protocols and streamed request bodies', async () => {
  const { fetch } = transport();
  await expect(fetch('file:///etc/hosts')).rejects.toThrow(TypeError);
  await expect(fetch('http://127.0.0.1:1/', { method: 'POST', body: new FormData() })).rejects.toThrow(TypeError);
});
