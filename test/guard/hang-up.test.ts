import { describe, expect, it } from 'vitest';
import { numberList } from '../../src/guard/number-list.ts';
import type { Policy } from '../../src/guard/policy.ts';
import { reportOf } from '../../src/guard/report.ts';
import { startCall } from '../../src/guard/state.ts';
import { createStep } from '../../src/guard/step.ts';
import type { Effect, Latch, PlatformEvent, RunnerEvent } from '../../src/guard/types.ts';
import { Bench, facts, testPolicy } from './call-kit.ts';

const BLOCKED = '+12125550160';
const LATCH: Latch = {
  category: 'robocall_menu',
  points: 31,
  probability: 0.999,
  turn: 2,
  callMs: 9_000,
  reason: 'decided elsewhere',
};

const blocking = (changes: Partial<Policy> = {}): Policy =>
  testPolicy({ lists: { allow: numberList([]), block: numberList([BLOCKED]), protect: numberList([]) }, ...changes });

/** A call that is hung up on at once. */
const hungUp = (changes: Partial<Policy> = {}): Bench => new Bench(blocking(changes)).open({ callerNumber: BLOCKED });

const attempts = (bench: Bench) => bench.of('hang-up').map(({ attempt }) => attempt);

describe('a hang-up', () => {
  it('is written to disk before it is sent', () => {
    const bench = hungUp();
    const order = bench.effects.map(({ type }) => type);
    expect(order.indexOf('decide')).toBeLessThan(order.indexOf('hang-up'));
    expect(reportOf(bench.state)).toMatchObject({ decided: true, sent: true, confirmed: false, decision: 'hang_up' });
  });

  it('cuts in with a word to say where no turn is pending', () => {
    expect(hungUp().of('hang-up')).toEqual([{ type: 'hang-up', attempt: 1, turn: null, text: 'Goodbye.' }]);
  });

  it('takes the pending turn, and cancels the reply that runs', () => {
    const policy = blocking();
    const step = createStep(policy);
    const events: (PlatformEvent | RunnerEvent)[] = [
      { type: 'call-opened', facts: null },
      { type: 'turn-requested', turn: 1, kind: 'reply' },
      { type: 'call-opened', facts: facts({ callerNumber: BLOCKED }) },
      { type: 'recorded', ok: true },
    ];
    let state = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
    let last: readonly Effect[] = [];
    events.forEach((event, at) => {
      ({ state, effects: last } = step(state, { ...event, at }));
    });
    expect(last.slice(0, 2)).toEqual([
      { type: 'cancel-reply', turn: 1 },
      { type: 'hang-up', attempt: 1, turn: 1, text: 'Goodbye.' },
    ]);
  });

  it('goes from means to means while the platform does not close', () => {
    const bench = hungUp({ canStop: true });
    bench.wake('hang-up').wake('hang-up').wake('hang-up');
    expect(attempts(bench)).toEqual([1, 2, 3, 4]);
    expect(bench.of('hang-up').map(({ text }) => text !== '')).toEqual([true, true, false, false]);
    bench.wake('hang-up');
    expect(attempts(bench)).toEqual([1, 2, 3, 4]);
    expect(bench.state.faults).toContain('the platform did not confirm the hang-up');
  });

  it('stops at the closed socket where there is no API key', () => {
    const bench = hungUp({ canStop: false });
    bench.wake('hang-up').wake('hang-up').wake('hang-up');
    expect(attempts(bench)).toEqual([1, 2, 3]);
  });

  it('gives each means time: the goodbye has to be spoken', () => {
    const waits = hungUp()
      .wake('hang-up')
      .of('wake')
      .filter(({ timer }) => timer === 'hang-up')
      .map(({ afterMs }) => afterMs);
    for (const afterMs of waits) {
      expect(afterMs).toBeGreaterThanOrEqual(2_500);
      expect(afterMs).toBeLessThan(8_000);
    }
  });

  it('is sent again under a turn that the platform asks for, without another goodbye', () => {
    const bench = hungUp();
    bench.ask();
    expect(bench.of('hang-up').at(-1)).toEqual({ type: 'hang-up', attempt: 1, turn: 1, text: '' });
    expect(bench.of('reply')).toEqual([]);
    bench.feed({ type: 'turn-requested', turn: 1, kind: 'reply' });
    expect(bench.of('hang-up')).toHaveLength(2);
  });

  it('to a platform that asks on and on closes the socket', () => {
    const bench = hungUp();
    for (let i = 0; i < 6; i++) bench.ask();
    expect(attempts(bench).slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(attempts(bench).at(-1)).toBe(3);
  });

  it('is decided once, whatever the caller says or presses afterwards', () => {
    const bench = hungUp();
    bench.caller("wait I'm here please send an ambulance", { turn: false });
    bench.feed({ type: 'digit-pressed', ordinal: 0, digit: '1' });
    bench.open({ callerNumber: BLOCKED });
    expect(bench.of('decide')).toHaveLength(1);
    expect(bench.state).toMatchObject({ phase: 'latched', rung: 'hang_up' });
  });

  it('is confirmed when the platform closes after it, and then watched no more', () => {
    const bench = hungUp();
    bench.feed({ type: 'socket-closed', how: 'platform', code: 1000 });
    expect(bench.of('finish')).toEqual([{ type: 'finish', outcome: 'hung_up' }]);
    expect(reportOf(bench.state)).toMatchObject({ confirmed: true, sent: true });
    const before = attempts(bench).length;
    bench.wake('hang-up');
    expect(attempts(bench)).toHaveLength(before);
  });

  it('is confirmed when the REST API has stopped the call', () => {
    const bench = hungUp({ canStop: true }).wake('hang-up').wake('hang-up').wake('hang-up');
    bench.feed({ type: 'stopped', ok: false });
    expect(bench.state.confirmed).toBe(false);
    expect(bench.state.faults).toContain('the platform refused to stop the call');
    bench.feed({ type: 'stopped', ok: true });
    expect(bench.state.confirmed).toBe(true);
  });
});

describe('when the decision cannot be written to disk', () => {
  function failing(): Bench {
    const bench = new Bench(blocking());
    bench.spoolWorks = false;
    return bench.open({ callerNumber: BLOCKED });
  }

  it('there is no hang-up, and the caller is greeted and served', () => {
    const bench = failing();
    expect(attempts(bench)).toEqual([]);
    expect(bench.of('say').map(({ purpose }) => purpose)).toEqual(['greeting']);
    bench.caller('hello i have a question');
    expect(bench.of('reply')).toHaveLength(1);
    expect(bench.state).toMatchObject({ phase: 'open', rung: 'continue', latch: null });
    expect(bench.state.faults[0]).toMatch(/could not be written/);
    expect(reportOf(bench.state)).toMatchObject({ decision: 'none', decided: false });
  });

  it('it is not tried again in this call', () => {
    const bench = failing();
    bench.spoolWorks = true;
    bench.open({ callerNumber: BLOCKED });
    for (let i = 0; i < 8; i++) bench.caller('this is an automated message press one now', { gapMs: -1_000 });
    expect(bench.of('decide')).toHaveLength(1);
    expect(attempts(bench)).toEqual([]);
  });

  it('a turn that waited for it is answered', () => {
    const bench = new Bench();
    bench.spoolWorks = false;
    bench.open().agent('Hello, how can I help you?');
    const tape = 'this is an automated message your warranty has expired press one to speak with our representatives';
    for (let i = 0; i < 8 && bench.state.faults.length === 0; i++) {
      bench.caller(tape, { gapMs: -1_200 }).agent('Could you tell me your name and date of birth, please?');
      if (bench.state.asked?.kind === 'closing') bench.wake('closing');
    }
    expect(bench.of('decide')).toHaveLength(1);
    bench.caller('and one thing more');
    expect(bench.state.turn?.state).not.toBe('open');
    expect(attempts(bench)).toEqual([]);
  });
});

describe('after a lost connection', () => {
  it('the hang-up holds when the socket comes back', () => {
    const bench = hungUp();
    bench.feed({ type: 'socket-closed', how: 'lost', code: 1006 });
    bench.feed({ type: 'socket-back' });
    expect(attempts(bench)).toEqual([1, 1]);
    expect(bench.of('decide')).toHaveLength(1);
  });

  it('it is stopped by other means meanwhile, where there are any', () => {
    const bench = hungUp({ canStop: true });
    bench.feed({ type: 'socket-closed', how: 'lost', code: 1006 });
    expect(attempts(bench)).toEqual([1, 4]);
  });

  it('the hang-up holds in another process, without a greeting and without deciding again', () => {
    const bench = new Bench();
    bench.feed({ type: 'resumed', resumed: { greeted: true, latch: LATCH } });
    bench.open({ callerNumber: '+12125550123' });
    bench.caller("hello? wait I'm here");
    expect(bench.of('say')).toEqual([]);
    expect(bench.of('reply')).toEqual([]);
    expect(bench.of('decide')).toEqual([]);
    expect(attempts(bench).length).toBeGreaterThan(0);
    expect(bench.state).toMatchObject({ phase: 'latched', rung: 'hang_up', latch: LATCH });
  });

  it('a call that does not come back is over', () => {
    const bench = new Bench().open();
    bench.feed({ type: 'socket-closed', how: 'lost', code: 1006 });
    expect(bench.of('finish')).toEqual([]);
    bench.wake('gone');
    expect(bench.of('finish')).toEqual([{ type: 'finish', outcome: 'caller_left' }]);
  });

  it('a drained call is not finished here: another process goes on with it', () => {
    const bench = new Bench().open();
    bench.feed({ type: 'call-closed', why: 'drained' });
    expect(bench.of('finish')).toEqual([]);
    expect(bench.state.phase).toBe('over');
  });
});
