import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallState, LATE_RECONNECT_MS, recordOf, resumedOf, takeLine } from '../../src/records/call-state.ts';
import type { SpoolLine } from '../../src/records/record.ts';
import { closed, decided, hungUp, latch, NOON, opened, record } from './sample-records.ts';

function stateOf(...lines: SpoolLine[]): CallState {
  const state = lines.reduce<CallState | undefined>(takeLine, undefined);
  if (state === undefined) throw new Error('no lines');
  return state;
}

const greeted: SpoolLine = { type: 'greeted', at: NOON + 1, callId: 'a' };
const sent: SpoolLine = { type: 'sent', at: NOON + 21_100, callId: 'a', attempt: 1 };
const end = closed(hungUp('a'));

describe('call state', () => {
  it('answers a socket that comes back', () => {
    expect(resumedOf(stateOf(opened('a')), NOON)).toEqual({ greeted: false });
    expect(resumedOf(stateOf(opened('a'), greeted), NOON)).toEqual({ greeted: true });
    expect(resumedOf(stateOf(opened('a'), greeted, decided('a')), NOON)).toEqual({ greeted: true, latch });
  });

  it('keeps the latch of a closed call for an hour', () => {
    const state = stateOf(opened('a'), decided('a'), sent, end);
    expect(resumedOf(state, end.at + LATE_RECONNECT_MS)).toEqual({ greeted: true, latch, ended: true });
    expect(resumedOf(state, end.at + LATE_RECONNECT_MS + 1)).toBeNull();
  });

  it('makes a record of a decision that was never closed', () => {
    expect(recordOf(stateOf(opened('a')))).toBeNull();
    expect(recordOf(stateOf(opened('a'), decided('a')))).toMatchObject({
      outcome: 'failed',
      decided: true,
      sent: false,
    });
    expect(recordOf(stateOf(opened('a'), decided('a'), sent))).toMatchObject({ outcome: 'hung_up', sent: true });
    expect(recordOf(stateOf(opened('a'), decided('a'), sent, end))).toEqual(end.type === 'closed' && end.record);
  });

  it('does not let a late socket without a decision hide the hang-up', () => {
    const late = closed(record('a', { endedAt: NOON + 60_000 }));
    expect(recordOf(stateOf(decided('a'), sent, end, late))).toMatchObject({ decision: 'hang_up' });
    expect(recordOf(stateOf(late, end))).toMatchObject({ decision: 'hang_up' });
    expect(
      recordOf(stateOf(closed(record('a', { turns: 1 })), closed(record('a', { turns: 2 }), NOON + 99_000))),
    ).toMatchObject({ turns: 2 });
  });

  it('joins what two processes saw of one hang-up: the decider explains it, and confirmed is confirmed', () => {
    const probes = [{ kind: 'closing', turn: 2, callMs: 18_000, result: 'failed', why: 'talked on' }] as const;
    const partial = { ...decided('a'), partial: hungUp('a', { sent: false, confirmed: false, probes }) } as SpoolLine;
    // The second process saw the end only, the first one waited in vain for the call.
    const other = closed(hungUp('a', { startedAt: NOON + 22_000, endedAt: NOON + 24_000, callMs: 2_000 }));
    const inVain = hungUp('a', { confirmed: false, probes, endedAt: NOON + 55_000, callMs: 55_000, savedMs: 60_000 });
    const expected = { startedAt: NOON, confirmed: true, outcome: 'hung_up', probes, endedAt: NOON + 24_000 };
    const moved = stateOf(opened('a'), partial, other);
    expect(recordOf(moved)).toMatchObject({ ...expected, callMs: 21_000, reconnects: 1 });
    const after = takeLine(moved, closed(inVain, NOON + 55_000));
    expect(recordOf(after)).toMatchObject({ ...expected, callMs: 21_000, reconnects: 1, savedMs: 60_000 });
    expect(recordOf(takeLine(after, other))).toEqual(recordOf(after));
  });

  it('comes out the same in any order and with any line twice', () => {
    const lines = [opened('a'), greeted, decided('a'), sent, end];
    const expected = stateOf(...lines);
    const shuffled = fc.shuffledSubarray([...lines, ...lines], { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(shuffled, (order) => {
        expect(stateOf(...order)).toEqual(expected);
      }),
    );
  });
});
