import { describe, expect, it } from 'vitest';
import { numberList } from '../../src/guard/number-list.ts';
import { reportOf } from '../../src/guard/report.ts';
import type { Latch, NumberHistory } from '../../src/guard/types.ts';
import { Bench, testPolicy } from './call-kit.ts';
import { GREETING, playTape, ROBOCALL, says } from './walks.ts';

/** One side of a conversation that somebody taped. */
const CONVERSATION = [
  'and then the blue ones came back from the shop on monday with the wrong buttons again',
  'so he took them out of the box and put the green ones next to the window in the hall',
  'which nobody had asked for but there was a lot of noise and the radio was on all day',
  'well the train was late and the bridge was closed because of the rain in the morning',
  'and the whole street was full of people looking at the boats down there by the water',
  'until somebody came out with a ladder and took the sign off the wall of the old mill',
  'and it turned out to be the wrong one after all so they had to bring everything back',
  'with the small truck that belongs to the man from the bakery on the other side of town',
];

const outcome = (bench: Bench) => ({ phase: bench.state.phase, category: bench.state.latch?.category ?? null });

/** Silence: reminders come, and questions stay without an answer. */
function staySilent(bench: Bench, reminders: number): Bench {
  for (let i = 0; i < reminders && bench.state.phase === 'open'; i++) {
    bench.ask('reminder');
    if (bench.state.asked?.kind === 'closing') bench.wake('closing');
  }
  return bench;
}

describe('machines are hung up on', () => {
  it('a robocall that speaks on over closing sentence and agent', () => {
    const bench = playTape(new Bench().open({ callerNumber: '+12125550123' }).agent(GREETING), ROBOCALL);
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'robocall_menu' });
    expect(bench.of('decide')).toHaveLength(1);
    expect(says(bench, 'closing').length).toBeGreaterThan(0);
    expect(bench.state.rungs.map(({ to }) => to).at(-1)).toBe('hang_up');
  });

  it('a recorded announcement without a menu', () => {
    const bench = playTape(new Bench().open().agent(GREETING), [
      'this is an important message from the power company your account has been suspended',
      'we have been trying to reach you about your past due bill and your service will be disconnected',
      'to avoid disconnection call us back at our toll free number within the next two hours',
      'your power will be shut off today if you do not respond immediately this is the final notice',
      'our billing department is open all day and your account number is on the letter that we sent you',
    ]);
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'recorded_message' });
  });

  it('a tape of a conversation that talks over the agent, by how it takes turns alone', () => {
    const bench = playTape(new Bench().open().agent(GREETING), CONVERSATION);
    expect(bench.state.phase).toBe('latched');
  });

  it('a line on which nobody ever speaks', () => {
    const bench = staySilent(new Bench().open().agent(GREETING), 6);
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'silent' });
    expect(bench.state.probes.length).toBeGreaterThan(0);
  });

  it('another bot', () => {
    const bench = new Bench().open().agent(GREETING);
    for (let i = 0; i < 10 && bench.state.phase === 'open'; i++) {
      bench.caller('hello i am a virtual assistant how may i help you today').agent(GREETING);
      if (bench.state.asked?.kind === 'closing') bench.wake('closing');
    }
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'bot_loop' });
  });

  it('a sales pitch, after it was told what the line is for', () => {
    const bench = playTape(new Bench().open().agent(GREETING), [
      'hi how are you doing today we help businesses like yours with web design and more leads can i speak with the owner',
      'our company can get you on the first page of google and it costs you nothing to try we work with companies in your town',
      'our agency offers digital marketing and search engine work are you the owner or the person in charge of your website',
      'we guarantee our clients new customers every month and our team has helped many companies like yours',
    ]);
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'sales_pitch' });
    const asked = bench.state.probes.map(({ kind }) => kind);
    expect(asked[0]).toBe('scope');
    expect(says(bench, 'probe')[0]?.text).toContain('appointments');
    expect(asked.indexOf('closing')).toBeGreaterThan(asked.indexOf('scope'));
  });

  it('a number on the block list, before the first word', () => {
    const lists = { allow: numberList([]), block: numberList(['+12125550160']), protect: numberList([]) };
    const bench = new Bench(testPolicy({ lists })).open({ callerNumber: '+1 212 555 0160' });
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'blocked_number' });
    expect(says(bench, 'greeting')).toEqual([]);
    expect(bench.of('hang-up')).toHaveLength(1);
  });

  it('a number of a sanctioned country, on whatever list it is', () => {
    const lists = { allow: numberList(['+963*']), block: numberList([]), protect: numberList(['+963*']) };
    const bench = new Bench(testPolicy({ lists })).open({ callerNumber: '+963911234567' });
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'sanctioned_country' });
  });

  it('a voicemail that we called: its message is the last word', () => {
    const bench = new Bench(testPolicy({ voicemailMessage: 'Please call us back.' })).open({ direction: 'outbound' });
    for (let i = 0; i < 4 && bench.state.phase === 'open'; i++) {
      bench.caller('you have reached the voicemail of carla jones please leave your name and message after the tone', {
        gapMs: 300,
      });
      if (bench.state.asked?.kind === 'closing') bench.wake('closing');
      staySilent(bench, 1);
    }
    expect(outcome(bench)).toEqual({ phase: 'latched', category: 'voicemail' });
    expect(bench.of('hang-up')[0]?.text).toBe('Please call us back.');
  });
});

