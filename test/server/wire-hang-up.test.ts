import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { agent, caller, type RetellClient, type Spoken } from './retell-client.ts';
import type { FrameOf } from './retell-schema.ts';

const HELLO = agent('Hello, how can I help you?');
const CLOSING = 'If you are there, please say anything or press a key.';
const TAPE =
  'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists press one now';
const MORE =
  'this is the final notice press one to speak with a representative or press nine to be removed from our list';

const isHangUp = (one: object): one is FrameOf<'response'> | FrameOf<'agent_interrupt'> =>
  'end_call' in one && one.end_call === true;
const hangUps = (client: RetellClient) => client.frames.filter(isHangUp);

/** Plays a tape until the closing sentence has been said, by cutting in: the caller is still speaking. */
async function untilClosing(client: RetellClient): Promise<Spoken[]> {
  const said = [HELLO, caller(TAPE)];
  client.update(said);
  await client.until(() => client.of('agent_interrupt').some((one) => one.content === CLOSING), 'the closing sentence');
  return [...said, agent(CLOSING)];
}

/** The tape goes on through the closing sentence; the platform has asked for turn 2 meanwhile, or has not. */
async function untilHangUp(client: RetellClient, pending: boolean): Promise<Spoken[]> {
  const said = await untilClosing(client);
  if (pending) client.ask(2, said);
  const more = [...said, caller(MORE)];
  client.update(more);
  await client.until(() => hangUps(client).length > 0, 'a hang-up');
  expect(hangUps(client)).toHaveLength(1);
  return more;
}

/** Section 1.6 of the wire: hanging up. */
describe('a hang-up', () => {
  it('under a pending id is a response that ends the call and cannot be interrupted', async () => {
    const { call, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    await untilHangUp(client, true);
    expect(hangUps(client)).toEqual([
      {
        response_type: 'response',
        response_id: 2,
        content: 'Goodbye.',
        content_complete: true,
        no_interruption_allowed: true,
        end_call: true,
      },
    ]);
    client.socket.close(1000);
    expect(await record(callId)).toMatchObject({
      outcome: 'hung_up',
      decision: 'hang_up',
      category: 'robocall_menu',
      decided: true,
      sent: true,
      confirmed: true,
    });
  });

  it('without a pending id cuts in, with a word to speak', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    await untilHangUp(client, false);
    expect(hangUps(client)[0]).toEqual({
      response_type: 'agent_interrupt',
      interrupt_id: 2,
      content: 'Goodbye.',
      content_complete: true,
      no_interruption_allowed: true,
      end_call: true,
    });
  });

  it('that the platform does not follow is repeated by the next means: cut in, close 1000, stop-call', async () => {
    const stopped: string[] = [];
    const { call, clock, record } = await guardUnderTest(
      {},
      {
        stopCall: async (callId) => {
          stopped.push(callId);
          return true;
        },
      },
    );
    const callId = newCallId();
    const client = await call(callId);
    const said = await untilHangUp(client, true);
    client.update([...said, agent('Goodbye.'), caller('press one')]);
    await client.settled();
    await clock.pass(4_500);
    await client.until(() => hangUps(client).length === 2);
    expect(hangUps(client).map((one) => one.response_type)).toEqual(['response', 'agent_interrupt']);
    expect(client.closeCode).toBeNull();
    client.socket.pause();
    await clock.pass(4_500);
    expect(stopped).toEqual([]);
    await clock.pass(3_000);
    expect(stopped).toEqual([callId]);
    client.socket.resume();
    expect(await client.closed).toBe(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'hung_up', confirmed: true });
  });

  it('is said again for every turn that the platform still asks for, and no reply any more', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    const said = await untilHangUp(client, true);
    for (const id of [3, 4]) {
      client.ask(id, [...said, caller(`${MORE} hello wait i am a person ${id}`)]);
      await client.until(() => hangUps(client).length === id - 1);
      expect(client.responses(id)).toMatchObject([
        { end_call: true, no_interruption_allowed: true, content_complete: true },
      ]);
    }
    client.remind(5, said);
    await client.until(() => hangUps(client).length === 4);
    expect(client.responses(5)).toHaveLength(1);
  });

  it('holds when the socket drops and comes back: said again under a fresh interrupt_id, no greeting, no reply', async () => {
    const { call, connect, record } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    await untilHangUp(first, false);
    first.socket.terminate();
    await first.closed;

    const second = await connect(callId);
    await second.until(() => hangUps(second).length > 0);
    second.details();
    second.ask(2, [HELLO, caller(TAPE), agent(CLOSING), caller(MORE)]);
    await second.until(() => second.responses(2).length > 0);
    expect(second.responses(0)).toEqual([]);
    expect(second.responses(2)).toMatchObject([{ end_call: true }]);
    const ids = [first, second].flatMap((one) => one.of('agent_interrupt').map((frame) => frame.interrupt_id));
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(3);
    second.socket.close(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'hung_up', reconnects: 1 });
  });

  it('that could not be written down is not sent, and the caller is served', async () => {
    const { call, record } = await guardUnderTest(
      {},
      {
        wrap: (records) => ({
          ...records,
          append: (line, durable) => {
            if (line.type === 'decided') throw new Error('disk full');
            records.append(line, durable);
          },
        }),
      },
    );
    const callId = newCallId();
    const client = await call(callId);
    const said = await untilClosing(client);
    client.ask(2, [...said, caller(MORE)]);
    expect(await client.reply(2)).not.toBe('');
    expect(hangUps(client)).toEqual([]);
    client.socket.close(1000);
    const written = await record(callId);
    expect(written).toMatchObject({ outcome: 'caller_left', decision: 'none', decided: false, sent: false });
    expect(written.faults).toContain('the decision could not be written to disk: no hang-up');
  });

  it('never happens by close code otherwise: a call that is served for minutes is not closed by the guard', async () => {
    const { call, clock } = await guardUnderTest();
    const client = await call();
    const said = [HELLO];
    for (let turn = 1; turn <= 8; turn++) {
      said.push(caller(`i have another question about my order number ${turn} please`));
      client.ask(turn, said);
      said.push(agent(await client.reply(turn)));
      await clock.pass(30_000);
    }
    await client.settled();
    expect(client.closeCode).toBeNull();
    expect(hangUps(client)).toEqual([]);
  });
});

describe('cutting in', () => {
  it('uses a new interrupt_id for every interruption, on every socket', async () => {
    const { connect, clock } = await guardUnderTest({ lists: { block: [{ number: '+12137771234', reason: 'test' }] } });
    const callId = newCallId();
    const first = await connect(callId);
    first.details();
    await first.until(() => hangUps(first).length === 1);
    await clock.pass(4_500);
    await first.until(() => hangUps(first).length === 2);
    first.socket.terminate();
    await first.closed;
    const second = await connect(callId);
    await second.until(() => hangUps(second).length === 1);
    const ids = [first, second].flatMap((one) => one.of('agent_interrupt').map((frame) => frame.interrupt_id));
    expect(ids).toHaveLength(3);
    expect(ids.slice(0, 2)).toEqual([1, 2]);
    expect(new Set(ids).size).toBe(3);
  });
});
