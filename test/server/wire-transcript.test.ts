import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { modelServer } from './model-server.ts';
import { agent, caller, type RetellClient } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');
const timed = (text: string, from: number) =>
  text.split(' ').map((word, i) => ({ word, start: from + i * 0.4, end: from + i * 0.4 + 0.36 }));
const spoken = (text: string, from: number) => caller(text, timed(text, from));

/** What the model was told the caller said, last. */
const heardBy = (body: Record<string, unknown>): string => {
  const messages = body.messages as { role: string; content: string }[];
  return messages.findLast((one) => one.role === 'user')?.content ?? '';
};

/** Ends the call and gives its record. */
async function end(client: RetellClient, record: (callId: string) => Promise<unknown>, callId: string) {
  client.socket.close(1000);
  return record(callId);
}

/** Section 1.4 of the wire: the transcript. */
describe('the transcript', () => {
  it('grows: an utterance that is shown again with more words is one utterance, read as it now stands', async () => {
    const model = await modelServer();
    const { call, record } = await guardUnderTest(model.config);
    const callId = newCallId();
    const client = await call(callId);
    const text = 'i would like to move my appointment to tuesday';
    const words = text.split(' ');
    for (let n = 1; n < words.length; n++) client.update([HELLO, spoken(words.slice(0, n).join(' '), 2)]);
    client.ask(1, [HELLO, spoken(text, 2)]);
    const request = await model.request(0);
    expect(heardBy(request.body)).toContain(text);
    request.end('Sure.');
    await client.reply(1);
    expect(await end(client, record, callId)).toMatchObject({ turns: 1, callerWords: words.length, callMs: 5_560 });
  });

  it('is corrected: words that the platform takes back are not held against the caller', async () => {
    const { call, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    client.update([HELLO, spoken('this is an automated message regarding your car warranty', 2)]);
    client.ask(1, [HELLO, spoken('this is anna i have a message regarding my car', 2)]);
    await client.reply(1);
    const { rungs, evidence, turns } = (await end(client, record, callId)) as Awaited<ReturnType<typeof record>>;
    expect(rungs.filter((one) => one.to !== 'continue')).toEqual([]);
    expect(evidence.flatMap((turn) => turn.evidence).filter((one) => one.signal === 'robocall-wording')).toEqual([]);
    expect(turns).toBe(1);
  });

  it('is corrected further back: the model gets the utterance as it now is', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.update([HELLO, caller('my name is bark'), agent('And your number?'), caller('four')]);
    client.ask(1, [HELLO, caller('my name is mark'), agent('And your number?'), caller('four seven')]);
    const request = await model.request(0);
    const told = JSON.stringify(request.body.messages);
    expect(told).toContain('my name is mark');
    expect(told).not.toContain('bark');
    request.end('Thanks.');
    await client.reply(1);
  });

  it('gets shorter: what is gone is not told to the model', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.update([HELLO, caller('hello there'), agent('Hi.'), caller('ghost words')]);
    client.ask(1, [HELLO, caller('hello there')]);
    const request = await model.request(0);
    expect(JSON.stringify(request.body.messages)).not.toContain('ghost');
    request.end('Hi.');
    await client.reply(1);
  });

  it('"(unintelligible audio)" is a caller who spoke: answered, and no evidence', async () => {
    const { call, record, clock } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    const said = [HELLO];
    for (let turn = 1; turn <= 4; turn++) {
      await clock.pass(5_000);
      said.push(caller('(unintelligible audio)'));
      client.ask(turn, said);
      said.push(agent(await client.reply(turn)));
    }
    expect(await end(client, record, callId)).toMatchObject({ decision: 'none', rungs: [], faults: [] });
  });

  it('may come without words, with empty ones, with other roles and with entries that are none', async () => {
    const model = await modelServer();
    const { call, refused } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, [
      { role: 'system', content: 'internal' },
      { ...HELLO, words: [] },
      { role: 'transfer_target', content: 'other line' },
      { role: 'user', content: 'i have a question', words: [{ word: 'i' }, null, 'have', { word: 4, start: 'a' }] },
      null,
      7,
      'text',
      [],
      {},
    ]);
    const request = await model.request(0);
    expect(heardBy(request.body)).toContain('i have a question');
    expect(JSON.stringify(request.body.messages)).not.toMatch(/internal|other line/);
    request.end('Ask away.');
    expect(await client.reply(1)).toBe('Ask away.');
    expect(await refused('frame', 'wrong-types')).toBe(0);
  });

  it('that is no list is refused, and the next frame brings it whole', async () => {
    const { call, refused } = await guardUnderTest();
    const client = await call();
    for (const transcript of ['text', 5, {}, null]) client.ask(1, transcript as never);
    await client.settled();
    expect(await refused('frame', 'wrong-types')).toBe(4);
    expect(client.responses(1)).toEqual([]);
    client.ask(1, [HELLO, caller('hello')]);
    expect(await client.reply(1)).not.toBe('');
  });
});

describe('pressed digits', () => {
  const closing = 'If you are there, please say anything or press a key.';
  const tape =
    'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists press one now';

  it('are read from transcript_with_tool_calls, and one that answers the closing sentence takes it back', async () => {
    const { call, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    const said: unknown[] = [HELLO, spoken(tape, 2)];
    client.update(said, { transcript_with_tool_calls: said });
    await client.until(() => client.of('agent_interrupt').some((one) => one.content === closing));
    said.push(agent(closing));
    client.update(said, { transcript_with_tool_calls: [...said, { role: 'dtmf', digit: '1' }] });
    await client.settled();
    const written = (await end(client, record, callId)) as Awaited<ReturnType<typeof record>>;
    expect(written.probes).toMatchObject([{ kind: 'closing', result: 'passed' }]);
    expect(written.rungs.at(-1)?.why).toMatch(/^closing taken back/);
    expect(written.decision).toBe('none');
  });

  it('that were pressed before and are sent again answer nothing', async () => {
    const { call, clock, record } = await guardUnderTest();
    const callId = newCallId();
    const client = await call(callId);
    const said: unknown[] = [HELLO, spoken(tape, 2)];
    const withDigit = [HELLO, { role: 'dtmf', digit: '5' }, spoken(tape, 2)];
    client.update([HELLO], { transcript_with_tool_calls: [HELLO, { role: 'dtmf', digit: '5' }] });
    client.update(said, { transcript_with_tool_calls: withDigit });
    await client.until(() => client.of('agent_interrupt').some((one) => one.content === closing));
    client.update([...said, agent(closing)], { transcript_with_tool_calls: [...withDigit, agent(closing)] });
    await client.settled();
    await clock.pass(10_000);
    await client.until(() => client.frames.some((one) => 'end_call' in one && one.end_call === true));
    expect(await end(client, record, callId)).toMatchObject({ decision: 'hang_up', outcome: 'hung_up' });
  });
});
