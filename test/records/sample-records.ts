import type { Latch } from '../../src/guard/types.ts';
import type { CallRecord, SpoolLine } from '../../src/records/record.ts';

/** 2026-01-31 12:00:00Z */
export const NOON = Date.UTC(2026, 0, 31, 12);

export const latch: Latch = {
  category: 'recorded_message',
  points: 31.5,
  probability: 0.9993,
  turn: 3,
  callMs: 21_000,
  reason: 'repeats a recording that was hung up on before',
};

export function record(callId: string, over: Partial<CallRecord> = {}): CallRecord {
  return {
    callId,
    agent: 'default',
    platform: 'retell',
    direction: 'inbound',
    callerNumber: '+12135550143',
    lineNumber: '+12135550199',
    startedAt: NOON,
    endedAt: NOON + 22_000,
    callMs: 21_500,
    mode: 'enforce',
    outcome: 'completed',
    decision: 'none',
    category: null,
    points: -12.5,
    probability: 0.006,
    decided: false,
    sent: false,
    confirmed: false,
    turns: 3,
    callerWords: 30,
    evidence: [],
    rungs: [],
    probes: [],
    faults: [],
    savedMs: 0,
    savedMoney: null,
    latency: [],
    reconnects: 0,
    versions: { guard: '0.1.0', code: 'c0de', weights: 'beef', config: 'cafe', prompts: 'f00d' },
    noText: false,
    ...over,
  };
}

export function hungUp(callId: string, over: Partial<CallRecord> = {}): CallRecord {
  return record(callId, {
    outcome: 'hung_up',
    decision: 'hang_up',
    category: 'recorded_message',
    points: latch.points,
    probability: latch.probability,
    decidedTurn: 3,
    decidedCallMs: 21_000,
    reason: latch.reason,
    decided: true,
    sent: true,
    confirmed: true,
    savedMs: 90_000,
    ...over,
  });
}

export function opened(callId: string, at = NOON, callerNumber = '+12135550143'): SpoolLine {
  return { type: 'opened', at, callId, agent: 'default', platform: 'retell', direction: 'inbound', callerNumber };
}

export function decided(callId: string, at = NOON + 21_000): SpoolLine {
  const partial = hungUp(callId, { sent: false, confirmed: false, endedAt: at });
  return { type: 'decided', at, callId, latch, partial };
}

export function closed(of: CallRecord, at = of.endedAt): SpoolLine {
  return { type: 'closed', at, callId: of.callId, record: of };
}
