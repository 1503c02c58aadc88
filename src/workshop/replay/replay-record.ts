import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../guard/policy.ts';
import { reportOf } from '../../guard/report.ts';
import { startCall } from '../../guard/state.ts';
import { createStep } from '../../guard/step.ts';
import { isFullLog, readEventLog } from '../../records/event-log.ts';
import type { CallRecord, EvidenceOfTurn } from '../../records/record.ts';

export interface Replayed {
  readonly report: ReturnType<typeof reportOf>;
  /** How it differs from what is recorded, a sentence each; empty: the same. */
  readonly differences: readonly string[];
  /** The log ends before the call did, since it was too long to be kept whole: nothing was compared. */
  readonly cut: boolean;
}

const FACTS = ['decision', 'category', 'points', 'decidedTurn', 'decidedCallMs', 'reason', 'turns'] as const;
const NAMES: Readonly<Record<(typeof FACTS)[number], string>> = {
  decision: 'decision',
  category: 'category',
  points: 'points',
  decidedTurn: 'turn of the decision',
  decidedCallMs: 'call time of the decision',
  reason: 'reason',
  turns: 'turns',
};

/** What `recordOf` in `call-state.ts` says of a call whose decision is recorded, and its end is not. */
const NOT_CLOSED = /^the call was not closed in the records/;

/**
 * Feeds the recorded events to the core once more: the same code under the same numbers comes to the same verdict, so
 * a difference is one of code, weights, configuration or prompts.
 * @throws RecordsError `bad-events` when the event log is damaged. RangeError when the record has none.
 */
export function replayRecord(record: CallRecord, policy: Policy): Replayed {
  const { callId, agent, platform, events } = record;
  if (events === undefined) throw new RangeError('the record has no events');
  const step = createStep(policy);
  let state = startCall(policy, { callId, agent, platform });
  for (const event of readEventLog(events)) state = step(state, event).state;
  const report = reportOf(state);
  const differences = differencesOf(report, record);
  // The events of a decision are recorded with it; those that end the call come later.
  const ends = state.phase === 'over' || record.faults.some((fault) => NOT_CLOSED.test(fault));
  if (!ends && isFullLog(events)) return { report, differences: [], cut: true };
  if (!ends) differences.push('the call does not come to its end');
  return { report, differences, cut: false };
}

function differencesOf(report: Replayed['report'], record: CallRecord): string[] {
  const found: string[] = [];
  for (const key of FACTS) {
    if (report[key] === record[key]) continue;
    found.push(`${NAMES[key]} ${shown(report[key])}, recorded ${shown(record[key])}`);
  }
  found.push(...listed('evidence', report.evidence, record.evidence, evidenceDifference));
  found.push(
    ...listed('rungs', report.rungs, record.rungs, (one) => `${one.from} to ${one.to} at turn ${one.turn}: ${one.why}`),
  );
  found.push(
    ...listed(
      'probes',
      report.probes,
      record.probes,
      (one) => `${one.kind} at turn ${one.turn}: ${one.result}, ${one.why}`,
    ),
  );
  return found;
}

const shown = (value: string | number | null | undefined): string => String(value ?? 'none');

/** One sentence about the first entry that differs, and how many do. */
function listed<T>(
  name: string,
  now: readonly T[],
  then: readonly T[],
  say: (one: T, other: T | undefined) => string,
): string[] {
  const length = Math.max(now.length, then.length);
  const differing = Array.from({ length }, (_, i) => i).filter((i) => !isDeepStrictEqual(now[i], then[i]));
  const [first] = differing;
  if (first === undefined) return [];
  const [one, other] = [now[first], then[first]];
  const seen = one === undefined ? 'nothing' : say(one, other);
  const was = other === undefined ? 'nothing' : say(other, one);
  const more = differing.length > 1 ? `, and ${differing.length - 1} more` : '';
  const detail = seen === was ? `${seen}, in detail` : `${seen}, recorded ${was}`;
  return [`${name} ${first + 1} of ${length}: ${detail}${more}`];
}

function evidenceDifference(turn: EvidenceOfTurn, other: EvidenceOfTurn | undefined): string {
  const levels = turn.evidence
    .filter((one) => !other?.evidence.some((known) => isDeepStrictEqual(known, one)))
    .map(({ signal, level, points }) => `${signal} ${level} ${points}`);
  return `${turn.points} points at turn ${turn.turn}${levels.length === 0 ? '' : ` (${levels.join(', ')})`}`;
}
