import { describe, expect, it } from 'vitest';
import type { Policy } from '../../src/guard/policy.ts';
import { startCall } from '../../src/guard/state.ts';
import { createStep } from '../../src/guard/step.ts';
import type { CallEvent, Effect, PlatformEvent, RunnerEvent } from '../../src/guard/types.ts';
import { Bench, facts, testPolicy, timed } from './call-kit.ts';

/** A call whose replies are given by the test itself. */
function call(policy: Policy = testPolicy()) {
  const step = createStep(policy);
  let state = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  let at = 0;
  const effects: Effect[] = [];
  const feed = (...events: (PlatformEvent | RunnerEvent)[]): readonly Effect[] => {
    const from = effects.length;
    for (const event of events) {
      at += 100;
      const stepped = step(state, { ...event, at } as CallEvent);
      state = stepped.state;
      effects.push(...stepped.effects);
    }
    return effects.slice(from);
  };
  const ring = (timer: string): readonly Effect[] => {
    const wake = effects.findLast((effect) => effect.type === 'wake' && effect.timer === timer);
    return feed({ type: 'woke', timer, token: wake?.type === 'wake' ? wake.token : -1 });
  };
  return { feed, ring, effects, state: () => state };
}

const opened: PlatformEvent = { type: 'call-opened', facts: facts() };
const asks = (turn: number): PlatformEvent => ({ type: 'turn-requested', turn, kind: 'reply' });
const says = (effects: readonly Effect[]) => effects.filter((effect) => effect.type === 'say');

describe('the first words', () => {
  it('are said once the call is known', () => {
    const { feed } = call();
    expect(says(feed(opened))).toMatchObject([{ purpose: 'greeting', turn: 0, text: 'Hello, how can I help you?' }]);
    expect(says(feed(opened))).toEqual([]);
  });

  it('wait for the look-up of the number, but not for long', () => {
    const policy = testPolicy();
    const { feed, ring, state } = call(policy);
    const first = feed({ type: 'call-opened', facts: facts({ callerNumber: '+12125550123' }) });
    expect(first).toContainEqual({ type: 'look-up', number: '+12125550123' });
    expect(first).toContainEqual(expect.objectContaining({ type: 'wake', timer: 'look-up', afterMs: policy.lookUpMs }));
    expect(says(first)).toEqual([]);
    expect(says(ring('look-up'))).toMatchObject([{ purpose: 'greeting' }]);
    expect(says(feed({ type: 'looked-up', now: 0, history: null }))).toEqual([]);
    expect(state().faults).toEqual(['the look-up of the number took too long']);
  });

  it('are not said again to a caller who was greeted before, or where somebody has spoken', () => {
    const resumed = call();
    resumed.feed({ type: 'resumed', resumed: { greeted: true } });
    expect(says(resumed.feed(opened))).toEqual([]);
    const late = call();
    late.feed({ type: 'caller-said', index: 0, text: 'hello', words: [] });
    expect(says(late.feed(opened))).toEqual([]);
  });
});

describe('a turn', () => {
  it('is answered by the responder', () => {
    const { feed } = call();
    feed(opened);
    expect(feed(asks(1))).toContainEqual({ type: 'reply', turn: 1, kind: 'reply' });
  });

  it('asked for twice is answered once', () => {
    const { feed } = call();
    feed(opened, asks(1));
    expect(feed(asks(1))).toEqual([]);
    feed({ type: 'reply-started', turn: 1 }, { type: 'replied', turn: 1, result: 'completed' });
    expect(feed(asks(1))).toEqual([]);
  });

  it('that is superseded is cancelled', () => {
    const { feed } = call();
    feed(opened, asks(1));
    expect(feed(asks(2)).filter(({ type }) => type !== 'wake')).toEqual([
      { type: 'cancel-reply', turn: 1 },
      { type: 'reply', turn: 2, kind: 'reply' },
    ]);
    // What comes of the old one late is nothing.
    expect(feed({ type: 'replied', turn: 1, result: 'failed', error: 'late' })).toEqual([]);
  });

  it('older than the newest is not answered', () => {
    const { feed } = call();
    feed(opened, asks(3));
    expect(feed(asks(2))).toEqual([]);
  });

  it('without a first piece in time gets a sentence, and the late reply is cancelled', () => {
    const policy = testPolicy();
    const { feed, ring, effects } = call(policy);
    feed(opened, asks(1));
    const wake = effects.findLast((effect) => effect.type === 'wake');
    expect(wake).toMatchObject({ timer: 'reply', afterMs: policy.fallbackMs });
    expect(ring('reply')).toMatchObject([
      { type: 'cancel-reply', turn: 1 },
      { type: 'say', purpose: 'fallback', turn: 1, done: true, text: expect.stringMatching(/Sorry/) },
    ]);
    expect(feed({ type: 'replied', turn: 1, result: 'cancelled' })).toEqual([]);
  });

  it('whose reply has begun is left to finish', () => {
    const { feed, ring } = call();
    feed(opened, asks(1), { type: 'reply-started', turn: 1 });
    expect(ring('reply')).toEqual([]);
  });

  it('whose reply fails gets a sentence in the language of the caller', () => {
    const { feed } = call();
    feed(opened, {
      type: 'caller-said',
      index: 0,
      text: 'hola quiero una cita para mi hija por favor',
      words: timed('hola quiero una cita para mi hija por favor', 500),
    });
    feed(asks(1));
    expect(says(feed({ type: 'replied', turn: 1, result: 'failed', error: 'model gone' }))).toMatchObject([
      { purpose: 'fallback', turn: 1, done: true, text: expect.stringMatching(/Disculpe/) },
    ]);
  });

  it('whose reply fails in the middle of a sentence is completed with the fallback sentence', () => {
    const { feed, state } = call();
    feed(opened, asks(1), { type: 'reply-started', turn: 1 });
    expect(says(feed({ type: 'replied', turn: 1, result: 'failed', error: 'cut' }))).toMatchObject([
      { turn: 1, done: true, purpose: 'fallback', text: expect.stringMatching(/\w/) },
    ]);
    expect(state().faults).toEqual(['reply: cut']);
  });
});