describe('calls that go on', () => {
  it('a call screening assistant is told who calls, once', () => {
    const bench = new Bench(testPolicy({ screeningAnswer: 'This is the office about Tuesday.' })).open({
      direction: 'outbound',
    });
    bench.caller('hi please state your name and the reason for your call', { gapMs: 300 });
    expect(says(bench, 'screening').map(({ text }) => text)).toEqual(['This is the office about Tuesday.']);
    bench.caller('thanks please hold while i see if this person is available');
    expect(says(bench, 'screening')).toHaveLength(1);
    expect(bench.of('reply')).toHaveLength(1);
    expect(bench.state.rung).toBe('continue');
  });

  it('a menu that we called is waited out, for a time', () => {
    const menu = 'for the pharmacy press one for opening hours press two for anything else please stay on the line';
    const bench = new Bench(testPolicy({ goOnMs: 120_000 })).open({ direction: 'outbound' });
    for (let i = 0; i < 4; i++) bench.caller(menu);
    expect(bench.state.rung).toBe('continue');
    expect(says(bench, 'closing')).toEqual([]);
    bench.callMs += 120_000;
    for (let i = 0; i < 6 && bench.state.phase === 'open'; i++) {
      bench.caller(menu);
      if (bench.state.asked?.kind === 'closing') bench.wake('closing');
    }
    expect(bench.state.rung).not.toBe('continue');
  });

  it('a number on the allow list is not even asked', () => {
    const lists = { allow: numberList(['+12125550150']), block: numberList([]), protect: numberList([]) };
    const bench = playTape(new Bench(testPolicy({ lists })).open({ callerNumber: '+12125550150' }), ROBOCALL);
    expect(bench.of('say').map(({ purpose }) => purpose)).toEqual(['greeting']);
    expect(bench.of('reply')).toHaveLength(ROBOCALL.length);
    bench.caller('please send an ambulance');
    playTape(bench, ROBOCALL);
    expect(says(bench, 'probe')).toEqual([]);
  });

  it('a protected caller is asked at most, and offered a transfer', () => {
    const bench = new Bench(testPolicy({ transferTo: '+12125550199' })).open().agent(GREETING);
    bench.caller('hello this is a relay operator with a call for you');
    playTape(bench, [...ROBOCALL, ...ROBOCALL]);
    expect(bench.state.phase).toBe('open');
    expect(bench.of('decide')).toEqual([]);
    expect(says(bench, 'closing')).toEqual([]);
    expect(says(bench, 'probe').length).toBeGreaterThan(0);
    for (const say of says(bench, 'probe')) expect(say.transferTo).toBe('+12125550199');
    expect(reportOf(bench.state).protectedBy).toMatch(/relay/);
  });

  it('a number that was hung up on has one free pass', () => {
    const history: NumberHistory = {
      calls: 1,
      completed: 0,
      hungUp: 1,
      lastCallAt: 900,
      lastHungUpAt: 900,
      passUsed: false,
    };
    const walk = (passUsed: boolean) => {
      const bench = new Bench().open({ callerNumber: '+12125550123' });
      bench.feed({ type: 'looked-up', now: 1_000, history: { ...history, passUsed } });
      return playTape(bench.agent(GREETING), ROBOCALL);
    };
    expect(walk(false).state.phase).toBe('open');
    expect(walk(true).state.phase).toBe('latched');
  });

  it('shadow mode only notes what it would have done', () => {
    const bench = playTape(new Bench(testPolicy({ mode: 'shadow' })).open().agent(GREETING), ROBOCALL);
    expect(bench.state.phase).toBe('open');
    expect(reportOf(bench.state)).toMatchObject({
      decision: 'would_hang_up',
      category: 'robocall_menu',
      decided: false,
    });
    expect(bench.of('say').map(({ purpose }) => purpose)).toEqual(['greeting']);
    expect(bench.of('decide')).toEqual([]);
    expect(bench.of('reply')).toHaveLength(ROBOCALL.length);
  });

  it('switched off, nothing is even noted', () => {
    const bench = playTape(new Bench(testPolicy({ mode: 'off' })).open().agent(GREETING), ROBOCALL);
    expect(reportOf(bench.state)).toMatchObject({ decision: 'none', decided: false });
    expect(bench.state.rungs).toEqual([]);
  });

  it('a latch of before holds no more when the guard was switched to shadow', () => {
    const latch: Latch = { category: 'silent', points: 30, probability: 1, turn: 1, callMs: 1, reason: 'x' };
    const bench = new Bench(testPolicy({ mode: 'shadow' }));
    bench.feed({ type: 'resumed', resumed: { greeted: true, latch } });
    expect(bench.of('hang-up')).toEqual([]);
    expect(bench.open().caller('hello').of('reply')).toHaveLength(1);
  });
});
