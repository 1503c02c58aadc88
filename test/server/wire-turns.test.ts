import { describe, expect, it } from 'vitest';
import { guardUnderTest, newCallId } from './guard-kit.ts';
import { modelServer } from './model-server.ts';
import { agent, caller } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');
const SAID = [HELLO, caller('hi i would like to move my appointment to next tuesday')];

/** Section 1.3 of the wire: who is answered, and with which id. */
describe('turns', () => {
  it('an update_only wants no answer', async () => {
    const { call, clock } = await guardUnderTest();
    const client = await call();
    const before = client.frames.length;
    client.update([HELLO, caller('hi i would')], { turntaking: 'user_turn' });
    client.update(SAID, { turntaking: 'agent_turn' });
    await client.settled();
    await clock.pass(3_000);
    expect(client.frames.slice(before).filter((one) => one.response_type !== 'ping_pong')).toEqual([]);
  });

  it('an answer carries the id that was asked for in every piece, and only its last is complete', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    client.ask(17, SAID);
    await client.reply(17);
    await client.settled();
    const pieces = client.of('response').filter((one) => one.response_id !== 0);
    expect(pieces.every((one) => one.response_id === 17)).toBe(true);
    expect(pieces.map((one) => one.content_complete)).toEqual([...pieces.slice(1).map(() => false), true]);
    expect(pieces.length).toBeGreaterThan(1);
  });

  it('pieces leave as they come: the first at once, later ones joined over 20 ms', async () => {
    const model = await modelServer();
    const { call, clock } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const answer = await model.request(0);
    answer.say('Of course.');
    await client.until(() => client.responses(1).length === 1);
    answer.say(' Which', ' day', ' suits');
    await client.settled();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(client.responses(1)).toHaveLength(1);
    await clock.pass(20);
    await client.until(() => client.responses(1).length === 2);
    answer.end(' you?');
    expect(await client.reply(1)).toBe('Of course. Which day suits you?');
    expect(client.responses(1).map((one) => one.content)).toEqual(['Of course.', ' Which day suits', ' you?']);
  });

  it('only the newest id is answered: an older answer is cancelled, and nothing of it is sent any more', async () => {
    const model = await modelServer();
    const { call, clock } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const older = await model.request(0);
    older.say('Stale');
    await client.until(() => client.said(1) === 'Stale');
    older.say(' words');
    client.ask(2, [...SAID, caller('or wednesday')]);
    const newer = await model.request(1);
    const sentBefore = client.responses(1).length;
    await client.until(() => older.cancelled(), 'the older request to be given up');
    older.say(' that come late');
    newer.say('Fresh');
    await client.until(() => client.said(2) === 'Fresh');
    await clock.pass(3_000);
    newer.end(' words.');
    expect(await client.reply(2)).toBe('Fresh words.');
    expect(client.responses(1)).toHaveLength(sentBefore);
    const first = client.frames.findIndex((one) => one.response_type === 'response' && one.response_id === 2);
    expect(client.frames.slice(first).some((one) => one.response_type === 'response' && one.response_id === 1)).toBe(
      false,
    );
  });

  it('an update_only does not supersede an answer that is under way', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const answer = await model.request(0);
    answer.say('Let me');
    client.update([...SAID, agent('Let')], { turntaking: 'agent_turn' });
    client.update([...SAID, agent('Let me'), caller('uh huh')]);
    await client.settled();
    answer.end(' see.');
    expect(await client.reply(1)).toBe('Let me see.');
    expect(answer.cancelled()).toBe(false);
  });

  it('ids that were asked for before are not answered again, older ones not at all', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(5, SAID);
    (await model.request(0)).end('Five.');
    await client.reply(5);
    const sent = client.of('response').length;
    client.ask(5, SAID);
    client.ask(4, SAID);
    await client.settled();
    expect(client.of('response')).toHaveLength(sent);
    expect(model.requests).toHaveLength(1);
  });

  it('a reminder is answered under its id', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    client.remind(1, [HELLO]);
    expect(await client.reply(1)).not.toBe('');
  });

  it('a request without response_id, or with one that is no integer, is refused and the next one answered', async () => {
    const { call, refused, logs } = await guardUnderTest();
    const client = await call();
    client.send({ interaction_type: 'response_required', timestamp: 1, transcript: SAID });
    for (const id of ['1', 1.5, -1, null, 2 ** 60, true]) client.ask(id as number, SAID);
    await client.settled();
    expect(client.of('response')).toHaveLength(1);
    expect(await refused('frame', 'wrong-types')).toBe(7);
    expect(logs().filter((line) => line.msg === 'frame refused')).toHaveLength(7);
    client.ask(1, SAID);
    expect(await client.reply(1)).not.toBe('');
  });

  it('a stray timestamp and fields nobody knows do no harm', async () => {
    const { call, refused } = await guardUnderTest();
    const client = await call();
    client.ask(
      1,
      [
        { ...HELLO, mood: 'calm' },
        { ...caller('hello there'), words: [], sentiment: { a: [1] } },
      ],
      {
        timestamp: 1_703_302_428_855,
        future: { deep: [[]] },
      },
    );
    expect(await client.reply(1)).not.toBe('');
    expect(await refused('frame', 'wrong-types')).toBe(0);
  });

  it('a request without a transcript is answered with what is known', async () => {
    const { call } = await guardUnderTest();
    const client = await call();
    client.update(SAID);
    client.send({ interaction_type: 'response_required', response_id: 1 });
    expect(await client.reply(1)).not.toBe('');
  });
});

