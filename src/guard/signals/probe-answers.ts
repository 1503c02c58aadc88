import { type Slot, signal } from '../signal.ts';

interface Own {
  readonly passed: number;
  readonly failed: number;
  /** Closing sentences that went unanswered. */
  readonly closing: number;
  /** Replies that could be chance: people give them too, tapes more often. */
  readonly unclear: number;
}

function evidenceOf({ passed, failed, closing, unclear }: Own): Slot<Own>['evidence'] {
  const values = { passed, failed, closing, unclear };
  const unanswered = [
    failed === 0 ? '' : failed === 1 ? 'failed' : 'failed-twice',
    closing === 0 ? '' : closing === 1 ? 'closing-ignored' : 'closing-ignored-twice',
    unclear === 0 ? '' : unclear === 1 ? 'unclear' : 'unclear-twice',
  ].filter((part) => part !== '');
  if (passed > 0) {
    if (failed + closing === 0)
      return { level: passed > 1 ? 'passed-twice' : 'passed', reason: 'answered when asked', values };
    return {
      level: failed + closing > 2 ? 'mixed-mostly-failed' : failed + closing > 1 ? 'mixed-twice-failed' : 'mixed',
      reason: `answered when asked ${passed} time${passed === 1 ? '' : 's'}, and ${failed + closing} time${failed + closing === 1 ? '' : 's'} did not`,
      values,
    };
  }
  if (unanswered.length === 0) return null;
  return {
    level: unanswered.join('-'),
    reason:
      failed > 0
        ? 'went on as if nobody had asked'
        : closing > 0
          ? 'the closing sentence was not taken up'
          : 'gave no clear answer to what was asked',
    values,
  };
}

/** How the caller took what was asked to tell a person from a recording. */
export const probeAnswers = signal<Own>({
  name: 'probe-answers',
  follows: 'events',
  start: { passed: 0, failed: 0, closing: 0, unclear: 0 },
  observe(slot, seen) {
    if (seen.type !== 'probe') return slot;
    const { own } = slot;
    const next =
      seen.result === 'passed'
        ? { ...own, passed: own.passed + 1 }
        : seen.result === 'unclear'
          ? { ...own, unclear: own.unclear + 1 }
          : seen.result !== 'failed'
            ? own
            : seen.kind === 'closing'
              ? { ...own, closing: own.closing + 1 }
              : { ...own, failed: own.failed + 1 };
    return next === own ? slot : { own: next, evidence: evidenceOf(next) };
  },
});
