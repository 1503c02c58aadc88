import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId, upgradeStatus } from './guard-kit.ts';
import { agent, caller } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');

describe('http routes', () => {
  it('/healthz answers while the process lives', async () => {
    const { guard } = await guardUnderTest();
    const answer = await fetch(`http://127.0.0.1:${guard.port}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('/readyz tells live calls and whether the store answers; a store that is down stops no calls', async () => {
    const { guard, call } = await guardUnderTest();
    await call();
    const answer = await fetch(`http://127.0.0.1:${guard.port}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', store: 'ok', liveCalls: 1 }]);
    const down = await guardUnderTest(
      {},
      { wrap: (records) => ({ ...records, ready: () => Promise.reject(new Error('down')) }) },
    );
    const other = await fetch(`http://127.0.0.1:${down.guard.port}/readyz`);
    expect([other.status, await other.json()]).toEqual([200, { status: 'ready', store: 'down', liveCalls: 0 }]);
  });

  it('/metrics counts calls, sockets, frames, refusals and what was saved, without a word of any caller', async () => {
    const { guard, connect, record, total } = await guardUnderTest({
      lists: { block: [{ number: '+12137771234', reason: 'test' }] },
    });
    const callId = newCallId();
    const client = await connect(callId);
    client.details();
    await client.until(() => client.frames.some((one) => 'end_call' in one));
    client.send('zebra');
    client.ask(1, [HELLO, caller('zebra')]);
    await client.settled();
    expect(await total('hangup_guard_live_calls')).toBe(1);
    client.socket.close(1000);
    await record(callId);
    await upgradeStatus(guard.port, '/zebra');

    const answer = await fetch(`http://127.0.0.1:${guard.port}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain(
      'hangup_guard_calls_total{outcome="hung_up",decision="hang_up",category="blocked_number"} 1',
    );
    expect(text).toContain('hangup_guard_refused_total{what="upgrade",reason="no-such-path"} 1');
    expect(text).toContain('hangup_guard_refused_total{what="frame",reason="not-json"} 1');
    expect(text).toContain('hangup_guard_live_calls 0');
    expect(text).toContain('hangup_guard_sockets_total 1');
    expect(text).toContain('hangup_guard_rungs_total{rung="hang_up"} 1');
    expect(text).toMatch(/hangup_guard_saved_seconds_total 1[78]\d/);
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).not.toMatch(new RegExp(`zebra|2137771234|${callId}`));
  });

  it('counts turns: latency added, and time to the first piece', async () => {
    const { call, total } = await guardUnderTest();
    const client = await call();
    client.ask(1, [HELLO, caller('hello')]);
    await client.reply(1);
    expect(await total('hangup_guard_added_ms_count')).toBe(1);
    expect(await total('hangup_guard_first_piece_ms_count')).toBe(1);
  });

  it('anything else is 404 in JSON, the path of the sockets included', async () => {
    const { guard } = await guardUnderTest();
    for (const path of ['/', '/llm-websocket/default/c1', '/metrics/..%2fx', '/%00', '/healthz/x']) {
      const answer = await fetch(`http://127.0.0.1:${guard.port}${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({ status: 'error', message: 'no such page' });
    }
    expect((await fetch(`http://127.0.0.1:${guard.port}/healthz`, { method: 'POST', body: 'x' })).status).toBe(404);
  });
});

describe('the log', () => {
  it('tells of a call in the words of its record, with the number masked and no text', async () => {
    const { call, record, logs, logText } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    client.details();
    client.ask(1, [HELLO, caller('my card number is zebra 4111')]);
    await client.reply(1);
    client.socket.close(1000);
    const { points } = await record(callId);
    expect(logs()).toContainEqual(
      expect.objectContaining({
        msg: 'call opened',
        callId,
        agent: 'default',
        direction: 'inbound',
        caller: '+1213•••••34',
      }),
    );
    expect(logs()).toContainEqual(
      expect.objectContaining({ msg: 'turn', callId, turn: 1, kind: 'reply', rung: 'continue' }),
    );
    expect(logs()).toContainEqual(
      expect.objectContaining({
        msg: 'call ended',
        callId,
        outcome: 'caller_left',
        decision: 'none',
        points,
        turns: 1,
      }),
    );
    expect(logs().filter((line) => line.msg === 'call opened')).toHaveLength(1);
    expect(logText()).not.toMatch(/zebra|4111|2137771234/);
  });

  it('tells each change of rung with turn, call time and points', async () => {
    const { call, logs } = await guardUnderTest();
    const client = await call();
    client.update([
      HELLO,
      caller(
        'this is an automated message regarding your vehicle warranty press one to speak with one of our specialists',
      ),
    ]);
    await client.until(() => client.of('agent_interrupt').length > 0);
    expect(logs()).toContainEqual(
      expect.objectContaining({
        msg: 'rung changed',
        from: 'continue',
        turn: 1,
        points: expect.any(Number),
        why: expect.any(String),
      }),
    );
  });
});
