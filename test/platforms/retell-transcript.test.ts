import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlatformEvent } from '../../src/guard/types.ts';
import { CORRECTION_WINDOW } from '../../src/platforms/platform.ts';
import { agent, decode, open, update, user } from './retell-session.ts';

const word = (text: unknown, start: unknown, end: unknown) => ({ word: text, start, end });
const lines = (n: number) => Array.from({ length: n }, (_, i) => (i % 2 ? user : agent)(`line ${i}`));
const indices = (events: readonly PlatformEvent[]) =>
  events.flatMap((event) => (event.type === 'caller-said' || event.type === 'agent-said' ? [event.index] : []));

describe('the transcript of retell', () => {
  it('tells only what has changed', () => {
    const session = open();
    expect(indices(decode(session, update(lines(3))).events)).toEqual([0, 1, 2]);
    expect(decode(session, update(lines(3))).events).toEqual([]);
    expect(indices(decode(session, update(lines(4))).events)).toEqual([3]);
    const grown = [...lines(3), user('line 3 and more')];
    expect(decode(session, update(grown)).events).toEqual([
      { type: 'caller-said', index: 3, text: 'line 3 and more', words: [] },
    ]);
  });

  it('gives words in milliseconds and drops those that are none', () => {
    const words = [
      word('This', 2.31, 2.48),
      word('is', 2.4799999, 2.6),
      word(7, 1, 2),
      word('no', '1', 2),
      word('no', 1, null),
      word('no', -1, 2),
      word('no', 3, 2),
      word('no', 0, 1e12),
      null,
      'no',
      word('a\ud800\0b', 3, 3),
    ];
    const frame = JSON.stringify(update([user('This is', words)])).replace(
      '[null,',
      '[{"word":"no","start":0,"end":1e999},',
    );
    expect(decode(open(), frame).events).toEqual([
      {
        type: 'caller-said',
        index: 0,
        text: 'This is',
        words: [
          { word: 'This', startMs: 2310, endMs: 2480 },
          { word: 'is', startMs: 2480, endMs: 2600 },
          { word: 'a\ufffdb', startMs: 3000, endMs: 3000 },
        ],
      },
    ]);
  });

  it.each([
    ['a word more', [word('Hi.', 1, 2), word('', 2, 2)]],
    ['another end', [word('Hi.', 1, 2.5)]],
    ['no words any more', undefined],
  ])('tells an utterance again for %s', (_, words) => {
    const session = open();
    decode(session, update([user('Hi.', [word('Hi.', 1, 2)])]));
    expect(indices(decode(session, update([user('Hi.', words)])).events)).toEqual([0]);
    expect(decode(session, update([user('Hi.', words)])).events).toEqual([]);
  });

  it('tells an utterance again when the other side is found to have said it', () => {
    const session = open();
    decode(session, update([user('Hi.')]));
    expect(decode(session, update([agent('Hi.')])).events).toEqual([
      { type: 'agent-said', index: 0, text: 'Hi.', words: [] },
    ]);
  });

  it('takes text that is none as empty, and cleans what no store takes', () => {
    const frame = update([user(5), user(undefined), user('a\ud800b\0c\u{1f600}\udc00')]);
    decode(open(), frame);
    const session = open();
    expect(decode(session, frame).events.map((event) => ('text' in event ? event.text : null))).toEqual([
      '',
      '',
      'a\ufffdbc\u{1f600}\ufffd',
    ]);
  });

  it('counts utterances among those that agent and caller said', () => {
    const session = open();
    const frame = [{ role: 'system', content: 'x' }, agent('Hello?'), null, { role: 'transfer_target' }, user('Hi.')];
    expect(decode(session, update(frame)).events).toEqual([
      { type: 'agent-said', index: 0, text: 'Hello?', words: [] },
      { type: 'caller-said', index: 1, text: 'Hi.', words: [] },
    ]);
    const more = [...frame, { role: 'other' }, user('Are you there?')];
    expect(indices(decode(session, update(more)).events)).toEqual([2]);
    expect(indices(decode(session, update([...more, agent('Yes.')])).events)).toEqual([3]);
    expect(session.transcript().map(({ text }) => text)).toEqual(['Hello?', 'Hi.', 'Are you there?', 'Yes.']);
  });

  it('says so when the transcript is shorter', () => {
    const session = open();
    decode(session, update(lines(5)));
    expect(decode(session, update(lines(3))).events).toEqual([{ type: 'transcript-cut', length: 3 }]);
    const other = [...lines(2), agent('other')];
    expect(decode(session, update(other)).events).toEqual([{ type: 'agent-said', index: 2, text: 'other', words: [] }]);
  });

  it('tells a correction within the window alone, and an older one with everything', () => {
    const session = open();
    const said: object[] = lines(10);
    decode(session, update(said));
    said[10 - CORRECTION_WINDOW] = user('corrected');
    expect(indices(decode(session, update(said)).events)).toEqual([10 - CORRECTION_WINDOW]);
    said[10 - CORRECTION_WINDOW - 1] = user('corrected');
    expect(indices(decode(session, update(said)).events)).toEqual([...said.keys()]);
    expect(decode(session, update(said)).events).toEqual([]);
  });

  it('starts again when more is cut off than the core can take back', () => {
    const session = open();
    decode(session, update(lines(10)));
    const { events } = decode(session, update(lines(5)));
    expect(events[0]).toEqual({ type: 'transcript-cut', length: 0 });
    expect(indices(events)).toEqual([0, 1, 2, 3, 4]);
    const said: object[] = lines(5);
    said[1] = user('corrected');
    expect(indices(decode(session, update(said)).events)).toEqual([1]);
    expect(decode(session, update([])).events).toEqual([{ type: 'transcript-cut', length: 0 }]);
    expect(session.transcript()).toEqual([]);
  });

  it('remembers after a cut that the core has let go of what is older', () => {
    const session = open();
    decode(session, update(lines(10)));
    decode(session, update(lines(7)));
    // Index 5 is among the last four of 7, but was not among the last four of 10; it is parsed, the older are not.
    const said: object[] = lines(7);
    said[5] = user('corrected');
    expect(indices(decode(session, update(said)).events)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('gives a transcript that stays as it was handed out', () => {
    const session = open();
    decode(session, update(lines(2)));
    const before = session.transcript();
    decode(session, update(lines(3)));
    expect(before).toHaveLength(2);
    expect(session.transcript()).toHaveLength(3);
  });

  it('leads a listener to the transcript of every frame', () => {
    const utterance = fc.record({
      role: fc.constantFrom('user', 'agent', 'user', 'agent', 'system'),
      content: fc.constantFrom('a', 'b', 'c', 'd'),
    });
    const change = fc.record({ keep: fc.nat(12), add: fc.array(utterance, { maxLength: 5 }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25, size: 'max' }), (changes) => {
        const session = open();
        let entries: { role: string; content: string }[] = [];
        let heard: string[] = [];
        let floor = 0;
        for (const { keep, add } of changes) {
          entries = [...entries.slice(0, Math.max(0, entries.length - (keep > 6 ? 0 : keep))), ...add];
          for (const event of decode(session, update(entries)).events) {
            if (event.type === 'transcript-cut') {
              expect(event.length < heard.length && (event.length === 0 || event.length >= floor)).toBe(true);
              heard.length = event.length;
              if (event.length === 0) floor = 0;
            } else if (event.type === 'caller-said' || event.type === 'agent-said') {
              // The core takes back the newest few, or everything.
              if (event.index === 0) floor = 0;
              expect(event.index >= floor && event.index <= heard.length).toBe(true);
              heard[event.index] = `${event.type === 'caller-said' ? 'user' : 'agent'} ${event.text}`;
            }
          }
          floor = Math.max(floor, heard.length - CORRECTION_WINDOW);
          const spoken = entries.filter(({ role }) => role !== 'system');
          expect(heard).toEqual(spoken.map(({ role, content }) => `${role} ${content}`));
          heard = [...heard];
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('digits of retell', () => {
  const dtmf = (digit: unknown) => ({ role: 'dtmf', digit });
  const pressed = (events: readonly PlatformEvent[]) =>
    events.flatMap((event) => (event.type === 'digit-pressed' ? [`${event.ordinal}:${event.digit}`] : []));
  const withTools = (list: unknown) => update([], { transcript_with_tool_calls: list });

  it('tells every digit once, counted from 0', () => {
    const session = open();
    const list: object[] = [agent('Press one.'), dtmf('1')];
    expect(pressed(decode(session, withTools(list)).events)).toEqual(['0:1']);
    expect(pressed(decode(session, withTools(list)).events)).toEqual([]);
    list.push(
      user('There.'),
      dtmf('#'),
      { role: 'tool_call_result' },
      dtmf(0),
      dtmf('12'),
      agent('Thank you.'),
      user('Yes.'),
    );
    expect(pressed(decode(session, withTools(list)).events)).toEqual(['1:#', '2:0', '3:1', '4:2']);
    // An early correction has the whole list parsed again.
    list[0] = agent('Press 1.');
    expect(pressed(decode(session, withTools([...list, dtmf('a')])).events)).toEqual(['5:A']);
    expect(pressed(decode(open(), withTools(list)).events)).toEqual(['0:1', '1:#', '2:0', '3:1', '4:2']);
  });

  it('passes over what is no digit', () => {
    const list = [
      dtmf('x'),
      dtmf(''),
      dtmf(null),
      dtmf(-1),
      dtmf('1'.repeat(40)),
      null,
      { role: 'user', digit: '1' },
      dtmf('5'),
    ];
    expect(pressed(decode(open(), withTools(list)).events)).toEqual(['0:5']);
    expect(decode(open(), withTools('1')).refused).toBeUndefined();
  });

  it('comes before the request for a turn', () => {
    const frame = { ...withTools([dtmf('1')]), interaction_type: 'response_required', response_id: 1 };
    expect(decode(open(), frame).events.map(({ type }) => type)).toEqual(['digit-pressed', 'turn-requested']);
  });
});
