import { describe, expect, it } from 'vitest';
import { configOf, guardUnderTest, newCallId, upgradeStatus } from './guard-kit.ts';
import { modelServer } from './model-server.ts';
import { agent, caller } from './retell-client.ts';

const SAID = [agent('Hello, how can I help you?'), caller('hi i would like to move my appointment')];

describe('reloading the config', () => {
  it('applies to calls that begin from then on; live ones keep theirs', async () => {
    const { guard, call } = await guardUnderTest({ agents: { default: { begin_message: 'Old greeting.' } } });
    const old = await call();
    guard.reload(
      configOf({
        agents: { default: { begin_message: 'New greeting.' }, second: {} },
        lists: { block: [{ number: '+12137771234', reason: 'test' }] },
      }),
    );
    old.details();
    old.ask(1, SAID);
    expect(await old.reply(1)).not.toBe('');
    expect(old.frames.some((one) => 'end_call' in one)).toBe(false);
    expect(old.closeCode).toBeNull();
    const fresh = await call(newCallId(), { from_number: '+12137779999' });
    expect(fresh.said(0)).toBe('New greeting.');
    expect(await upgradeStatus(guard.port, '/llm-websocket/second/c1')).toBe(101);
  });

  it('applies limits and addresses to sockets that come from then on', async () => {
    const { guard, call } = await guardUnderTest();
    const client = await call();
    guard.reload(configOf({ listen: { allowed_ips: ['100.20.5.228'], max_calls: 1 } }));
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/new')).toBe(403);
    guard.reload(configOf({ listen: { max_calls: 1 } }));
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/new')).toBe(503);
    guard.reload(configOf({ listen: { max_frame_bytes: 2_048 } }));
    const small = await call();
    small.send(`{"x":"${'a'.repeat(4_000)}"}`);
    expect([1000, 1005]).not.toContain(await small.closed);
    client.ask(1, [...SAID, caller('a'.repeat(4_000))]);
    expect(await client.reply(1)).not.toBe('');
  });

  it('that cannot be used is refused, and the old one stays in force', async () => {
    const { guard, call } = await guardUnderTest({ agents: { default: { begin_message: 'Old greeting.' } } });
    const broken = configOf({
      responders: { model: { type: 'openai', model: 'm' } },
      agents: { default: { responder: 'model' } },
    });
    expect(() => guard.reload(broken)).toThrow(/OPENAI_API_KEY/);
    const client = await call();
    expect(client.said(0)).toBe('Old greeting.');
  });

  it('closes the connections to the old models with the last call that uses them', async () => {
    const model = await modelServer();
    const { guard, call, record } = await guardUnderTest(model.config);
    const callId = newCallId();
    const client = await call(callId);
    client.ask(1, SAID);
    (await model.request(0)).end('Sure.');
    await client.reply(1);
    guard.reload(configOf());
    client.ask(2, [...SAID, agent('Sure.'), caller('on tuesday')]);
    (await model.request(1)).end('On Tuesday.');
    expect(await client.reply(2)).toBe('On Tuesday.');
    expect(model.connections()).toBe(1);
    client.socket.close(1000);
    await record(callId);
    await expect.poll(() => model.connections()).toBe(0);
  });

  it('writes down under which config a call was served', async () => {
    const { guard, call, record } = await guardUnderTest();
    const ids = [newCallId(), newCallId()];
    const old = await call(ids[0]);
    guard.reload(configOf({ prior: 0.2 }));
    const fresh = await call(ids[1]);
    old.socket.close(1000);
    fresh.socket.close(1000);
    const [before, after] = await Promise.all(ids.map((id) => record(id)));
    expect(before?.versions.config).not.toBe(after?.versions.config);
    expect(before?.versions.code).toBe(after?.versions.code);
  });
});
