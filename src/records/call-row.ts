import type { Latch } from '../guard/types.ts';
import { callKey, numberKey } from './call-key.ts';
import { type CallState, recordOf } from './call-state.ts';
import type { CallsTable } from './database.ts';
import type { CallRecord } from './record.ts';

/** A row as it is read for everything but one whole call. */
export type CallRow = Omit<CallsTable, 'events'>;

/** Events and trail are kept beside the record: lists never read them. */
export function rowOf(state: CallState): CallRow {
  const shown = recordOf(state);
  return {
    call_id: callKey(state.callId),
    agent: state.agent,
    platform: state.platform,
    direction: state.direction,
    caller_number: numberKey(state.callerNumber) ?? state.callerNumber ?? null,
    opened_at: state.openedAt,
    greeted: state.greeted ? 1 : 0,
    latch: state.latch === null ? null : JSON.stringify(state.latch),
    closed_at: state.closedAt,
    started_at: shown?.startedAt ?? state.openedAt,
    ended_at: shown?.endedAt ?? null,
    outcome: shown?.outcome ?? null,
    decision: shown?.decision ?? null,
    category: shown?.category ?? null,
    points: shown?.points ?? null,
    probability: shown?.probability ?? null,
    call_ms: shown?.callMs ?? null,
    saved_ms: shown?.savedMs ?? null,
    decided: shown?.decided ? 1 : 0,
    // The frame may have gone out although no record says so yet.
    sent: state.sent || shown?.sent ? 1 : 0,
    confirmed: shown?.confirmed ? 1 : 0,
    record: state.record === null ? null : JSON.stringify(listed(state.record)),
  };
}

/** The state as it was when the row was written; its record has no events and no trail. */
export function stateOf(row: CallRow): CallState {
  return {
    callId: row.call_id,
    agent: row.agent,
    platform: row.platform,
    direction: row.direction,
    ...(row.caller_number === null ? {} : { callerNumber: row.caller_number }),
    openedAt: row.opened_at,
    greeted: row.greeted === 1,
    // Written by `rowOf` from checked spool lines.
    latch: row.latch === null ? null : (JSON.parse(row.latch) as Latch),
    sent: row.sent === 1,
    closedAt: row.closed_at,
    record: row.record === null ? null : (JSON.parse(row.record) as CallRecord),
  };
}

export function eventsOf(record: CallRecord | null): Uint8Array | null {
  return record?.events === undefined ? null : Buffer.from(record.events, 'base64');
}

/** The record as lists have it: without the events and the trail. */
export function listed(record: CallRecord): CallRecord {
  const { events: _events, trail: _trail, ...rest } = record;
  return rest;
}
