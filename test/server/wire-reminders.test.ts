import { describe, expect, it } from 'vitest';
import { guardUnderTest } from './guard-kit.ts';
import { modelServer } from './model-server.ts';
import { agent, caller } from './retell-client.ts';

const HELLO = agent('Hello, how can I help you?');

/** Section 1.5 of the wire: `update_agent`, by which silence can be seen. */
describe('reminders', () => {
  it('are set by update_agent when the call opens, before anything is said, in whole numbers', async () => {
    const { call } = await guardUnderTest({ silence: { trigger_ms: 7_000, max_count: 4 } });
    const client = await call();
    expect(client.frames[1]).toEqual({
      response_type: 'update_agent',
      agent_config: { reminder_trigger_ms: 7_000, reminder_max_count: 4 },
    });
    expect(client.frames[2]).toMatchObject({ response_id: 0 });
  });

  it('are given back as the agent had them once the caller is known for a person', async () => {
    const model = await modelServer({ reminders: { trigger_ms: 12_000, max_count: 2 } });
    const { call } = await guardUnderTest(model.config);
    const client = await call();
    const said = [HELLO];
    const talk = [
      ['hi i would like to move my appointment to next tuesday', 'Of course. May I have your name?'],
      ['my name is carla and i was there last week', 'Thank you, Carla. At what time on Tuesday?'],
      ['no i said three in the afternoon not two', 'Three it is, then.'],
      ['yes that would be fine thank you', 'You are all set.'],
      ['can you also tell me what to bring', 'Your insurance card, please.'],
    ] as const;
    for (const [i, [line, answer]] of talk.entries()) {
      said.push(caller(line));
      client.ask(i + 1, said);
      (await model.request(i)).end(answer);
      said.push(agent(await client.reply(i + 1)));
    }
    await client.settled();
    expect(client.of('update_agent').map((one) => one.agent_config)).toEqual([
      { reminder_trigger_ms: 8_000, reminder_max_count: 6 },
      { reminder_trigger_ms: 12_000, reminder_max_count: 2 },
    ]);
  });

  it.each(['shadow', 'off'])('are left alone in %s mode', async (mode) => {
    const { call } = await guardUnderTest({ mode });
    const client = await call();
    client.remind(1, [HELLO]);
    await client.reply(1);
    expect(client.of('update_agent')).toEqual([]);
  });

  it('are answered, each once, until silence has gone on for too long: then the call is closed in the open', async () => {
    const { call, clock, total } = await guardUnderTest();
    const client = await call();
    const isHungUp = (): boolean => client.frames.some((one) => 'end_call' in one && one.end_call === true);
    const said = [HELLO];
    let turn = 0;
    while (!isHungUp() && turn < 8) {
      await clock.pass(8_000);
      client.remind(++turn, said);
      // While the closing sentence waits for an answer, so does the turn.
      await client.settled();
      await clock.pass(8_000);
      said.push(agent(await client.reply(turn)));
    }
    expect(isHungUp()).toBe(true);
    expect(turn).toBeGreaterThanOrEqual(3);
    expect(said.slice(1).map((one) => one.content)).toContain('If you are there, please say anything or press a key.');
    expect(await total('hangup_guard_rungs_total')).toBeGreaterThanOrEqual(2);
  });
});
