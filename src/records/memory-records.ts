import { type Clock, wallClock } from '../clock.ts';
import type { NumberHistory } from '../guard/types.ts';
import { type EarlierCall, HISTORY_CALLS, HISTORY_MS, numberHistory } from '../memory/number-history.ts';
import { type CallFilter, type CallRecords, limitOf } from './call-access.ts';
import { numberKey } from './call-key.ts';
import { listed } from './call-row.ts';
import { type CallState, recordOf, resumedOf, takeLine } from './call-state.ts';
import type { CallRecord } from './record.ts';

/** Calls kept; the one first heard of goes first. */
const MAX_CALLS = 10_000;

/** Records in process, without files. */
export interface MemoryRecords extends CallRecords {
  /** The records so far, in the order in which their calls were first heard of. */
  readonly records: CallRecord[];
  /** What `history` answers for a number that has no call of its own here. */
  seedHistory(number: string, history: NumberHistory): void;
  /** The record of a call that is over; null while it is not. */
  ended(callId: string): CallRecord | null;
}

/**
 * Records for demo, eval and tests: same answers as `openRecords`, gone with the process. `seedsOnly`: history is what
 * was seeded, so that no call is judged by another that happens to be played beside it.
 */
export function memoryRecords(options: { clock?: Clock; seedsOnly?: boolean } = {}): MemoryRecords {
  const { clock = wallClock, seedsOnly = false } = options;
  const calls = new Map<string, CallState>();
  const seeds = new Map<string, NumberHistory>();
  const keyOf = (number: string | undefined) => numberKey(number) ?? number;

  function earlierCalls(number: string): EarlierCall[] {
    const since = clock.now() - HISTORY_MS;
    const earlier: EarlierCall[] = [];
    for (const state of calls.values()) {
      const record = keyOf(state.callerNumber) === number ? recordOf(state) : null;
      if (record !== null && record.startedAt >= since) earlier.push(record);
    }
    return earlier.sort((a, b) => b.startedAt - a.startedAt).slice(0, HISTORY_CALLS);
  }

  return {
    get records() {
      return [...calls.values()].flatMap((state) => recordOf(state) ?? []);
    },
    seedHistory(number, history) {
      seeds.set(keyOf(number) ?? number, history);
    },
    append(line) {
      calls.set(line.callId, takeLine(calls.get(line.callId), line));
      if (calls.size > MAX_CALLS) {
        const [oldest] = calls.keys();
        if (oldest !== undefined) calls.delete(oldest);
      }
    },
    async resume(callId) {
      const state = calls.get(callId);
      return state === undefined ? null : resumedOf(state, clock.now());
    },
    async history(number) {
      const key = numberKey(number);
      if (key === undefined) return null;
      return (seedsOnly ? null : numberHistory(earlierCalls(key))) ?? seeds.get(key) ?? null;
    },
    ended(callId) {
      const state = calls.get(callId);
      return state === undefined || state.closedAt === null ? null : recordOf(state);
    },
    async list(filter: CallFilter = {}) {
      const number = keyOf(filter.number);
      return [...calls.values()]
        .flatMap((state) => recordOf(state) ?? [])
        .filter((record) =>
          (['agent', 'outcome', 'decision', 'category'] as const).every((key) => fits(filter, record, key)),
        )
        .filter((record) => number === undefined || keyOf(record.callerNumber) === number)
        .filter(({ startedAt }) => startedAt >= (filter.since ?? 0) && startedAt < (filter.before ?? Infinity))
        .sort((a, b) => b.startedAt - a.startedAt)
        .slice(0, limitOf(filter))
        .map(listed);
    },
    async get(callId) {
      const state = calls.get(callId);
      return state === undefined ? null : recordOf(state);
    },
    async erase(number) {
      const key = keyOf(number);
      let erased = 0;
      for (const [callId, state] of calls) {
        if (keyOf(state.callerNumber) === key && calls.delete(callId)) erased++;
      }
      seeds.delete(key ?? number);
      return erased;
    },
    async flush() {},
    async ready() {
      return true;
    },
    async close() {},
  };
}

function fits(filter: CallFilter, record: CallRecord, key: 'agent' | 'outcome' | 'decision' | 'category'): boolean {
  return filter[key] === undefined || filter[key] === record[key];
}