describe('an answer is completed on every path', () => {
  const FALLBACK = 'Sorry, I did not get that. Could you say it once more?';

  it('when the model is refused', async () => {
    const model = await modelServer();
    const { call, record } = await guardUnderTest(model.config);
    const callId = newCallId();
    const client = await call(callId);
    client.ask(1, SAID);
    (await model.request(0)).fail(500);
    // It is asked once more.
    (await model.request(1)).fail(500);
    expect(await client.reply(1)).toBe(FALLBACK);
    client.ask(2, [...SAID, agent(FALLBACK), caller('i said tuesday')]);
    (await model.request(2)).end('Tuesday it is.');
    expect(await client.reply(2)).toBe('Tuesday it is.');
    client.socket.close(1000);
    const { faults } = await record(callId);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^reply: /);
  });

  it('when the answer is empty', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    (await model.request(0)).end();
    (await model.request(1)).end();
    expect(await client.reply(1)).toBe(FALLBACK);
    expect(client.responses(1).filter((one) => one.content_complete)).toHaveLength(1);
  });

  it('when the model breaks off in the middle of a sentence: the fallback sentence follows', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const answer = await model.request(0);
    answer.say('One');
    await client.until(() => client.said(1) === 'One');
    answer.say(' moment');
    await new Promise((resolve) => setTimeout(resolve, 30));
    answer.breakOff();
    expect(await client.reply(1)).toBe(`One moment ${FALLBACK}`);
  });

  it('when nobody listens where the model should be', async () => {
    const { call } = await guardUnderTest({
      responders: { model: { type: 'openai', model: 'test', base_url: 'http://127.0.0.1:9/v1' } },
      agents: { default: { responder: 'model' } },
    });
    const client = await call();
    client.ask(1, SAID);
    expect(await client.reply(1)).toBe(FALLBACK);
  });

  it.each([
    ['en', 'hi i would like to move my appointment please', /^Sorry, /],
    ['es', 'hola buenos dias quiero cambiar mi cita para el jueves por favor', /^Disculpe/],
    ['de', 'guten tag ich habe eine frage und mochte bitte den termin verschieben', /^Entschuldigung/],
    ['zh', '你好 我想 改 一下 我的 预约 时间', /^抱歉/],
  ])(
    "when the model is slow: a sentence in the caller's language (%s) by 4 s, and its late words are lost",
    async (_l, text, words) => {
      const model = await modelServer();
      const { call, clock, record } = await guardUnderTest(model.config);
      const callId = newCallId();
      const client = await call(callId);
      client.ask(1, [HELLO, caller(text)]);
      const slow = await model.request(0);
      await clock.pass(3_400);
      expect(client.responses(1)).toEqual([]);
      await clock.pass(600);
      expect(await client.reply(1)).toMatch(words);
      await client.until(() => slow.cancelled());
      slow.end('Too late.');
      await client.settled();
      await clock.pass(10_000);
      expect(client.said(1)).toMatch(words);
      expect(client.responses(1).filter((one) => one.content_complete)).toHaveLength(1);
      client.socket.close(1000);
      expect((await record(callId)).faults).toEqual(['no reply in time: the fallback sentence was said']);
    },
  );

  it('when the model stalls after its first words: the fallback sentence follows, and the next turn is answered', async () => {
    const model = await modelServer();
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const answer = await model.request(0);
    answer.say('Let me');
    await client.until(() => client.said(1) === 'Let me');
    expect(await client.reply(1)).toBe(`Let me ${FALLBACK}`);
    await client.until(() => answer.cancelled());
    client.ask(2, [...SAID, agent(`Let me ${FALLBACK}`), caller('hello')]);
    (await model.request(1)).end('Sorry about that.');
    expect(await client.reply(2)).toBe('Sorry about that.');
  });

  it('when it would never end: it is cut at 8000 characters', async () => {
    const model = await modelServer();
    const { call, clock } = await guardUnderTest(model.config);
    const client = await call();
    client.ask(1, SAID);
    const answer = await model.request(0);
    answer.say('a'.repeat(3_000), 'b'.repeat(3_000));
    await client.until(() => client.said(1).length > 0);
    answer.say('c'.repeat(3_000));
    const until = performance.now() + 3_000;
    while (!client.isComplete(1) && performance.now() < until) {
      await clock.pass(20);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(client.isComplete(1)).toBe(true);
    expect(client.said(1)).toHaveLength(8_000);
    await client.until(() => answer.cancelled());
  });
});
