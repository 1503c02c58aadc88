import { callerTurn, type Draft } from './state.ts';
import { givesBack, takesAgain } from './wish.ts';

/** Silence can only be seen through reminders: the guard sets its own while it needs them. */
export function takeReminders(draft: Draft): void {
  const { now, policy, effects } = draft;
  if (policy.mode !== 'enforce' || !policy.setsReminders || now.reminders === 'guard' || now.rule?.name === 'allow')
    return;
  now.reminders = 'guard';
  effects.push({ type: 'set-reminders', ...policy.silence });
}

/** Turns after which a caller is known to speak. */
export const ESTABLISHED_TURNS = 3;

export function shareReminders(draft: Draft): void {
  const { now, policy, effects } = draft;
  const { points } = now.verdict;
  if (
    now.reminders === 'guard' &&
    givesBack(points, policy.thresholds) &&
    callerTurn(now) >= ESTABLISHED_TURNS &&
    !now.scored.silence
  ) {
    now.reminders = 'own';
    effects.push({ type: 'set-reminders', ...policy.ownReminders });
  } else if (now.reminders === 'own' && takesAgain(points, policy.thresholds)) {
    takeReminders(draft);
  }
}
