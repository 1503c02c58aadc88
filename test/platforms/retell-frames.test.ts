import { describe, expect, it } from 'vitest';
import type { Outgoing, PlatformSession } from '../../src/platforms/platform.ts';
import { open } from './retell-session.ts';

const send = (session: PlatformSession, out: Outgoing): Record<string, unknown> => JSON.parse(session.encode(out));
const speech = { type: 'speech', turn: 4, text: 'Goodbye.', done: true } as const;

describe('frames for retell', () => {
  it.each<[string, Outgoing, object]>([
    [
      'a piece of an answer',
      { ...speech, text: 'Good', done: false },
      { response_type: 'response', response_id: 4, content: 'Good', content_complete: false },
    ],
    [
      'an answer with no text',
      { ...speech, turn: 0, text: '' },
      { response_type: 'response', response_id: 0, content: '', content_complete: true },
    ],
    [
      'a hang-up',
      { ...speech, uninterruptible: true, endCall: true },
      {
        response_type: 'response',
        response_id: 4,
        content: 'Goodbye.',
        content_complete: true,
        no_interruption_allowed: true,
        end_call: true,
      },
    ],
    [
      'a transfer',
      { ...speech, transferTo: '+12135550100', uninterruptible: false, endCall: false },
      {
        response_type: 'response',
        response_id: 4,
        content: 'Goodbye.',
        content_complete: true,
        transfer_number: '+12135550100',
      },
    ],
    [
      'a hang-up that cuts in',
      { ...speech, turn: null, uninterruptible: true, endCall: true },
      {
        response_type: 'agent_interrupt',
        interrupt_id: 1,
        content: 'Goodbye.',
        content_complete: true,
        no_interruption_allowed: true,
        end_call: true,
      },
    ],
    [
      'a digit',
      { type: 'digit', turn: 2, digit: '1' },
      { response_type: 'response', response_id: 2, content: '', content_complete: true, digit_to_press: '1' },
    ],
    [
      'reminders',
      { type: 'reminders', triggerMs: 4000.4, maxCount: 3 },
      { response_type: 'update_agent', agent_config: { reminder_trigger_ms: 4000, reminder_max_count: 3 } },
    ],
    [
      'a tool call',
      { type: 'tool-call', id: 't1', name: 'book', arguments: '{"a":1}' },
      { response_type: 'tool_call_invocation', tool_call_id: 't1', name: 'book', arguments: '{"a":1}' },
    ],
    [
      'a tool result',
      { type: 'tool-result', id: 't1', content: 'ok', successful: false },
      { response_type: 'tool_call_result', tool_call_id: 't1', content: 'ok', successful: false },
    ],
    [
      'a tool result of unknown success',
      { type: 'tool-result', id: 't1', content: 'ok' },
      { response_type: 'tool_call_result', tool_call_id: 't1', content: 'ok' },
    ],
    ['metadata', { type: 'metadata', metadata: { a: [1] } }, { response_type: 'metadata', metadata: { a: [1] } }],
  ])('are exact for %s', (_, out, frame) => {
    expect(send(open(), out)).toEqual(frame);
  });

  it('do not end a call and transfer it', () => {
    const frame = send(open(), { ...speech, endCall: true, transferTo: '+12135550100' });
    expect(frame).not.toHaveProperty('transfer_number');
  });

  it('hold clean text', () => {
    expect(send(open(), { ...speech, text: 'a\0b\ud800' }).content).toBe('ab\ufffd');
  });

  it('share an id for the pieces of one interruption', () => {
    const session = open();
    const cutIn = (done: boolean) => send(session, { ...speech, turn: null, done }).interrupt_id;
    expect([cutIn(false), cutIn(false), cutIn(true)]).toEqual([1, 1, 1]);
    expect([cutIn(true), cutIn(true)]).toEqual([2, 3]);
  });

  it.each<Outgoing>([
    { type: 'reminders', triggerMs: 1, maxCount: 1 },
    { type: 'tool-call', id: 't', name: 'n', arguments: '{}' },
    { type: 'tool-result', id: 't', content: '' },
    { type: 'metadata', metadata: {} },
    { type: 'digit', turn: 1, digit: '1' },
    { ...speech, done: false },
  ])('begin a new interruption behind %o', (between) => {
    const session = open();
    const cutIn = () => send(session, { ...speech, turn: null, done: false }).interrupt_id;
    expect(cutIn()).toBe(1);
    send(session, between);
    expect(cutIn()).toBe(2);
  });
});
