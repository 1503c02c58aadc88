import { describe, expect, it } from 'vitest';
import { thresholds } from '../../src/guard/policy.ts';
import { Bench, testPolicy } from './call-kit.ts';
import { GREETING, playTape, QUESTION, ROBOCALL, says } from './walks.ts';

describe('the closing sentence', () => {
  /** A caller who sounds like a robocall, up to the closing sentence. */
  function untilClosing(policy = testPolicy(), digits = 0): Bench {
    const bench = new Bench(policy).open().agent(GREETING);
    for (let ordinal = 0; ordinal < digits; ordinal++) bench.feed({ type: 'digit-pressed', ordinal, digit: '5' });
    for (const line of [...ROBOCALL, ...ROBOCALL]) {
      bench.caller(line, { gapMs: -1_200 });
      if (bench.state.asked?.kind === 'closing') return bench;
      bench.agent(QUESTION);
    }
    throw new Error('no closing sentence was said');
  }

  it('waits about as long as it takes to say it and to answer', () => {
    const bench = untilClosing();
    const wake = bench.of('wake').findLast(({ timer }) => timer === 'closing');
    expect(wake?.afterMs).toBeGreaterThan(5_000);
    expect(wake?.afterMs).toBeLessThan(12_000);
    expect(says(bench, 'closing')[0]?.text).toContain('press a key');
  });

  it('is taken back by somebody who answers', () => {
    const bench = untilClosing();
    bench.agent('If you are there, please say anything or press a key.');
    bench.caller("wait I'm here don't hang up", { gapMs: 1_800 });
    expect(bench.state.probes.at(-1)).toMatchObject({ kind: 'closing', result: 'passed' });
    expect(bench.state.phase).toBe('open');
    expect(bench.state.rungs.at(-1)?.why).toMatch(/taken back/);
    expect(bench.of('reply').at(-1)?.turn).toBe(bench.turn);
    // Its timer means nothing any more.
    const before = bench.effects.length;
    bench.wake('closing');
    expect(bench.effects).toHaveLength(before);
  });

  it('is taken back by a key', () => {
    const bench = untilClosing();
    bench.feed({ type: 'digit-pressed', ordinal: 0, digit: '5' });
    expect(bench.state.probes.at(-1)).toMatchObject({ kind: 'closing', result: 'passed', why: 'pressed a key' });
    expect(bench.of('decide')).toEqual([]);
  });

  it('is not taken back by a key that was pressed before and is listed again', () => {
    const bench = untilClosing(testPolicy(), 1);
    bench.feed({ type: 'digit-pressed', ordinal: 0, digit: '5' });
    expect(bench.state.asked).toMatchObject({ kind: 'closing', digit: false });
    bench.feed({ type: 'digit-pressed', ordinal: 1, digit: '5' });
    expect(bench.state.asked).toBe(null);
  });

  it('ignored by a tape that runs on is the end', () => {
    const bench = untilClosing();
    bench.caller('press one now to speak with a specialist about the warranty on your vehicle before it is too late', {
      gapMs: 100,
    });
    for (let i = 0; i < 3 && bench.state.phase === 'open'; i++) playTape(bench, ROBOCALL);
    expect(bench.state.phase).toBe('latched');
    expect(bench.state.latch?.reason).toMatch(/closing sentence was not answered/);
  });

  it('met with silence is no answer', () => {
    const bench = untilClosing().wake('closing');
    expect(bench.state.probes.at(-1)).toMatchObject({ kind: 'closing', result: 'failed' });
    expect(['deciding', 'latched', 'open']).toContain(bench.state.phase);
    expect(bench.state.asked).toBe(null);
  });

  it('gives somebody who is just speaking a moment more, once', () => {
    const bench = untilClosing();
    bench.caller('well you know', { gapMs: 9_000, turn: false });
    expect(bench.state.asked?.kind).toBe('closing');
    bench.wake('closing');
    expect(bench.state.asked).toMatchObject({ kind: 'closing', prolonged: true });
    bench.wake('closing');
    expect(bench.state.asked).toBe(null);
    expect(bench.state.probes.at(-1)?.result).toBe('unclear');
  });

  it('a turn that is asked for meanwhile waits for it, and is answered afterwards', () => {
    const bench = untilClosing();
    const replies = bench.of('reply').length;
    bench.ask();
    expect(bench.of('reply')).toHaveLength(replies);
    bench.feed({ type: 'digit-pressed', ordinal: 0, digit: '1' });
    expect(bench.of('reply').at(-1)?.turn).toBe(bench.turn);
  });
});

