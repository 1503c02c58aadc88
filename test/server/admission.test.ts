import { createConnection } from 'node:net';
import { describe, expect, it } from 'vitest';
import { memoryRecords } from '../../src/records/memory-records.ts';
import { foreignQuery, inRanges, ipRanges, isCallId, isLoopback, readAddress } from '../../src/server/admission.ts';
import { createLog } from '../../src/server/log.ts';
import { startGuard } from '../../src/server/start-guard.ts';
import { configOf, guardUnderTest, newCallId, rawExchange, upgradeStatus } from './guard-kit.ts';
import { agent, caller } from './retell-client.ts';

const KEY = 'correct-horse-battery-staple';
const locked = { secrets: { guardKey: KEY } };

describe('an upgrade', () => {
  it.each([
    ['the secret in the query', `/llm-websocket/default/c1?key=${KEY}`, 101],
    ['the secret in the query, encoded', `/llm-websocket/default/c1?key=${KEY.replaceAll('-', '%2D')}`, 101],
    ['the secret in the path', `/llm-websocket/default/${KEY}/c1`, 101],
    ['a trailing slash', `/llm-websocket/default/${KEY}/c1/`, 101],
    ['no secret', '/llm-websocket/default/c1', 401],
    ['a wrong secret in the query', '/llm-websocket/default/c1?key=wrong', 401],
    ['a wrong secret in the path', '/llm-websocket/default/wrong/c1', 401],
    ['the right one in the query, a wrong one in the path', `/llm-websocket/default/wrong/c1?key=${KEY}`, 401],
    ['a beginning of the secret', `/llm-websocket/default/c1?key=${KEY.slice(0, -1)}`, 401],
    ['an empty secret', '/llm-websocket/default/c1?key=', 401],
    ['the secret as call id', `/llm-websocket/default/${KEY}`, 401],
    ['an unknown agent', `/llm-websocket/nobody/c1?key=${KEY}`, 404],
    ['an agent from the prototype', `/llm-websocket/constructor/c1?key=${KEY}`, 404],
    ['an unknown agent without the secret: agents cannot be guessed', '/llm-websocket/nobody/c1', 401],
    ['another path', '/ws/default/c1', 404],
    ['the path of the platform alone', '/llm-websocket', 404],
    ['no call id', '/llm-websocket/default/', 404],
    ['a page of the server', '/healthz', 404],
    ['too many segments', `/llm-websocket/default/${KEY}/c1/more`, 404],
    ['broken percent-encoding', `/llm-websocket/default/%zz?key=${KEY}`, 404],
    ['a target that is no path', '*', 404],
  ])('with %s', async (_what, target, status) => {
    const { guard, refused, logs, logText } = await guardUnderTest({}, locked);
    expect(await upgradeStatus(guard.port, target)).toBe(status);
    const reason = {
      101: '',
      401: 'wrong-secret',
      404: /nobody|constructor/.test(target) ? 'no-such-agent' : 'no-such-path',
    }[status];
    if (!reason) return;
    expect(await refused('upgrade', reason)).toBe(1);
    expect(logs().filter((line) => line.msg === 'socket refused')).toMatchObject([{ reason }]);
    expect(logText()).not.toContain(KEY);
    expect(logText()).not.toMatch(/llm-websocket|key=/);
  });

  it.each([
    ['a way up', `/llm-websocket/default/..?key=${KEY}`],
    ['an encoded way up', `/llm-websocket/default/%2e%2e?key=${KEY}`],
    ['an encoded path', `/llm-websocket/default/${KEY}/%2e%2e%2fetc%2fpasswd`],
    ['a path within', `/llm-websocket/default/a..b?key=${KEY}`],
    ['a backslash', `/llm-websocket/default/a%5cb?key=${KEY}`],
    ['NUL', `/llm-websocket/default/call%00?key=${KEY}`],
    ['a line break', `/llm-websocket/default/call%0d%0aset-cookie:x?key=${KEY}`],
    ['a letter beyond ASCII', `/llm-websocket/default/%D1%81all?key=${KEY}`],
    ['markup', `/llm-websocket/default/%3Cscript%3E?key=${KEY}`],
    ['129 characters', `/llm-websocket/default/${'c'.repeat(129)}?key=${KEY}`],
    ['10 KB', `/llm-websocket/default/${'c'.repeat(10_000)}?key=${KEY}`],
  ])('with a call id that holds %s: 400', async (_what, target) => {
    const { guard, refused, logText } = await guardUnderTest({}, locked);
    expect(await upgradeStatus(guard.port, target)).toBe(400);
    expect(await refused('upgrade', 'bad-call-id')).toBe(1);
    expect(logText()).not.toMatch(/etc|script|cookie|ccccc/);
    expect(guard.live()).toBe(0);
  });

  it('with 128 characters of call id is taken', async () => {
    const { guard } = await guardUnderTest();
    expect(await upgradeStatus(guard.port, `/llm-websocket/default/${'c'.repeat(128)}`)).toBe(101);
  });

  it('that is no WebSocket handshake: 400, counted', async () => {
    const { guard, refused, logs } = await guardUnderTest();
    const answer = await rawExchange(
      guard.port,
      'GET /llm-websocket/default/c1 HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(await refused('upgrade', 'bad-handshake')).toBe(1);
    expect(logs()).toContainEqual(expect.objectContaining({ msg: 'socket refused', reason: 'bad-handshake' }));
  });

  it('that is refused is let go of, though the peer keeps its side open', async () => {
    const { guard } = await guardUnderTest({}, locked);
    const started = performance.now();
    const answer = await rawExchange(
      guard.port,
      'GET /llm-websocket/default/c1 HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('whose request never ends is cut off after handshake_ms', async () => {
    const { guard } = await guardUnderTest({ listen: { handshake_ms: 200 } });
    const started = performance.now();
    await rawExchange(guard.port, 'GET /llm-websocket/default/c1 HTTP/1.1\r\nhost: x\r\nx-slow: ');
    expect(performance.now() - started).toBeLessThan(2_500);
  });

  it('with a header that is no HTTP is answered with 400 and harms nobody', async () => {
    const { guard, call } = await guardUnderTest();
    const client = await call();
    expect(await rawExchange(guard.port, '\0\u0001\u0002\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    client.ask(1, [agent('Hello, how can I help you?'), caller('hello')]);
    expect(await client.reply(1)).not.toBe('');
  });
});

describe('limits', () => {
  it('max_calls: one more is refused with 503 until a call has ended', async () => {
    const { guard, call, refused, connect, record } = await guardUnderTest({ listen: { max_calls: 2 } });
    const callId = newCallId();
    const first = await call(callId);
    const second = await call();
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/third')).toBe(503);
    expect(await refused('upgrade', 'too-many-calls')).toBe(1);
    // A call that is known may come back.
    const again = await connect(callId);
    await again.settled();
    expect(first.closeCode).toBe(1006);
    again.socket.close(1000);
    await record(callId);
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/third')).toBe(101);
    second.ask(1, [agent('Hello, how can I help you?'), caller('hello')]);
    expect(await second.reply(1)).not.toBe('');
  });

  it('max_sockets_per_call: one more socket of the same call is refused with 429, the last one stays', async () => {
    const { guard, call, connect, refused } = await guardUnderTest({ listen: { max_sockets_per_call: 2 } });
    const callId = newCallId();
    await call(callId);
    const second = await connect(callId);
    expect(await upgradeStatus(guard.port, `/llm-websocket/default/${callId}`)).toBe(429);
    expect(await refused('upgrade', 'too-many-sockets')).toBe(1);
    second.ask(1, [agent('Hello, how can I help you?'), caller('hello')]);
    expect(await second.reply(1)).not.toBe('');
  });

  it('hold when hundreds of sockets ask at the same moment', async () => {
    const { guard, refused } = await guardUnderTest({ listen: { max_calls: 5 } });
    const codes = await Promise.all(
      Array.from({ length: 200 }, (_, i) => upgradeStatus(guard.port, `/llm-websocket/default/rush_${i}`)),
    );
    expect(codes.filter((code) => code === 101).length).toBeGreaterThanOrEqual(5);
    expect(codes.filter((code) => code === 101).length + (await refused('upgrade', 'too-many-calls'))).toBe(200);
    expect(guard.live()).toBeLessThanOrEqual(5);
  });
});

describe('the allow-list of addresses', () => {
  const target = '/llm-websocket/default/c1';
  const from = (...addresses: string[]) => [`x-forwarded-for: ${addresses.join(', ')}`];

  it('refuses others with 403, before secret, agent and call id are looked at', async () => {
    const { guard, refused } = await guardUnderTest({ listen: { allowed_ips: ['100.20.5.228'] } }, locked);
    expect(await upgradeStatus(guard.port, `${target}?key=${KEY}`)).toBe(403);
    expect(await upgradeStatus(guard.port, '/llm-websocket/nobody/%00')).toBe(403);
    expect(await refused('upgrade', 'ip-not-allowed')).toBe(2);
  });

  it('lets in who is on it, by address or range', async () => {
    for (const range of ['127.0.0.1', '127.0.0.0/8']) {
      const { guard } = await guardUnderTest({ listen: { allowed_ips: ['2001:db8::/32', range] } });
      expect(await upgradeStatus(guard.port, target)).toBe(101);
    }
  });

  it('does not believe X-Forwarded-For of a peer that is no proxy of ours', async () => {
    const { guard } = await guardUnderTest({ listen: { allowed_ips: ['100.20.5.228'] } });
    expect(await upgradeStatus(guard.port, target, from('100.20.5.228'))).toBe(403);
    const { guard: other } = await guardUnderTest({
      listen: { allowed_ips: ['100.20.5.228'], trusted_proxies: ['10.0.0.0/8'] },
    });
    expect(await upgradeStatus(other.port, target, from('100.20.5.228'))).toBe(403);
  });

  it.each([
    ['the platform through the proxy', ['100.20.5.228'], 101],
    ['through two of our proxies', ['100.20.5.228', '10.1.2.3'], 101],
    ['somebody else who forged the platform in front', ['100.20.5.228', '203.0.113.9'], 403],
    ['forged behind a hop that is none', ['100.20.5.228', 'unknown'], 403],
    ['an address with a port', ['100.20.5.228:4711'], 403],
    ['an empty list', [''], 403],
    ['a very long list', [...Array.from({ length: 200 }, () => '100.20.5.228'), '203.0.113.9'], 403],
  ])('behind a trusted proxy takes the nearest address that is no proxy: %s', async (_what, hops, status) => {
    const { guard } = await guardUnderTest({
      listen: { allowed_ips: ['100.20.5.228'], trusted_proxies: ['127.0.0.1', '10.0.0.0/8'] },
    });
    expect(await upgradeStatus(guard.port, target, from(...hops))).toBe(status);
  });

  it('reads several X-Forwarded-For headers as one list', async () => {
    const { guard } = await guardUnderTest({
      listen: { allowed_ips: ['100.20.5.228'], trusted_proxies: ['127.0.0.1'] },
    });
    const twice = [...from('100.20.5.228'), ...from('203.0.113.9')];
    expect(await upgradeStatus(guard.port, target, twice)).toBe(403);
  });

  it('knows IPv4 addresses in IPv6 clothes', async () => {
    const { guard } = await guardUnderTest({ listen: { host: '::', allowed_ips: ['127.0.0.1'] } }, locked);
    expect(await upgradeStatus(guard.port, `${target}?key=${KEY}`)).toBe(101);
  });
});

describe('without a key', () => {
  const start = (host: string, guardKey?: string) =>
    startGuard({
      config: configOf({ listen: { host } }),
      secrets: guardKey ? { guardKey } : {},
      records: memoryRecords(),
      log: createLog('silent'),
    });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'guard.example'])('listening on %s is refused at the start', async (host) => {
    await expect(start(host)).rejects.toThrow(/HANGUP_GUARD_KEY/);
  });

  it('loopback is served', async () => {
    const guard = await start('127.0.0.1');
    const refused = await new Promise((resolve) => {
      const socket = createConnection({ port: guard.port, host: '127.0.0.1' }, () => resolve('open'));
      socket.on('error', () => resolve('refused'));
      socket.unref();
    });
    expect(refused).toBe('open');
    await guard.close();
  });

  it('with one every interface is', async () => {
    const guard = await start('0.0.0.0', KEY);
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/c1')).toBe(401);
    await guard.close();
  });
});

describe('the pieces', () => {
  it('reads addresses', () => {
    const read = (url: string) => readAddress(url, '/llm-websocket');
    expect(read('/llm-websocket/a/c')).toEqual({ agent: 'a', callId: 'c' });
    expect(read('/llm-websocket/a/c?key=k&x=1')).toEqual({ agent: 'a', callId: 'c', secret: 'k' });
    expect(read('/llm-websocket/a/s/c')).toEqual({ agent: 'a', secret: 's', callId: 'c' });
    expect(read('/llm-websocket/a/s%2Ft/c')).toEqual({ agent: 'a', secret: 's/t', callId: 'c' });
    for (const url of [
      '',
      '/',
      '/llm-websocket',
      '/llm-websocket/',
      '/llm-websocket/a',
      '/llm-websockets/a/c',
      '/LLM-websocket/a/c',
    ])
      expect(read(url)).toBeNull();
  });

  it('knows call ids', () => {
    for (const id of ['call_1', 'a', 'A.b:c-d', '0'.repeat(128)]) expect(isCallId(id)).toBe(true);
    for (const id of ['', '.', '..', '-a', 'a/b', 'a b', 'a..b', 'a\n', 'é', '0'.repeat(129)])
      expect(isCallId(id)).toBe(false);
  });

  it('knows loopback', () => {
    for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(isLoopback(host)).toBe(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.example', '']) expect(isLoopback(host)).toBe(false);
  });

  it('knows ranges', () => {
    const ranges = ipRanges(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
    for (const ip of ['10.255.0.1', '192.0.2.7', '::ffff:10.0.0.1', '2001:db8::1'])
      expect(inRanges(ip, ranges)).toBe(true);
    for (const ip of ['11.0.0.1', '192.0.2.8', '2001:db9::1', 'nonsense', '']) expect(inRanges(ip, ranges)).toBe(false);
    expect(() => ipRanges(['nonsense'])).toThrow();
  });
});

it.each([
  ['/llm-websocket/a/c', ''],
  ['/llm-websocket/a/c?key=secret', ''],
  ['/llm-websocket/a/c?tenant=x%20y&key=secret&b', 'tenant=x%20y&b'],
  ['/llm-websocket/a/c?k%65y=secret&monkey=1', 'monkey=1'],
])('what of the query of %s goes on to a server behind the guard', (url, query) => {
  expect(foreignQuery(url)).toBe(query);
});
