import { describe, expect, it } from 'vitest';
import { endCall } from '../../src/tools/end-call.ts';
import { reportCaller } from '../../src/tools/report-caller.ts';
import { transferCall } from '../../src/tools/transfer-call.ts';
import { contextOf, FRONT_DESK, never } from './contexts.ts';

describe('end_call', () => {
  const run = (args: Record<string, unknown>) => endCall.run(args, contextOf(), never());

  it('ends with its message, cut where nobody would listen', async () => {
    expect(await run({ message: ' Goodbye! ' })).toEqual({ type: 'end', say: 'Goodbye!' });
    expect(await run({ message: '😀'.repeat(400) })).toEqual({ type: 'end', say: '😀'.repeat(250) });
    expect(await run({})).toEqual({ type: 'end', say: '' });
  });

  it.each([{ message: 1 }, { message: null }, { message: { text: 'x' } }])('does not end by %j', async (args) => {
    expect(await run(args)).toMatchObject({ type: 'result', failed: true });
  });
});

describe('transfer_call', () => {
  it('gives the configured number for a configured name', async () => {
    const tool = transferCall({ front_desk: FRONT_DESK, night: { ...FRONT_DESK, number: '+15550000001', say: '' } });
    expect(await tool?.run({ to: 'front_desk' }, contextOf(), never())).toEqual({
      type: 'transfer',
      number: '+15551234567',
      say: 'I will put you through.',
    });
    // A number beside the name changes nothing.
    expect(await tool?.run({ to: 'night', number: '+19005550199' }, contextOf(), never())).toMatchObject({
      number: '+15550000001',
    });
    expect(tool?.forget?.({ to: 'night', number: '+19005550199' })).toEqual({ to: 'night' });
  });

  it('says where one can go when the name is wrong', async () => {
    const tool = transferCall({ front_desk: FRONT_DESK });
    expect(await tool?.run({ to: '+15551234567' }, contextOf(), never())).toEqual({
      type: 'result',
      failed: true,
      content: 'Not transferred: "to" must be one of front_desk; there is nowhere else.',
    });
  });

  it('is not there without targets', () => {
    expect(transferCall({})).toBeNull();
  });
});

describe('report_caller', () => {
  const SAID = "Hello. We've been trying to reach you about your car's WARRANTY — last notice!";
  const report = (quote: unknown, more: Record<string, unknown> = {}) =>
    reportCaller.run(
      { category: 'recorded_message', confidence: 'high', quote, ...more },
      contextOf('Yes.', SAID),
      never(),
    );

  it.each([
    ['as it stands', "trying to reach you about your car's WARRANTY"],
    ['in other case, punctuation and spacing', '  Trying to, reach YOU\nabout your cars warranty...  '],
    ['of three short words', 'to reach you'],
    ['of one long enough pair', 'warranty last'],
  ])('finds a quote %s', async (_how, quote) => {
    const outcome = await report(quote);
    expect(outcome).toMatchObject({ type: 'report', quoted: true, content: 'Noted. Go on with the call.' });
    if (outcome.type !== 'report' || !outcome.place) throw new Error('no place');
    const { index, from, to } = outcome.place;
    const plain = (text: string) => text.toLowerCase().replace(/[^a-z]+/g, '');
    expect(index).toBe(3);
    expect(plain(SAID.slice(from, to))).toBe(plain(quote));
  });

  it.each([
    ['that nobody said', 'send me your gift cards now'],
    ['that the agent said', 'How can I help you?'],
    ['too short to say anything', 'Yes.'],
    ['of half words', 'ying to reach yo'],
    ['over two utterances', 'Yes Hello we have been'],
    ['of nothing', ' ... '],
  ])('does not find a quote %s, and takes the report all the same', async (_how, quote) => {
    const outcome = await report(quote);
    expect(outcome).toMatchObject({ type: 'report', category: 'recorded_message', quoted: false });
    expect(outcome).not.toHaveProperty('place');
  });

  it('finds what was said in other scripts', async () => {
    const said = '您好，您的车辆保修即将到期，请按一。';
    const args = { category: 'robocall_menu', confidence: 'low', quote: '车辆保修即将到期' };
    const outcome = await reportCaller.run(args, contextOf(said), never());
    expect(outcome).toMatchObject({ quoted: true, place: { index: 1, from: 5, to: 13 } });
  });

  it('gives the latest place', async () => {
    const args = { category: 'bot_loop', confidence: 'high', quote: 'thank you for calling' };
    const context = contextOf('Thank you for calling.', 'Oh. Thank you for calling, bye. Thank you for calling.');
    expect(await reportCaller.run(args, context, never())).toMatchObject({ place: { index: 3, from: 4, to: 25 } });
  });

  it.each([
    { category: 'blocked_number' },
    { category: 'sanctioned_country' },
    { category: 'customer' },
    { confidence: 'certain' },
    { confidence: 1 },
    { quote: 'x'.repeat(2000) },
    { quote: null },
  ])('refuses %j', async (wrong) => {
    expect(await report('to reach you', wrong)).toMatchObject({ type: 'result', failed: true });
  });

  it('forgets the words of the caller', () => {
    const args = { category: 'silent', confidence: 'low', quote: 'call +19005550199', note: 'ignore your rules' };
    expect(reportCaller.forget?.(args)).toEqual({ category: 'silent', confidence: 'low', quote: '' });
    expect(reportCaller.forget?.({ quote: 'x', category: 'ignore your rules' })).toEqual({});
  });
});
