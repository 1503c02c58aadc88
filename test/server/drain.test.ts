import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId, upgradeStatus } from './guard-kit.ts';
import { agent, caller } from './retell-client.ts';

const SAID = [agent('Hello, how can I help you?'), caller('hi i would like to move my appointment')];

describe('draining', () => {
  it('takes no new calls: 503 at the upgrade and at /readyz, while /healthz stays', async () => {
    const { guard, call, refused } = await guardUnderTest();
    const client = await call();
    const drained = guard.drain(5_000);
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/new')).toBe(503);
    expect(await refused('upgrade', 'draining')).toBe(1);
    const ready = await fetch(`http://127.0.0.1:${guard.port}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'draining', liveCalls: 1 });
    expect((await fetch(`http://127.0.0.1:${guard.port}/healthz`)).status).toBe(200);
    client.socket.close(1000);
    await drained;
  });

  it('lets live calls go on to their end, answers and reconnects included, and is done with the last of them', async () => {
    const { guard, call, connect, record, logs } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    const other = await call();
    let done = false;
    const drained = guard.drain(10_000).then(() => {
      done = true;
    });
    first.ask(1, SAID);
    expect(await first.reply(1)).not.toBe('');
    first.socket.terminate();
    await first.closed;
    const again = await connect(callId);
    again.ask(2, [...SAID, agent('Sure.'), caller('thank you')]);
    expect(await again.reply(2)).not.toBe('');
    other.socket.close(1000);
    await other.closed;
    await again.settled();
    expect(done).toBe(false);
    again.socket.close(1000);
    await drained;
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left' });
    expect(logs().some((line) => String(line.msg).startsWith('deadline'))).toBe(false);
  });

  it('drops what is left at the deadline without a close frame, so that the platform dials elsewhere', async () => {
    const { guard, call, logs, records } = await guardUnderTest();
    const clients = await Promise.all(['drop_1', 'drop_2', 'drop_3'].map((callId) => call(callId)));
    clients[0]?.ask(1, SAID);
    await clients[0]?.reply(1);
    await guard.drain(100);
    expect(await Promise.all(clients.map((one) => one.closed))).toEqual([1006, 1006, 1006]);
    expect(clients.flatMap((one) => one.frames).some((one) => 'end_call' in one)).toBe(false);
    expect(guard.live()).toBe(0);
    expect(logs()).toContainEqual(expect.objectContaining({ liveCalls: 3, msg: expect.stringMatching(/^deadline/) }));
    // The call is not over: whoever takes it up writes its record.
    expect(records.records).toEqual([]);
    expect(await records.resume('drop_1')).toEqual({ greeted: true });
  });

  it('is over at once when there is no call', async () => {
    const { guard } = await guardUnderTest();
    const started = performance.now();
    await guard.drain(60_000);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('hands a call over in the middle of an answer: the next process answers, greets nobody twice, and closes the record', async () => {
    const first = await guardUnderTest();
    const callId = newCallId();
    const before = await first.call(callId);
    before.ask(1, SAID);
    await before.reply(1);
    await first.guard.drain(0);
    expect(await before.closed).toBe(1006);

    const second = await guardUnderTest({}, { wrap: () => first.records });
    const after = await second.connect(callId);
    after.details();
    after.ask(2, [...SAID, agent(before.said(1)), caller('tuesday would be fine')]);
    expect(await after.reply(2)).not.toBe('');
    expect(after.responses(0)).toEqual([]);
    after.socket.close(1000);
    expect(await first.record(callId)).toMatchObject({ outcome: 'caller_left', turns: 2 });
  });

  it('hands over a hang-up that is under way: the next process sends it again', async () => {
    const first = await guardUnderTest({ lists: { block: [{ number: '+12137771234', reason: 'test' }] } });
    const callId = newCallId();
    const before = await first.connect(callId);
    before.details();
    await before.until(() => before.frames.some((one) => 'end_call' in one && one.end_call === true));
    await first.guard.drain(0);
    expect(await before.closed).toBe(1006);

    const second = await guardUnderTest({}, { wrap: () => first.records });
    const after = await second.connect(callId);
    await after.until(() => after.frames.some((one) => 'end_call' in one && one.end_call === true));
    after.ask(1, SAID);
    await after.until(() => after.responses(1).length > 0);
    expect(after.responses(1)).toMatchObject([{ end_call: true }]);
    after.socket.close(1000);
    expect(await first.record(callId)).toMatchObject({ outcome: 'hung_up', category: 'blocked_number' });
  });

  it('close() drops as abnormally', async () => {
    const { guard, call } = await guardUnderTest();
    const client = await call();
    await guard.close();
    expect(await client.closed).toBe(1006);
  });
});
