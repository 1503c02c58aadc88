import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { agent, caller, INBOUND } from './retell-client.ts';

const HELLO = 'Hello, how can I help you?';
const APPOINTMENT = caller('hi i would like to move my appointment to next tuesday');

/** Sections 1.1 and 1.2 of the wire: connecting, keep-alive, close codes, reconnects. */
describe('connecting', () => {
  it('sends config first, before anything came, and asks for keep-alives, call details and the tool transcript', async () => {
    const { connect } = await guardUnderTest();
    const client = await connect();
    await client.until(() => client.frames.length > 0);
    expect(client.frames).toEqual([
      {
        response_type: 'config',
        config: { auto_reconnect: true, call_details: true, transcript_with_tool_calls: true },
      },
    ]);
  });

  it('takes the call id as last path segment behind agent and query, and with a trailing slash', async () => {
    const { connect, record } = await guardUnderTest(
      { agents: { dental: {} } },
      { secrets: { guardKey: 'k'.repeat(20) } },
    );
    const inQuery = await connect('', `/llm-websocket/dental/q_1?key=${'k'.repeat(20)}&tenant=7`);
    const inPath = await connect('', `/llm-websocket/dental/${'k'.repeat(20)}/p_1/`);
    for (const client of [inQuery, inPath]) {
      client.details();
      await client.reply(0);
      client.socket.close(1000);
      await client.closed;
    }
    expect(await record('q_1')).toMatchObject({ agent: 'dental', callId: 'q_1' });
    expect(await record('p_1')).toMatchObject({ agent: 'dental', callId: 'p_1' });
  });

  it('compresses nothing, even when the peer offers it', async () => {
    const { connect } = await guardUnderTest();
    const client = await connect();
    expect(client.socket.extensions).toBe('');
  });
});

describe('keep-alive', () => {
  it('gives every ping back at once with its timestamp, before, between and during answers', async () => {
    const { connect } = await guardUnderTest();
    const client = await connect();
    client.send({ interaction_type: 'ping_pong', timestamp: 1_703_302_407_333 });
    await client.until(() => client.of('ping_pong').length === 1);
    client.details();
    client.send({ interaction_type: 'ping_pong', timestamp: 2 });
    client.ask(1, [agent(HELLO), APPOINTMENT]);
    client.send({ interaction_type: 'ping_pong', timestamp: 3 });
    await client.reply(1);
    await client.until(() => client.of('ping_pong').length === 3);
    expect(client.of('ping_pong').map((one) => one.timestamp)).toEqual([1_703_302_407_333, 2, 3]);
  });

  it('refuses a ping whose timestamp is no number, and goes on', async () => {
    const { call, refused } = await guardUnderTest();
    const client = await call();
    for (const timestamp of ['1', null, undefined, {}]) client.send({ interaction_type: 'ping_pong', timestamp });
    client.send('{"interaction_type":"ping_pong","timestamp":1e999}');
    await client.settled();
    expect(client.of('ping_pong')).toHaveLength(1);
    expect(await refused('frame', 'wrong-types')).toBe(5);
  });
});

