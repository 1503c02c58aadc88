import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { agent, caller } from './retell-client.ts';

const HELLO = 'Hello, how can I help you?';

/** Section 1.3 of the wire, points 3 and 4: the begin message. */
describe('the begin message', () => {
  it('is held until call_details came, then goes out whole under response_id 0', async () => {
    const { connect, clock } = await guardUnderTest();
    const client = await connect();
    await clock.pass(1_000);
    client.update([]);
    await client.settled();
    expect(client.of('response')).toEqual([]);
    client.details();
    await client.reply(0);
    expect(client.of('response')).toEqual([
      { response_type: 'response', response_id: 0, content: HELLO, content_complete: true },
    ]);
  });

  it('goes out without call_details once their deadline has passed, and not again when they come late', async () => {
    const { connect, clock, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await connect(callId);
    await client.settled();
    await clock.pass(1_499);
    expect(client.of('response')).toEqual([]);
    await clock.pass(1);
    expect(await client.reply(0)).toBe(HELLO);
    client.details();
    await client.settled();
    await clock.pass(2_000);
    expect(client.of('response')).toHaveLength(1);
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({ callerNumber: '+12137771234', direction: 'inbound' });
  });

  it("is the agent's own where one is set", async () => {
    const { call } = await guardUnderTest({ agents: { default: { begin_message: 'Dental office, good day!' } } });
    const client = await call();
    expect(client.said(0)).toBe('Dental office, good day!');
  });

  it('that is empty is sent as empty and complete: the caller speaks first', async () => {
    const { call } = await guardUnderTest({ agents: { default: { begin_message: '' } } });
    const client = await call();
    expect(client.of('response')).toEqual([
      { response_type: 'response', response_id: 0, content: '', content_complete: true },
    ]);
    client.ask(1, [caller('hello i need an appointment please')]);
    expect(await client.reply(1)).not.toBe('');
  });

  it('is not said any more when the platform already asks for an answer', async () => {
    const { connect, clock } = await guardUnderTest();
    const client = await connect();
    client.ask(1, [caller('hello')]);
    await client.reply(1);
    client.details();
    await client.settled();
    await clock.pass(5_000);
    expect(client.responses(0)).toEqual([]);
  });

  it('goes out once when call_details come twice', async () => {
    const { call, clock } = await guardUnderTest();
    const client = await call();
    client.details();
    await client.settled();
    await clock.pass(2_000);
    expect(client.responses(0)).toHaveLength(1);
  });

  it('goes out although the history of the number does not come: it waits for that only for its deadline', async () => {
    const { connect, clock } = await guardUnderTest(
      {},
      { wrap: (records) => ({ ...records, history: () => new Promise(() => {}) }) },
    );
    const client = await connect();
    client.details();
    await client.settled();
    expect(client.of('response')).toEqual([]);
    await clock.pass(300);
    expect(await client.reply(0)).toBe(HELLO);
    client.ask(1, [agent(HELLO), caller('hi')]);
    await client.reply(1);
  });

  it.each([true, false])(
    'waits for the word of a slow store whether it was said before (%s), even past the deadline',
    async (greeted) => {
      let answer = (_known: { greeted: boolean }): void => {};
      const { connect, clock } = await guardUnderTest(
        { latency: { details_ms: 0 } },
        {
          wrap: (records) => ({
            ...records,
            resume: () =>
              new Promise((resolve) => {
                answer = resolve;
              }),
          }),
        },
      );
      const client = await connect();
      await client.until(() => client.frames.length > 0);
      await clock.pass(200);
      answer({ greeted });
      await client.settled();
      expect(client.responses(0)).toHaveLength(greeted ? 0 : 1);
    },
  );

  it('goes out although the store fails altogether, and the record tells', async () => {
    const down = () => Promise.reject(new Error('store is down'));
    const { connect, record } = await guardUnderTest(
      {},
      { wrap: (records) => ({ ...records, resume: down, history: down, ready: down }) },
    );
    const callId = newCallId();
    const client = await connect(callId);
    client.details();
    expect(await client.reply(0)).toBe(HELLO);
    client.socket.close(1000);
    expect((await record(callId)).faults).toEqual([
      'the store could not say whether the call is known',
      'the history of the number could not be read',
    ]);
  });

  it('is not said a second time by another process: the store knows', async () => {
    const first = await guardUnderTest();
    const callId = newCallId();
    await first.call(callId);
    const second = await guardUnderTest({ latency: { details_ms: 0 } }, { wrap: () => first.records });
    const client = await second.connect(callId);
    await client.settled();
    await second.clock.pass(3_000);
    client.details();
    await client.settled();
    await second.clock.pass(3_000);
    expect(client.of('response')).toEqual([]);
  });
});

describe('a known-bad number is met before the first word', () => {
  it.each([
    ['blocked', { lists: { block: [{ number: '+12137771234', reason: 'test' }] } }, '+12137771234', 'blocked_number'],
    [
      'blocked by prefix',
      { lists: { block: [{ number: '+1900*', reason: 'test' }] } },
      '+19005551234',
      'blocked_number',
    ],
    ['of a sanctioned country', {}, '+963911234567', 'sanctioned_country'],
  ])('%s: hung up on instead of greeted', async (_what, config, from_number, category) => {
    const { connect, record } = await guardUnderTest(config);
    const callId = newCallId();
    const client = await connect(callId);
    client.details({ from_number });
    await client.until(() => client.frames.length > 1);
    await client.settled();
    const spoken = client.frames.filter(
      (one) => one.response_type === 'response' || one.response_type === 'agent_interrupt',
    );
    expect(spoken).toHaveLength(1);
    expect(spoken[0]).toMatchObject({ end_call: true, no_interruption_allowed: true, content_complete: true });
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({
      outcome: 'hung_up',
      category,
      decided: true,
      sent: true,
      confirmed: true,
      turns: 0,
    });
  });

  it('that comes too late for the greeting is hung up on even so', async () => {
    const { connect, clock } = await guardUnderTest({ lists: { block: [{ number: '+12137771234', reason: 'test' }] } });
    const client = await connect();
    await client.settled();
    await clock.pass(1_500);
    await client.reply(0);
    client.details();
    await client.until(() => client.of('agent_interrupt').some((one) => one.end_call === true));
  });

  it('in shadow mode is served, and the record says what would have been done', async () => {
    const { call, record } = await guardUnderTest({
      mode: 'shadow',
      lists: { block: [{ number: '+12137771234', reason: 'test' }] },
    });
    const callId = newCallId();
    const client = await call(callId);
    client.ask(1, [agent(HELLO), caller('hello')]);
    await client.reply(1);
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({ decision: 'would_hang_up', outcome: 'caller_left', sent: false });
  });
});
