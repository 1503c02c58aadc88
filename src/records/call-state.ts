import type { Latch, Resumed } from '../guard/types.ts';
import type { CallRecord, SpoolLine } from './record.ts';

/** A platform that dials again this long after the end still finds the latch. */
export const LATE_RECONNECT_MS = 60 * 60 * 1000;

/** What the lines of one call add up to. */
export interface CallState {
  readonly callId: string;
  readonly agent: string;
  readonly platform: string;
  readonly direction: string;
  readonly callerNumber?: string;
  readonly openedAt: number;
  readonly greeted: boolean;
  readonly latch: Latch | null;
  readonly sent: boolean;
  readonly closedAt: number | null;
  /** The record as written: the closed one, else the partial one of the decision. */
  readonly record: CallRecord | null;
}

/**
 * Takes one line into what is known of its call. Lines may come twice and, from two processes, out of order:
 * the result is the same, a latch never goes away, and a closed record is never replaced by a partial one.
 */
export function takeLine(before: CallState | undefined, line: SpoolLine): CallState {
  const state = before ?? unknownCall(line);
  switch (line.type) {
    case 'opened':
      return {
        ...state,
        agent: line.agent,
        platform: line.platform,
        direction: line.direction,
        ...(line.callerNumber === undefined ? {} : { callerNumber: line.callerNumber }),
        openedAt: Math.min(state.openedAt, line.at),
      };
    case 'greeted':
      return { ...state, greeted: true };
    case 'decided':
      return {
        ...withFacts(state, line.partial),
        latch: state.latch ?? line.latch,
        record: state.closedAt === null ? line.partial : state.record,
      };
    case 'sent':
      return { ...state, sent: true };
    case 'closed': {
      const { record } = state;
      if (record?.decided && line.record.decided) {
        const at = Math.max(state.closedAt ?? line.at, line.at);
        return { ...withFacts(state, line.record), closedAt: at, record: joined(record, line.record) };
      }
      if (state.closedAt !== null && !replaces(state, line)) return state;
      return { ...withFacts(state, line.record), closedAt: line.at, record: line.record };
    }
  }
}

/** A later end wins, but a socket that came back after a hang-up and decided nothing does not hide the hang-up. */
function replaces(state: CallState, line: { at: number; record: CallRecord }): boolean {
  if (state.closedAt === null || state.record === null) return true;
  if (state.record.decided !== line.record.decided) return line.record.decided;
  return line.at >= state.closedAt;
}

/**
 * Two processes may have ended one call, after a reconnect. The one that decided explains it, and what either of them
 * saw of the hang-up holds: the other may have waited in vain for the call to come back.
 */
function joined(before: CallRecord, after: CallRecord): CallRecord {
  const sameProcess = before.startedAt === after.startedAt;
  // Who took a decision over learned of it from here, so the one that was here first made it.
  const decider = sameProcess ? after : before;
  const last = before.confirmed && !after.confirmed ? before : after;
  return {
    ...decider,
    endedAt: last.endedAt,
    callMs: Math.max(decider.decidedCallMs ?? 0, last.callMs),
    outcome: last.outcome,
    sent: before.sent || after.sent,
    confirmed: before.confirmed || after.confirmed,
    savedMs: Math.min(before.savedMs, after.savedMs),
    savedMoney: smaller(before.savedMoney, after.savedMoney),
    reconnects: Math.max(before.reconnects, after.reconnects, sameProcess ? 0 : 1),
    faults: [...new Set([...before.faults, ...after.faults])],
  };
}

const smaller = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

function unknownCall(line: SpoolLine): CallState {
  return {
    callId: line.callId,
    agent: '',
    platform: '',
    direction: 'inbound',
    openedAt: line.at,
    greeted: false,
    latch: null,
    sent: false,
    closedAt: null,
    record: null,
  };
}

function withFacts(state: CallState, record: CallRecord): CallState {
  return {
    ...state,
    agent: record.agent,
    platform: record.platform,
    direction: record.direction,
    ...(record.callerNumber === undefined ? {} : { callerNumber: record.callerNumber }),
    openedAt: Math.min(state.openedAt, record.startedAt),
  };
}

/**
 * The record to show for a call, or null while there is none. A decision whose call was never closed (the process
 * died, or the call still runs) counts as hung up once a hang-up frame went out, else as failed.
 */
export function recordOf(state: CallState): CallRecord | null {
  const { record } = state;
  if (record === null || state.closedAt !== null) return record;
  return {
    ...record,
    outcome: state.sent ? 'hung_up' : 'failed',
    decided: true,
    sent: state.sent,
    faults: [...record.faults, 'the call was not closed in the records: it still runs, or its process died'],
  };
}

/** The answer to a socket that takes the call up again; null when it is to be treated as new. */
export function resumedOf(state: CallState, now: number): Resumed | null {
  if (state.closedAt !== null && now - state.closedAt > LATE_RECONNECT_MS) return null;
  const greeted = state.greeted || state.closedAt !== null;
  return {
    greeted,
    ...(state.latch === null ? {} : { latch: state.latch }),
    ...(state.closedAt === null ? {} : { ended: true as const }),
  };
}