describe('a close by the platform', () => {
  it.each([1000, 1001, undefined])('with code %s ends the call, and its record is written', async (code) => {
    const { call, record, guard } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    client.ask(1, [agent(HELLO), APPOINTMENT]);
    await client.reply(1);
    client.socket.close(code);
    await client.closed;
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left', decision: 'none', turns: 1, reconnects: 0 });
    expect(guard.live()).toBe(0);
  });

  it('in the middle of an answer ends the call too', async () => {
    const { connect, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await connect(callId);
    client.details();
    client.ask(1, [agent(HELLO), APPOINTMENT]);
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left' });
  });

  it('before anything was said leaves a record as well', async () => {
    const { connect, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await connect(callId);
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left', turns: 0 });
  });
});

describe('an abnormal drop', () => {
  it('leaves the call open; the next socket gets config again, no second greeting, and the call as it was', async () => {
    const { call, connect, clock, record, guard } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    const said = [agent(HELLO), APPOINTMENT];
    first.ask(1, said);
    const answer = await first.reply(1);
    await clock.pass(4_000);
    first.socket.terminate();
    await first.closed;
    await clock.pass(3_000);
    expect(guard.live()).toBe(1);

    const second = await connect(callId);
    await second.until(() => second.frames.length > 0);
    expect(second.frames[0]).toMatchObject({ response_type: 'config' });
    second.details();
    const more = [...said, agent(answer), caller('tuesday at three would be best')];
    second.ask(2, more);
    expect(await second.reply(2)).not.toBe('');
    await clock.pass(5_000);
    expect(second.responses(0)).toEqual([]);
    // The guard's reminders belong to the connection: they are asked for again.
    expect(second.of('update_agent')).toHaveLength(1);

    await clock.pass(60_000);
    expect(guard.live()).toBe(1);
    second.socket.close(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left', turns: 2, reconnects: 1 });
  });

  it('ends the call when nobody comes back within 30 s', async () => {
    const { call, clock, record, guard } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    client.socket.terminate();
    await client.closed;
    await clock.pass(29_000);
    expect(guard.live()).toBe(1);
    await clock.pass(2_000);
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left' });
    expect(guard.live()).toBe(0);
  });

  it('leaves an answer that was under way for the next request', async () => {
    const { call, connect } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    first.ask(1, [agent(HELLO), APPOINTMENT]);
    first.socket.terminate();
    await first.closed;
    const second = await connect(callId);
    // Whether the platform counts on or begins anew is not documented.
    second.ask(1, [agent(HELLO), APPOINTMENT]);
    expect(await second.reply(1)).not.toBe('');
  });
});

describe('a second socket of the same call', () => {
  it('takes over: the half-dead one is dropped without a close frame, and what it still sends counts for nothing', async () => {
    const { call, connect, guard, refused } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    const second = await connect(callId);
    expect(await first.closed).toBe(1006);
    second.ask(1, [agent(HELLO), APPOINTMENT]);
    expect(await second.reply(1)).not.toBe('');
    expect(first.said(1)).toBe('');
    expect(guard.live()).toBe(1);
    expect(second.closeCode).toBeNull();
    expect(await refused('upgrade', 'too-many-sockets')).toBe(0);
  });

  it('does not touch other calls', async () => {
    const { call, connect } = await guardUnderTest();
    const other = await call();
    const callId = newCallId();
    await call(callId);
    const second = await connect(callId);
    await second.settled();
    other.ask(1, [agent(HELLO), APPOINTMENT]);
    expect(await other.reply(1)).not.toBe('');
    expect(other.closeCode).toBeNull();
  });
});

describe('call details', () => {
  it('of a web call: no numbers, no direction', async () => {
    const { connect, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await connect(callId);
    client.send({
      interaction_type: 'call_details',
      call: { call_type: 'web_call', call_id: 'another', agent_id: 'a', call_status: 'registered' },
    });
    expect(await client.reply(0)).toBe(HELLO);
    client.socket.close(1000);
    const written = await record(callId);
    expect(written).toMatchObject({ direction: 'web', callId });
    expect(written).not.toHaveProperty('callerNumber');
    expect(written).not.toHaveProperty('lineNumber');
  });

  it('of a phone call: direction and numbers go into the record, of an outbound call the other way round', async () => {
    const { call, record } = await guardUnderTest();
    for (const direction of ['inbound', 'outbound']) {
      const callId = newCallId();
      const client = await call(callId, { direction });
      client.socket.close(1000);
      const [callerNumber, lineNumber] =
        direction === 'inbound' ? [INBOUND.from_number, INBOUND.to_number] : [INBOUND.to_number, INBOUND.from_number];
      expect(await record(callId)).toMatchObject({ direction, callerNumber, lineNumber });
    }
  });

  it('with the wish not to store sensitive data: neither quotes nor events are kept', async () => {
    const { call, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId, { opt_out_sensitive_data_storage: true });
    client.ask(1, [agent(HELLO), caller('this is an automated message from the zebra warranty department')]);
    await client.settled();
    client.socket.close(1000);
    const written = await record(callId);
    expect(written.noText).toBe(true);
    expect(written).not.toHaveProperty('events');
    expect(JSON.stringify(written)).not.toContain('zebra');
  });
});
