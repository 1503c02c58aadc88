import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallEvent, Word } from '../../src/guard/types.ts';
import { EventLog, MAX_EVENT_LOG_BYTES, readEventLog } from '../../src/records/event-log.ts';

const word = fc.record({ word: fc.string({ unit: 'grapheme', maxLength: 8 }), startMs: fc.nat(), endMs: fc.nat() });
const said = fc.record({
  type: fc.constantFrom('caller-said' as const, 'agent-said' as const),
  // More than are kept for comparison.
  index: fc.nat({ max: 12 }),
  // Any UTF-16, also halves of a pair; few letters, so that versions share beginnings.
  text: fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\ud83d', '\ude00', '\n', '"') }), fc.string()),
  words: fc.array(fc.oneof(word, fc.constant({ word: 'a', startMs: 1, endMs: 2 })), { maxLength: 6 }),
  at: fc.nat(),
});
const other: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({ type: fc.constant('transcript-cut' as const), length: fc.nat({ max: 4 }), at: fc.nat() }),
  fc.record({
    type: fc.constant('turn-requested' as const),
    turn: fc.nat(),
    kind: fc.constant('reply' as const),
    at: fc.nat(),
  }),
  fc.record({ type: fc.constant('woke' as const), timer: fc.string(), token: fc.nat(), at: fc.nat() }),
);

function logOf(events: readonly CallEvent[]): EventLog {
  const log = new EventLog();
  for (const event of events) log.push(event);
  return log;
}

describe('event log', () => {
  it('reads back exactly what was pushed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(said, other), { maxLength: 200 }), (events) => {
        expect(readEventLog(logOf(events).deflate())).toEqual(events);
      }),
      { numRuns: 300 },
    );
  });

  it('stores a growing utterance at the cost of what is new', () => {
    const words: Word[] = Array.from({ length: 200 }, (_, i) => ({
      word: `word${i}`,
      startMs: i * 300,
      endMs: i * 300 + 200,
    }));
    const versions = words.map(
      (_, i): CallEvent => ({
        type: 'caller-said',
        index: 0,
        text: words
          .slice(0, i + 1)
          .map((w) => w.word)
          .join(' '),
        words: words.slice(0, i + 1),
        at: i * 300,
      }),
    );
    const log = logOf(versions);
    const whole = versions.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
    expect(log.size).toBeLessThan(200 * 130);
    expect(log.size).toBeLessThan(whole / 25);
    expect(readEventLog(log.deflate())).toEqual(versions);
  });

  it('holds a long call packed, and reads it back whole', () => {
    const events = Array.from(
      { length: 2_000 },
      (_, i): CallEvent => ({ type: 'woke', timer: `timer ${i}`, token: i, at: i }),
    );
    const log = logOf(events);
    expect(readEventLog(log.deflate())).toEqual(events);
    log.push({ type: 'transferred', at: 3_000 });
    expect(readEventLog(log.deflate())).toEqual([...events, { type: 'transferred', at: 3_000 }]);
  });

  it('stops at its bound and says so', () => {
    const log = new EventLog();
    const text = 'x'.repeat(1024 * 1024);
    for (let index = 0; index < 6; index++) log.push({ type: 'caller-said', index, text, words: [], at: index });
    expect(log.truncated).toBe(true);
    expect(log.size).toBeLessThanOrEqual(MAX_EVENT_LOG_BYTES);
    log.push({ type: 'transferred', at: 9 });
    expect(readEventLog(log.deflate())).toHaveLength(3);
  });

  it('refuses a damaged log', () => {
    expect(() => readEventLog('AAAA')).toThrow(/damaged/);
    const whole = logOf([{ type: 'transferred', at: 1 }]).deflate();
    expect(() => readEventLog(whole.slice(0, 8))).toThrow(/damaged/);
  });
});
