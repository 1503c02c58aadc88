import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Seen, Signal } from '../../src/guard/signal.ts';
import { SIGNALS } from '../../src/guard/signals/index.ts';
import { Setup } from '../../src/server/setup.ts';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { modelServer } from './model-server.ts';
import { agent, caller, type RetellClient } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');
const FAILED = 'the guard failed in this call: it goes on without';
const TAPE =
  'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists press one now';

/** Puts a bug into a signal: it throws at what it is shown. */
function breakSignal(name: string, when: (seen: Seen) => boolean): void {
  const signal = SIGNALS.find((one) => one.name === name) as Signal;
  const { observe } = signal;
  vi.spyOn(signal, 'observe').mockImplementation((slot, seen, before, view) => {
    if (when(seen)) throw new TypeError('a bug');
    return observe(slot, seen, before, view);
  });
}
afterEach(() => {
  vi.restoreAllMocks();
});

const isHangUp = (one: object): boolean => 'end_call' in one && one.end_call === true;
const hangUps = (client: RetellClient) => client.frames.filter(isHangUp);

describe('a bug in a signal', () => {
  it.each([
    ['as the call opens', 'number-facts', (seen: Seen) => seen.type === 'opened'],
    ['as the history of the number comes', 'number-history', (seen: Seen) => seen.type === 'history'],
    ['at the first words', 'robocall-wording', (seen: Seen) => seen.type === 'said'],
    ['at every event', 'silence', () => true],
  ])(
    '%s: the caller is greeted and answered, nobody is hung up on, and record, log and counter say so',
    async (_when, name, when) => {
      breakSignal(name, when);
      const { call, record, logs, total } = await guardUnderTest();
      const callId = newCallId();
      const client = await call(callId);
      expect(client.said(0)).toBe('Hello, how can I help you?');
      const said = [HELLO];
      for (let turn = 1; turn <= 5; turn++) {
        said.push(caller(TAPE));
        client.ask(turn, said);
        said.push(agent(await client.reply(turn)));
      }
      client.remind(6, said);
      expect(await client.reply(6)).not.toBe('');
      expect(client.responses(0)).toHaveLength(1);
      expect(hangUps(client)).toEqual([]);
      // Reminders that the guard had set are given back.
      expect(client.of('update_agent').at(-1)?.agent_config.reminder_trigger_ms ?? 10_000).toBe(10_000);
      client.socket.close(1000);
      expect(await record(callId)).toMatchObject({ outcome: 'caller_left', decision: 'none', faults: [FAILED] });
      expect(logs()).toContainEqual(expect.objectContaining({ callId, msg: FAILED }));
      expect(await total('hangup_guard_faults_total')).toBe(1);
    },
  );

  it('does not touch the calls in which it does not show', async () => {
    breakSignal('robocall-wording', (seen) => seen.type === 'said' && seen.said.text.includes('zebra'));
    const { call, record } = await guardUnderTest();
    const ids = [newCallId(), newCallId()] as const;
    const broken = await call(ids[0]);
    const sound = await call(ids[1]);
    broken.ask(1, [HELLO, caller('i lost my zebra')]);
    await broken.reply(1);
    sound.update([HELLO, caller(TAPE)]);
    await sound.until(() => sound.of('agent_interrupt').length === 1);
    broken.socket.close(1000);
    sound.socket.close(1000);
    expect((await record(ids[0])).faults).toEqual([FAILED]);
    const { faults, rungs } = await record(ids[1]);
    expect(faults).toEqual([]);
    expect(rungs.map((one) => one.to)).toContain('closing');
  });

  it('while a question is out: the turn that waited is answered', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    client.update([HELLO, caller(TAPE)]);
    await client.until(() => client.of('agent_interrupt').length === 1);
    breakSignal('robocall-wording', (seen) => seen.type === 'said');
    client.ask(1, [HELLO, caller(`${TAPE} and again`)]);
    expect(await client.reply(1)).not.toBe('');
    expect(hangUps(client)).toEqual([]);
  });

  it('after the hang-up was decided does not undo it', async () => {
    const { connect, call, record, clock } = await guardUnderTest({
      lists: { block: [{ number: '+12137771234', reason: 'test' }] },
    });
    const callId = newCallId();
    const client = await connect(callId);
    client.details();
    await client.until(() => hangUps(client).length === 1);
    breakSignal('robocall-wording', (seen) => seen.type === 'said');
    client.ask(1, [HELLO, caller('hello')]);
    await client.until(() => client.responses(1).length > 0);
    expect(client.responses(1)).toMatchObject([{ end_call: true, no_interruption_allowed: true }]);
    await clock.pass(9_000);
    expect(await client.closed).toBe(1000);
    const written = await record(callId);
    expect(written).toMatchObject({ outcome: 'hung_up', decided: true, sent: true, faults: [FAILED] });
    const other = await call(newCallId(), { from_number: '+12137779999' });
    other.ask(1, [HELLO, caller('hello')]);
    expect(await other.reply(1)).not.toBe('');
  });

  it('a slow model is still covered by the fallback sentence, and superseded answers are still cancelled', async () => {
    breakSignal('robocall-wording', (seen) => seen.type === 'said');
    const model = await modelServer();
    const { call, clock } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, [HELLO, caller('hi there')]);
    const first = await model.request(0);
    await clock.pass(3_500);
    expect(await client.reply(1)).toMatch(/^Sorry/);
    await client.until(() => first.cancelled());
    client.ask(2, [HELLO, caller('hi there you')]);
    const second = await model.request(1);
    client.ask(3, [HELLO, caller('hi there you again')]);
    await client.until(() => second.cancelled());
    (await model.request(2)).end('Here I am.');
    expect(await client.reply(3)).toBe('Here I am.');
    expect(client.said(2)).toBe('');
    client.ask(2, [HELLO, caller('late')]);
    await client.settled();
    expect(client.said(2)).toBe('');
  });

  it('a call whose guard failed survives a reconnect, and ends when nobody comes back', async () => {
    breakSignal('robocall-wording', (seen) => seen.type === 'said');
    const { call, connect, clock, record, guard } = await guardUnderTest();
    const callId = newCallId();
    const first = await call(callId);
    first.ask(1, [HELLO, caller('hi there')]);
    await first.reply(1);
    first.socket.terminate();
    await first.closed;
    await clock.pass(10_000);
    const second = await connect(callId);
    await clock.pass(60_000);
    second.ask(2, [HELLO, caller('hi there'), agent('Yes?'), caller('it is me')]);
    expect(await second.reply(2)).not.toBe('');
    expect(second.responses(0)).toEqual([]);
    second.socket.terminate();
    await second.closed;
    await clock.pass(31_000);
    expect(await record(callId)).toMatchObject({ outcome: 'caller_left', reconnects: 1, faults: [FAILED] });
    expect(guard.live()).toBe(0);
  });
});

