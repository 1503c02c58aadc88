import { callerTurn, type Draft } from './state.ts';

/** Silence can only be seen through reminders: the guard sets its own while it needs them. */
export function takeReminders(draft: Draft): void {
  const { now, policy, effects } = draft;
  if (policy.mode !== 'enforce' || !policy.setsReminders || now.reminders === 'guard' || now.rule?.name === 'allow')
    return;
  now.reminders = 'guard';
  effects.push({ type: 'set-reminders', ...policy.silence });
}

/** Points below the probe threshold from which the agent's own reminders are given back, and taken again. */
const GIVE_BACK = 8;
const TAKE_AGAIN = 4;
const ESTABLISHED_TURNS = 3;

export function shareReminders(draft: Draft): void {
  const { now, policy, effects } = draft;
  const sure = policy.thresholds.probe - GIVE_BACK;
  if (
    now.reminders === 'guard' &&
    now.verdict.points <= sure &&
    callerTurn(now) >= ESTABLISHED_TURNS &&
    !now.scored.silence
  ) {
    now.reminders = 'own';
    effects.push({ type: 'set-reminders', ...policy.ownReminders });
  } else if (now.reminders === 'own' && now.verdict.points > sure + GIVE_BACK - TAKE_AGAIN) {
    takeReminders(draft);
  }
}
