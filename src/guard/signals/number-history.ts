import { type Slot, signal } from '../signal.ts';
import type { NumberHistory } from '../types.ts';

const DAY_MS = 86_400_000;
/** Older hang-ups say little: numbers are spoofed and change hands. */
const REMEMBERED_MS = 30 * DAY_MS;

/** A number that was hung up on and calls back is let through once: recordings do not call back, customers do. */
export const hasFreePass = (history: NumberHistory | null, now: number): boolean =>
  history !== null &&
  history.hungUp > 0 &&
  !history.passUsed &&
  history.lastHungUpAt !== undefined &&
  now - history.lastHungUpAt < REMEMBERED_MS;

function evidenceOf(history: NumberHistory | null, now: number): Slot<null>['evidence'] {
  if (!history || history.calls === 0) return null;
  const recent = history.lastHungUpAt !== undefined && now - history.lastHungUpAt < REMEMBERED_MS;
  if (recent && history.hungUp > 0) {
    return {
      level: history.hungUp >= 2 ? 'hung-up-often' : 'hung-up-once',
      reason: `this number was hung up on ${history.hungUp} time${history.hungUp === 1 ? '' : 's'} before`,
      values: { calls: history.calls, hungUp: history.hungUp },
    };
  }
  if (history.completed > 0 && history.hungUp === 0) {
    return {
      level: history.completed >= 3 ? 'known' : 'called-before',
      reason: `this number had ${history.completed} ordinary call${history.completed === 1 ? '' : 's'} before`,
      values: { calls: history.calls, completed: history.completed },
    };
  }
  return null;
}

/** Earlier calls of the number. Weak either way: numbers are rotated by machines and shared by people. */
export const numberHistory = signal<null>({
  name: 'number-history',
  follows: 'events',
  start: null,
  observe(slot, seen) {
    return seen.type === 'history' ? { own: null, evidence: evidenceOf(seen.history, seen.now) } : slot;
  },
});