describe("other failures of the guard's own", () => {
  it('a spool that cannot be written: the call is served, and the log says so', async () => {
    const { call, logs } = await guardUnderTest(
      {},
      {
        wrap: (records) => ({
          ...records,
          append: () => {
            throw new Error('disk full');
          },
        }),
      },
    );
    const client = await call();
    client.ask(1, [HELLO, caller('hello')]);
    expect(await client.reply(1)).not.toBe('');
    client.socket.close(1000);
    await expect.poll(() => logs().some((line) => line.msg === 'call ended')).toBe(true);
    expect(logs()).toContainEqual(expect.objectContaining({ msg: 'the spool could not be written' }));
  });

  it.each([
    [
      'throws when it is opened',
      () => {
        throw new Error('a bug');
      },
    ],
    [
      'throws when it is asked',
      () => ({
        answer: () => {
          throw new Error('a bug');
        },
        close() {},
      }),
    ],
  ])('a responder that %s: every turn gets the fallback sentence, and the process lives', async (_what, open) => {
    vi.spyOn(Setup.prototype, 'responder').mockReturnValue({ kind: 'turns', name: 'broken', open, close() {} });
    const { call, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    for (const turn of [1, 2]) {
      client.ask(turn, [HELLO, caller(`hello ${turn}`)]);
      expect(await client.reply(turn)).toMatch(/^Sorry/);
    }
    client.socket.close(1000);
    expect((await record(callId)).faults.length).toBeGreaterThan(0);
  });

  it('a call that cannot be set up is dropped abnormally, the others go on', async () => {
    const { call, connect, guard, logs } = await guardUnderTest();
    const other = await call();
    vi.spyOn(Setup.prototype, 'policy').mockImplementation(() => {
      throw new Error('a bug');
    });
    const client = await connect();
    expect(await client.closed).toBe(1006);
    expect(logs()).toContainEqual(expect.objectContaining({ msg: 'the call could not be taken' }));
    expect(guard.live()).toBe(1);
    other.ask(1, [HELLO, caller('hello')]);
    expect(await other.reply(1)).not.toBe('');
  });
});
