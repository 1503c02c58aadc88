import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/records/record.ts';
import { judge } from '../../../src/workshop/eval/judge.ts';
import type { PlayResult } from '../../../src/workshop/player/play-result.ts';
import { hungUp, madeCall, madeRecord, seen } from './made-runs.ts';

const judged = (result: Partial<PlayResult>, record: CallRecord | null) =>
  judge(madeCall('call', { result }).result, record);

describe('what is wrong with a call', () => {
  it('is nothing where it came out as expected, or nothing was expected', () => {
    expect(judged({}, madeRecord())).toBeNull();
    expect(
      judged({ endedBy: 'agent', expect: { decision: 'hang_up', category: 'robocall_menu' } }, hungUp()),
    ).toBeNull();
    const { expect: _none, ...unexpected } = madeCall('call', { result: { endedBy: 'agent' } }).result;
    expect(judge(unexpected, hungUp())).toBeNull();
  });

  it.each<[string, Partial<PlayResult>, CallRecord | null]>([
    ['cut', { endedBy: 'agent' }, hungUp()],
    ['cut', {}, madeRecord({ decision: 'would_hang_up' })],
    ['cut', { endedBy: 'error', expect: { decision: 'none' } }, hungUp()],
    ['missed', { expect: { decision: 'hang_up', category: 'silent' } }, madeRecord()],
    ['missed', { endedBy: 'timeout', expect: { decision: 'hang_up' } }, madeRecord()],
    ['category', { endedBy: 'agent', expect: { decision: 'hang_up', category: 'silent' } }, hungUp()],
    ['unanswered', { unanswered: [4] }, madeRecord()],
    ['failed', { endedBy: 'error' }, madeRecord()],
    ['failed', { endedBy: 'error', expect: { decision: 'hang_up' } }, madeRecord()],
    ['failed', {}, null],
    ['failed', {}, madeRecord({ faults: ['reply: no recorded answer'] })],
    ['other', { endedBy: 'agent', expect: { decision: 'hang_up', latestTurn: 2 } }, hungUp()],
  ])('%s', (kind, result, record) => {
    expect(judged(result, record)?.kind).toBe(kind);
  });

  it('lies where it was decided, else where the sum was highest', () => {
    expect(judged({ endedBy: 'agent' }, hungUp())).toMatchObject({ turn: 3, callMs: 20_000 });
    const record = madeRecord({
      evidence: [seen(1, 4_000, {}), seen(2, 9_000, { 'keypad-menu': 'menu' }), seen(3, 12_000, {})],
    });
    expect(judged({ expect: { decision: 'hang_up' } }, record)).toMatchObject({ turn: 2, callMs: 9_000 });
    expect(judged({ expect: { decision: 'hang_up' } }, madeRecord())).toMatchObject({ turn: null, callMs: null });
  });
});
