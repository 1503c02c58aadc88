import type { CallRecord } from '../../records/record.ts';
import type { TrailRow } from '../../records/trails.ts';
import { type Rescored, rescore } from './rescore.ts';
import type { targetsFor } from './targets.ts';

/** A recorded call as rescoring lists it. */
export type RescoreCall = TrailRow;

/** A call that comes out differently, or may. */
export interface Moved {
  readonly call: Omit<RescoreCall, 'trail'>;
  readonly said: Rescored;
}

export const RESULTS = ['same', 'spared', 'hung_up', 'category', 'unknown'] as const;

/** What came of many calls. */
export interface Tally {
  readonly calls: number;
  readonly counts: Readonly<Record<Rescored['result'], number>>;
  /** Call time that hang-ups would save in addition, and that would be lost with those who are spared. */
  readonly moreMs: number;
  readonly lessMs: number;
  /** Recorded under other weights than those asked for: the difference of these counts too. */
  readonly otherWeights: number;
  /** Of each result but `same` the first `MOST_LISTED`, in the order in which the calls came. */
  readonly moved: Readonly<Record<Exclude<Rescored['result'], 'same'>, readonly Moved[]>>;
}

export const MOST_LISTED = 1_000;
/** Calls between two looks at the event loop: some milliseconds. */
const BATCH = 500;

/** Rescores pages of calls as they come; the process stays responsive. `onCalls` is told how many are done since. */
export async function rescoreMany(
  pages: AsyncIterable<readonly RescoreCall[]>,
  targetOf: ReturnType<typeof targetsFor>,
  onCalls: (count: number) => void = () => undefined,
): Promise<Tally> {
  const counts = { same: 0, spared: 0, hung_up: 0, category: 0, unknown: 0 };
  const moved = { spared: [] as Moved[], hung_up: [] as Moved[], category: [] as Moved[], unknown: [] as Moved[] };
  let [calls, moreMs, lessMs, otherWeights] = [0, 0, 0, 0];
  for await (const page of pages) {
    for (let from = 0; from < page.length; from += BATCH) {
      const batch = page.slice(from, from + BATCH);
      for (const { trail, ...call } of batch) {
        const target = trail === null ? null : targetOf(trail, call.agent);
        const said = target ? rescore({ ...called(call), trail }, target.to) : UNREADABLE(trail);
        calls++;
        counts[said.result]++;
        if (target?.otherWeights) otherWeights++;
        if (said.result === 'same') continue;
        if (moved[said.result].length < MOST_LISTED) moved[said.result].push({ call, said });
        const leftMs = Math.max(0, (call.call_ms ?? 0) - (said.callMs ?? 0));
        if (said.result === 'hung_up') moreMs += leftMs;
        // What a hang-up saved is in the record; in shadow mode it saved nothing, and would have saved the rest.
        if (said.result === 'spared') lessMs += call.decision === 'hang_up' ? (call.saved_ms ?? 0) : leftMs;
      }
      onCalls(batch.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { calls, counts, moreMs, lessMs, otherWeights, moved };
}

const called = ({ decision, category }: Omit<RescoreCall, 'trail'>) => ({
  // Written by `rowOf` from a record.
  decision: (decision ?? 'none') as CallRecord['decision'],
  category: category as CallRecord['category'],
});

const UNREADABLE = (trail: string | null): Rescored => ({
  result: 'unknown',
  why:
    trail === null
      ? 'the record is of an older version and has no trail'
      : 'the trail is damaged or of another version',
  turn: null,
  callMs: null,
  category: null,
});

/** The row of a record that is in no store. */
export const rowOfRecord = (record: CallRecord): RescoreCall => ({
  call_id: record.callId,
  agent: record.agent,
  direction: record.direction,
  caller_number: record.callerNumber ?? null,
  started_at: record.startedAt,
  decision: record.decision,
  category: record.category,
  call_ms: record.callMs,
  saved_ms: record.savedMs,
  trail: record.trail ?? null,
});
