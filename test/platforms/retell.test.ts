import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { platforms } from '../../src/platforms/index.ts';
import { agent, decode, open, update, user } from './retell-session.ts';

describe('retell', () => {
  it('is registered, under the path that Retell is given', () => {
    expect(platforms.retell).toMatchObject({ name: 'retell', path: '/llm-websocket' });
  });

  it('asks for everything at once', () => {
    expect(
      open()
        .hello()
        .map((frame) => JSON.parse(frame)),
    ).toEqual([
      {
        response_type: 'config',
        config: { auto_reconnect: true, call_details: true, transcript_with_tool_calls: true },
      },
    ]);
  });

  it('echoes a keep-alive', () => {
    const decoded = decode(open(), { interaction_type: 'ping_pong', timestamp: 1_780_000_000_123 });
    expect(decoded.events).toEqual([]);
    expect(decoded.replies.map((reply) => JSON.parse(reply))).toEqual([
      { response_type: 'ping_pong', timestamp: 1_780_000_000_123 },
    ]);
  });

  it.each([
    ['response_required', 'reply'],
    ['reminder_required', 'reminder'],
  ])('asks for a turn behind what was said: %s', (interaction_type, kind) => {
    const frame = { ...update([agent('Hello?'), user('Hi.')]), interaction_type, response_id: 3 };
    expect(decode(open(), frame).events).toEqual([
      { type: 'turn-coming' },
      { type: 'agent-said', index: 0, text: 'Hello?', words: [] },
      { type: 'caller-said', index: 1, text: 'Hi.', words: [] },
      { type: 'turn-requested', turn: 3, kind },
    ]);
  });

  it('takes a missing transcript as an unchanged one, also where only the turn flips', () => {
    const session = open();
    decode(session, update([user('Hi.')]));
    expect(decode(session, { interaction_type: 'update_only', turntaking: 'agent_turn' })).toEqual({
      events: [],
      replies: [],
    });
    const asked = decode(session, { interaction_type: 'response_required', response_id: 1 });
    expect(asked.events).toEqual([{ type: 'turn-requested', turn: 1, kind: 'reply' }]);
    expect(session.transcript()).toEqual([{ role: 'caller', text: 'Hi.' }]);
  });

  it.each<[string, string, object | string]>([
    ['not-json', 'nothing', ''],
    ['not-json', 'half a frame', '{"interaction_type":"update_only","transcript":['],
    ['not-an-object', 'an array', '[{"interaction_type":"ping_pong"}]'],
    ['not-an-object', 'null', 'null'],
    ['not-an-object', 'text', '"ping_pong"'],
    ['unknown-type', 'another type', { interaction_type: 'clear' }],
    ['unknown-type', 'no type', {}],
    ['unknown-type', 'an inherited name', { interaction_type: 'constructor' }],
    ['wrong-types', 'a keep-alive without time', { interaction_type: 'ping_pong' }],
    ['wrong-types', 'a time that is none', '{"interaction_type":"ping_pong","timestamp":1e999}'],
    ['wrong-types', 'no call', { interaction_type: 'call_details' }],
    ['wrong-types', 'a call that is no object', { interaction_type: 'call_details', call: ['x'] }],
    ['wrong-types', 'a transcript that is text', update('hello')],
    ['wrong-types', 'a transcript that is null', update(null)],
    ['wrong-types', 'no response_id', { ...update([]), interaction_type: 'response_required' }],
    ['wrong-types', 'response_id as text', { ...update([]), interaction_type: 'response_required', response_id: '1' }],
    ['wrong-types', 'half a response_id', { ...update([]), interaction_type: 'reminder_required', response_id: 1.5 }],
    ['wrong-types', 'response_id below 0', { ...update([]), interaction_type: 'response_required', response_id: -1 }],
    ['too-many-turns', 'a huge transcript', update(Array(20_001).fill(0))],
    ['too-many-turns', 'a huge list of calls', update([], { transcript_with_tool_calls: Array(20_001).fill(0) })],
  ])('refuses as %s: %s', (refused, _, frame) => {
    const session = open();
    decode(session, update([user('Hi.')]));
    expect(decode(session, frame)).toEqual({ events: [], replies: [], refused });
    expect(session.transcript()).toEqual([{ role: 'caller', text: 'Hi.' }]);
  });

  it.each([
    { interaction_type: 'response_required', response_id: 'x' },
    { interaction_type: 'other' },
    { interaction_type: 'ping_pong', timestamp: 1 },
  ])('loses nothing of a transcript that came in a frame it did not use: %o', (unused) => {
    const session = open();
    const lines = Array.from({ length: 9 }, (_, i) => user(`line ${i}`));
    decode(session, update(lines.slice(0, 2)));
    decode(session, { ...update(lines.slice(0, 8)), ...unused });
    decode(session, update(lines));
    expect(session.transcript().map(({ text }) => text)).toEqual(lines.map(({ content }) => content));
  });

  it('takes deep nesting in fields that it does not use', () => {
    const deep = `${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    const frame = `{"interaction_type":"update_only","x":${deep},"transcript":[{"role":"user","content":"Hi.","words":[${deep}]}]}`;
    expect(decode(open(), frame).events).toEqual([{ type: 'caller-said', index: 0, text: 'Hi.', words: [] }]);
    const call = `{"interaction_type":"call_details","call":{"call_id":"x","metadata":${deep}}}`;
    expect(decode(open(), call).events).toHaveLength(1);
  });

  it('never throws', () => {
    const field = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('update_only', 'user', 'dtmf', 1, -1, ''));
    const entry = fc.record({ role: field, content: field, words: field, digit: field }, { requiredKeys: [] });
    const frame = fc.record(
      {
        interaction_type: fc.constantFrom('ping_pong', 'call_details', 'update_only', 'response_required', 'x'),
        timestamp: field,
        response_id: field,
        transcript: fc.oneof(fc.array(entry), field),
        transcript_with_tool_calls: fc.oneof(fc.array(entry), field),
        call: fc.oneof(fc.record({ from_number: field, direction: field, custom_sip_headers: field }), field),
      },
      { requiredKeys: [] },
    );
    const bytes = fc.oneof(
      fc.uint8Array().map((array) => Buffer.from(array)),
      frame.map((value) => Buffer.from(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 6 }), (frames) => {
        const session = open();
        for (const buffer of frames) {
          const { events, refused } = session.decode(buffer);
          if (refused !== undefined) expect(events).toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
