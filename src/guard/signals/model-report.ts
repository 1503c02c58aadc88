import { type Slot, signal } from '../signal.ts';
import { CONFIDENCES, type Evidence } from '../types.ts';
import { isModelsBusiness, isNoBadCall, named } from './model-category.ts';

/** From nothing to most: a report that counts for less does not take the place of one that counts for more. */
const LEVELS: readonly string[] = ['unquoted', 'hint', ...CONFIDENCES];

interface Own {
  readonly reports: number;
}

/** The agent's own model has reported the caller, quoting words that really were said. Evidence, never an order. */
export const modelReport = signal<Own>({
  name: 'model-report',
  follows: 'events',
  start: { reports: 0 },
  observe(slot, seen): Slot<Own> {
    if (seen.type !== 'reported' || !isModelsBusiness(seen.category)) return slot;
    const { category, confidence, quoted, span } = seen;
    const level = !quoted ? 'unquoted' : isNoBadCall(category) ? 'hint' : confidence;
    const own = { reports: slot.own.reports + 1 };
    const old = slot.evidence;
    if (old && LEVELS.indexOf(old.level) > LEVELS.indexOf(level)) return { own, evidence: old };
    const evidence: Evidence = {
      level,
      reason: quoted
        ? `the agent's model reported the call as ${named(category)}, with ${confidence} confidence`
        : `the agent's model reported the call as ${named(category)}, but its quote was not found in what was said`,
      values: { reports: own.reports },
      // Words that were never said name nothing.
      ...(quoted ? { category } : {}),
      ...(quoted && span ? { span } : {}),
    };
    return { own, evidence };
  },
});