describe('how a call ended', () => {
  const closed: RunnerEvent = { type: 'socket-closed', how: 'platform', code: 1000 };
  const outcome = (...events: (PlatformEvent | RunnerEvent)[]) =>
    call()
      .feed(opened, ...events, closed)
      .find((effect) => effect.type === 'finish');

  it.each<[string, (PlatformEvent | RunnerEvent)[]]>([
    ['caller_left', []],
    ['transferred', [{ type: 'transferred' }]],
    ['completed', [asks(1), { type: 'replied', turn: 1, result: 'completed', ended: true }]],
  ])('%s', (expected, events) => {
    expect(outcome(...events)).toEqual({ type: 'finish', outcome: expected });
  });

  it('is said once', () => {
    const { feed } = call();
    feed(opened, closed);
    expect(feed(closed, { type: 'call-closed', why: 'platform' })).toEqual([]);
  });
});

describe('after the socket came back', () => {
  it('the turn is asked for again and answered', () => {
    const { feed } = call();
    feed(opened, asks(1), { type: 'socket-closed', how: 'lost', code: 1006 }, { type: 'socket-back' });
    expect(feed(asks(1))).toContainEqual({ type: 'reply', turn: 1, kind: 'reply' });
  });

  it('its being gone matters no more', () => {
    const { feed, ring } = call();
    feed(opened, { type: 'socket-closed', how: 'lost', code: 1006 }, { type: 'socket-back' });
    expect(ring('gone')).toEqual([]);
  });
});

describe('reminders', () => {
  const set = (bench: Bench) => bench.of('set-reminders').map(({ maxCount }) => maxCount);
  const { silence, ownReminders } = testPolicy();

  it("are the guard's own while it listens for silence, and given back to a caller who is known to be one", () => {
    const bench = new Bench().open();
    expect(set(bench)).toEqual([silence.maxCount]);
    for (const line of [
      'i would like to move my appointment',
      'my name is carla jones',
      'tuesday is fine for me i think',
    ]) {
      bench.agent('And what would suit you?').caller(line);
    }
    expect(set(bench)).toEqual([silence.maxCount, ownReminders.maxCount]);
  });

  it('are taken again when doubt comes up', () => {
    const bench = new Bench().open();
    for (const line of [
      'i would like to move my appointment',
      'my name is carla jones',
      'tuesday is fine for me i think',
    ]) {
      bench.agent('And what would suit you?').caller(line);
    }
    for (let i = 0; i < 4; i++) {
      bench.agent('Sorry?').caller('press one now to speak with our representative your account has been suspended', {
        gapMs: -900,
      });
    }
    expect(set(bench).at(-1)).toBe(silence.maxCount);
  });

  it('are left alone when the guard does not act', () => {
    expect(set(new Bench(testPolicy({ mode: 'shadow' })).open())).toEqual([]);
    expect(set(new Bench(testPolicy({ mode: 'off' })).open())).toEqual([]);
  });

  it('move the time of the call on', () => {
    const bench = new Bench().open().agent('Hello, how can I help you?');
    const before = bench.state.callMs;
    bench.ask('reminder');
    expect(bench.state.callMs).toBe(before + silence.triggerMs);
  });
});
