import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type CallState, startCall } from '../../src/guard/state.ts';
import { createStep, type Step, type Stepped } from '../../src/guard/step.ts';
import { law, sameValue } from './call-laws.ts';
import { policyOfScript, type Script, scripts } from './call-script.ts';
import { GeneratedCall } from './generated-call.ts';

const CALLS = 10_000;
const PARTS = 5;
const seen = { calls: 0, probed: 0, closed: 0, hungUp: 0, events: 0 };

/** Plays a script against a step, and its events once more from the start. */
function play(script: Script, wrap: (step: Step) => Step = (step) => step): GeneratedCall {
  const policy = policyOfScript(script);
  const step = wrap(createStep(policy));
  const call = new GeneratedCall(script, step).play();
  let state: CallState = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  const effects = call.events.flatMap((event) => {
    const stepped = step(state, event);
    state = stepped.state;
    return stepped.effects;
  });
  law(sameValue(effects, call.effects), 'the same call came out with other effects');
  law(sameValue(state, call.state), 'the same call came out in another state');
  return call;
}

describe('any legal call', () => {
  for (let part = 0; part < PARTS; part++) {
    it(`keeps the laws (${part + 1} of ${PARTS})`, { timeout: 60_000 }, () => {
      fc.assert(
        fc.property(scripts, (script) => {
          const { effects, events } = play(script);
          seen.calls++;
          seen.events += events.length;
          if (effects.some((one) => one.type === 'say' && one.purpose === 'probe')) seen.probed++;
          if (effects.some((one) => one.type === 'say' && one.purpose === 'closing')) seen.closed++;
          if (effects.some((one) => one.type === 'hang-up')) seen.hungUp++;
        }),
        { seed: 1_000 + part, numRuns: CALLS / PARTS },
      );
    });
  }

  afterAll(() => {
    const share = (n: number): string => `${((100 * n) / seen.calls).toFixed(1)}%`;
    console.log(
      `${seen.calls} calls, ${seen.events} events: ${share(seen.probed)} probed, ${share(seen.closed)} asked to say anything, ${share(seen.hungUp)} hung up`,
    );
  });

  it('is often enough probed and hung up on to mean something', () => {
    expect(seen.calls).toBe(CALLS);
    expect(seen.probed / seen.calls).toBeGreaterThanOrEqual(0.3);
    expect(seen.hungUp / seen.calls).toBeGreaterThanOrEqual(0.1);
  });
});

/** Ways to break the guard; each must be found out by the same property. */
const BROKEN: Readonly<Record<string, { found: RegExp; breaking: (stepped: Stepped, before: CallState) => Stepped }>> =
  {
    'the latch opens again': {
      found: /un-hung|latch was changed|decided twice/,
      breaking: ({ state, effects }) => ({
        state: state.phase === 'latched' ? { ...state, phase: 'open', latch: null } : state,
        effects,
      }),
    },
    'the latch opens when the socket comes back': {
      found: /un-hung/,
      breaking: ({ state, effects }, before) => ({
        state: state.reconnects > before.reconnects && state.phase === 'latched' ? { ...state, phase: 'open' } : state,
        effects,
      }),
    },
    'the rung falls after the hang-up': {
      found: /rung continue after the hang-up/,
      breaking: ({ state, effects }, before) => ({
        state: before.phase === 'latched' ? { ...state, rung: 'continue' } : state,
        effects,
      }),
    },
    'it does not wait for the spool': {
      found: /not on disk/,
      breaking: ({ state, effects }) => ({
        state,
        effects: effects.map((one) =>
          one.type === 'decide' ? { type: 'hang-up', attempt: 1, turn: null, text: 'Goodbye.' } : one,
        ),
      }),
    },
    'it forgets who is protected': {
      found: /protected or allowed/,
      breaking: ({ state, effects }) => ({
        state: state.rule?.name === 'protect' ? { ...state, rule: null } : state,
        effects,
      }),
    },
    'it forgets who is allowed': {
      found: /allowed caller/,
      breaking: ({ state, effects }) => ({
        state: state.rule?.name === 'allow' ? { ...state, rule: null } : state,
        effects,
      }),
    },
    'it acts in shadow mode': {
      found: /in mode shadow/,
      breaking: ({ state, effects }, before) => ({
        state,
        effects:
          state.wouldHangUp && !before.wouldHangUp
            ? [...effects, { type: 'hang-up', attempt: 1, turn: null, text: 'Goodbye.' }]
            : effects,
      }),
    },
    'a failed reply is not made up for': {
      found: /nobody answers turn/,
      breaking: ({ state, effects }) => ({
        state,
        effects: effects.filter((one) => one.type !== 'say' || one.purpose !== 'fallback'),
      }),
    },
    'a reply runs on under the fallback': {
      found: /while its reply runs|cuts in on a reply|at the same time/,
      breaking: ({ state, effects }) => ({ state, effects: effects.filter((one) => one.type !== 'cancel-reply') }),
    },
    'the timer of "one moment" is lost': {
      found: /nobody answers turn/,
      breaking: ({ state, effects }) => ({
        state,
        effects: effects.filter((one) => one.type !== 'wake' || one.timer !== 'hold'),
      }),
    },
  };

describe('the property has teeth', () => {
  /** What the property finds wrong with a step. */
  const complaint = (wrap: (step: Step) => Step): string => {
    const { errorInstance } = fc.check(
      fc.property(scripts, (script) => {
        play(script, wrap);
      }),
      { seed: 7, numRuns: 2_000, endOnFailure: true },
    );
    return String(errorInstance);
  };

  it('a step that remembers something outside the state is found', () => {
    let ticks = 0;
    const wrap =
      (step: Step): Step =>
      (state, event) => {
        const { state: next, effects } = step(state, event);
        return { state: { ...next, atMs: next.atMs + ++ticks }, effects };
      };
    expect(complaint(wrap)).toMatch(/came out differently/);
  });

  it('a step that writes into the state it was given is found', () => {
    const wrap =
      (step: Step): Step =>
      (state, event) => {
        Object.assign(state, { atMs: event.at });
        return step(state, event);
      };
    expect(complaint(wrap)).toMatch(/read only/);
  });

  it.each(Object.entries(BROKEN))('%s: found', (_name, { found, breaking }) => {
    const wrap =
      (step: Step): Step =>
      (state, event) =>
        breaking(step(state, event), state);
    expect(complaint(wrap)).toMatch(found);
  });
});
