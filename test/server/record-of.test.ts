import { describe, expect, it } from 'vitest';
import { reportOf } from '../../src/guard/report.ts';
import type { CallEvent } from '../../src/guard/types.ts';
import { EventLog, readEventLog } from '../../src/records/event-log.ts';
import { recordOf, savedBy } from '../../src/server/record-of.ts';
import { Bench, testPolicy } from '../guard/call-kit.ts';

describe('what was saved', () => {
  const saved = { badCallMs: 180_000, pricePerMinute: 0.1 };

  it.each([
    ['a hang-up after 30 s', true, 30_000, 150_000, 0.25],
    ['a hang-up at once', true, 0, 180_000, 0.3],
    ['a hang-up later than a bad call is assumed to last', true, 200_000, 0, 0],
    ['no hang-up', false, 30_000, 0, 0],
  ])('%s', (_what, hungUp, callMs, savedMs, savedMoney) => {
    expect(savedBy(hungUp, callMs, saved)).toEqual({ savedMs, savedMoney });
  });

  it('is no money where no price is known', () => {
    expect(savedBy(true, 0, { badCallMs: 180_000, pricePerMinute: null })).toEqual({
      savedMs: 180_000,
      savedMoney: null,
    });
  });
});

describe('the record', () => {
  const make = (bench: Bench, events: EventLog) =>
    recordOf({
      report: reportOf(bench.state),
      outcome: 'caller_left',
      mode: 'enforce',
      startedAt: 1_000.4,
      endedAt: 61_000.6,
      models: [],
      latency: [{ turn: 1, addedMs: 0.2, firstPieceMs: 300 }],
      versions: { guard: '0', code: 'c', weights: 'w', config: 'f', prompts: 'p' },
      saved: { badCallMs: 180_000, pricePerMinute: null },
      events,
    });
  const logOf = (bench: Bench): EventLog => {
    const log = new EventLog();
    for (const event of bench.events) log.push(event);
    return log;
  };

  it('holds what the core reports, the shell measured, and the events for a replay', () => {
    const bench = new Bench(testPolicy()).open({ callerNumber: '+12137771234' });
    bench.agent('Hello, how can I help you?').caller('i would like to move my appointment');
    const record = make(bench, logOf(bench));
    expect(record).toMatchObject({
      callId: 'call_1',
      callerNumber: '+12137771234',
      outcome: 'caller_left',
      decision: 'none',
      startedAt: 1_000,
      endedAt: 61_001,
      turns: 1,
      callerWords: 7,
      savedMs: 0,
      latency: [{ turn: 1, addedMs: 0.2, firstPieceMs: 300 }],
    });
    expect(readEventLog(record.events ?? '')).toEqual(bench.events as CallEvent[]);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it('of a call that may not be stored holds neither events nor quotes', () => {
    const bench = new Bench(testPolicy()).open({ noText: true });
    bench.agent('Hello?').caller('this is an automated message regarding your zebra warranty press one now');
    const record = make(bench, logOf(bench));
    expect(record.noText).toBe(true);
    expect(record).not.toHaveProperty('events');
    expect(record.evidence.length).toBeGreaterThan(0);
    expect(JSON.stringify(record)).not.toMatch(/zebra|"quote"/);
  });
});
