import type { Policy } from './policy.ts';
import { SIGNAL_NAMES } from './signals/index.ts';
import { append, type CallState, MOST } from './state.ts';
import { createStep, type Step, type Stepped } from './step.ts';
import type { Effect } from './types.ts';

/**
 * The step of a call in which the guard failed: it greets, answers and reconnects as if there were no guard, and reads
 * nothing that the caller says. A hang-up that was decided before still holds.
 */
export function createBlindStep(policy: Policy): Step {
  const step = createStep({
    ...policy,
    mode: 'off',
    signalModes: Object.fromEntries(SIGNAL_NAMES.map((name) => [name, 'off'])),
  });
  return (state, event) => {
    switch (event.type) {
      case 'caller-said':
      case 'agent-said':
        return { state: { ...state, atMs: Math.max(state.atMs, event.at), greeted: true }, effects: [] };
      case 'transcript-cut':
      case 'digit-pressed':
        return { state, effects: [] };
      default:
        return step(state, event);
    }
  };
}

/** The call as the blind step takes it over: what was asked is asked no more, the agent's reminders are given back. */
export function goBlind(state: CallState, policy: Policy, what: string): Stepped {
  const effects: Effect[] = [];
  const now: CallState = { ...state, asked: null, reminders: 'own', faults: append(state.faults, what, MOST.faults) };
  if (state.phase !== 'open') return { state: now, effects };
  if (state.reminders === 'guard') effects.push({ type: 'set-reminders', ...policy.ownReminders });
  if (!state.greeted && state.opened) {
    effects.push({
      type: 'say',
      purpose: 'greeting',
      turn: 0,
      text: policy.greeting,
      done: true,
      uninterruptible: false,
    });
  }
  // A request that waited for what the guard asked is answered now.
  const { turn } = now;
  const waits = turn !== null && (turn.state === 'open' || turn.state === 'held');
  if (waits) effects.push({ type: 'reply', turn: turn.id, kind: turn.kind });
  return {
    state: { ...now, greeted: now.greeted || now.opened, turn: waits ? { ...turn, state: 'replying' } : turn },
    effects,
  };
}