describe('a person who is asked', () => {
  /** Speaks of "your" this and "our" that like an announcement; somebody angry does too. */
  const ANGRY = 'your bill is wrong your website is broken and your office lost our letters';

  /** One style of speaking alone is no reason to ask, but for the eager. */
  const eager = () => new Bench(testPolicy({ thresholds: thresholds(30, 9) }));

  it('"one moment" is said under the turn, and the reply goes on under the same number', () => {
    const bench = eager().open().agent(GREETING).caller(ANGRY);
    const probe = says(bench, 'probe').at(-1);
    expect(probe).toMatchObject({ turn: 1, done: false, uninterruptible: false, text: 'One moment, please.' });
    expect(bench.state.turn).toMatchObject({ id: 1, state: 'held' });
    expect(bench.of('reply')).toEqual([]);
    bench.agent('One moment, please.').wake('hold');
    expect(bench.of('reply')).toEqual([{ type: 'reply', turn: 1, kind: 'reply' }]);
    expect(bench.state.probes).toMatchObject([{ kind: 'hold', result: 'unanswered' }]);
  });

  it('is believed, and left in peace for a while', () => {
    const bench = eager().open().agent(GREETING).caller(ANGRY);
    bench.agent('One moment, please.').caller('okay sure take your time', { gapMs: 900 });
    expect(bench.state.probes).toMatchObject([{ kind: 'hold', result: 'passed' }]);
    expect(bench.of('reply')).toEqual([{ type: 'reply', turn: 2, kind: 'reply' }]);
    bench.agent(QUESTION).caller('your people said your system is down', { gapMs: 900 });
    expect(says(bench, 'probe')).toHaveLength(1);
    expect(says(bench, 'closing')).toEqual([]);
    expect(bench.state.rung).not.toBe('closing');
  });

  it('is not asked again in the next few words, whatever the sum', () => {
    const { weights } = testPolicy();
    const never = { group: 'probes', why: 'an answer that counts nothing', points: {} };
    const policy = testPolicy({
      weights: { ...weights, signals: { ...weights.signals, 'probe-answers': never } },
      thresholds: { probe: -9, closing: 90, hangUp: 99 },
    });
    const bench = new Bench(policy).open().agent(GREETING).caller(ANGRY);
    bench.agent('One moment, please.').caller('okay sure take your time', { gapMs: 900 });
    expect(bench.state.verdict.points).toBeGreaterThan(policy.thresholds.probe);
    const asked = () => says(bench, 'probe').length + says(bench, 'closing').length;
    expect(asked()).toBe(1);
    bench.agent(QUESTION).caller('your people said so', { gapMs: 900 });
    expect(asked()).toBe(1);
    bench.agent(QUESTION).caller('your system lost our letters and your bill is still wrong', { gapMs: 900 });
    expect(asked()).toBe(2);
  });

  it('an ordinary customer is asked nothing at all', () => {
    const bench = new Bench().open({ callerNumber: '+12125550123' }).agent(GREETING);
    for (const line of [
      'hi i would like to move my appointment to next week',
      'it is carla jones born on the tenth of may nineteen eighty',
      'tuesday would be good or wednesday after lunch',
      'no that is all thank you',
    ]) {
      bench.caller(line).agent(QUESTION.replace('name', `answer ${line.length}`));
    }
    expect(bench.state.probes).toEqual([]);
    expect(bench.state.rung).toBe('continue');
    expect(bench.of('reply')).toHaveLength(4);
  });
});
