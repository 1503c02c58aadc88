import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawFrame } from '../../src/responders/responder.ts';
import { expectNoDifference, relayUnderTest, type Stage } from './relay-kit.ts';
import { printed, referenceServer, silent } from './relay-upstream-server.ts';
import { agent, caller, type Spoken } from './retell-client.ts';

const text = (data: string): RawFrame => ({ data: Buffer.from(data), binary: false });

/** JSON as no serializer here would write it: a frame that is parsed and written again does not come out the same. */
const ODD = [
  '',
  ' ',
  'null',
  '"text"',
  '[]',
  '[{"interaction_type":"update_only"}]',
  '{}',
  '\ufeff{"interaction_type":"update_only"}',
  '{"interaction_type":"update_only","interaction_type":"ping_pong","timestamp":1,"timestamp":2}',
  '{"response_type":"response","response_id":1,"response_id":2,"content":"a","content":"b"}',
  '{"response_type":"metadata","metadata":{"n":12345678901234567890123,"e":1e999,"z":-0,"f":1.10}}',
  '{"response_type":"\\u0072esponse","response_id":0.0,"content":"\\ud83d\\ude00 \\/ 😀","content_complete":false}',
  '{"response_id":3,"content":"legacy, without a type","content_complete":true}',
  '{"__proto__":{"response_type":"response"},"constructor":1}',
  '{"response_type":"response","response_id":1,"content":"cut',
  `{"response_type":"new_in_2030","deep":${'['.repeat(500)}${']'.repeat(500)}}`,
  `{"interaction_type":"update_only","transcript":[],"padding":"${'x'.repeat(300_000)}"}`,
];

const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 });
const extra = fc.dictionary(fc.string({ unit: 'binary', maxLength: 12 }), json, { maxKeys: 4 });
const layout = fc.constantFrom<[number | string, string, string]>([0, '', ''], [2, '\r\n', ' \t'], ['\t', ' ', '\n\n']);
const written = (value: fc.Arbitrary<unknown>): fc.Arbitrary<RawFrame> =>
  fc
    .tuple(value, layout)
    .map(([it, [indent, before, after]]) => text(before + JSON.stringify(it, null, indent) + after));
const anyFrame = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ODD).map(text) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }).map(text) },
  { weight: 2, arbitrary: written(json) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((it) => ({ data: Buffer.from(it), binary: true })) },
);
const words = fc.string({ unit: 'grapheme', maxLength: 60 });
const turn = fc.nat({ max: 300 });
const spoken = fc.record({ role: fc.constantFrom('agent', 'user', 'system'), content: words }, { requiredKeys: [] });
const transcript = fc.array(spoken, { maxLength: 5 });

/** What the platform sends, or might. */
const fromPlatform = fc.oneof(
  { weight: 1, arbitrary: anyFrame },
  {
    weight: 2,
    arbitrary: written(
      fc
        .oneof(
          fc.tuple(
            fc.constant('ping_pong'),
            turn.map((timestamp) => ({ timestamp })),
          ),
          fc.tuple(fc.constant('call_details'), fc.record({ call: json })),
          fc.tuple(fc.constant('update_only'), fc.record({ transcript })),
          fc.tuple(fc.constant('response_required'), fc.record({ response_id: turn, transcript })),
          fc.tuple(fc.constant('reminder_required'), fc.record({ response_id: turn, transcript })),
          fc.tuple(words, fc.record({ response_id: json, transcript: json, timestamp: json })),
        )
        .chain(([type, fields]) => extra.map((more) => ({ ...more, interaction_type: type, ...fields }))),
    ),
  },
);

/** What a custom-LLM server sends, or might. */
const fromUpstream = fc.oneof(
  { weight: 1, arbitrary: anyFrame },
  {
    weight: 2,
    arbitrary: written(
      fc
        .oneof(
          fc.tuple(
            fc.constant('response'),
            fc.record({ response_id: turn, content: words, content_complete: fc.boolean() }),
          ),
          fc.tuple(fc.constant('agent_interrupt'), fc.record({ interrupt_id: turn, content: words })),
          fc.tuple(
            fc.constantFrom('config', 'update_agent', 'metadata', 'tool_call_result'),
            fc.record({ config: json }),
          ),
          fc.tuple(words, fc.record({ response_id: json, content: json })),
        )
        .chain(([type, fields]) => extra.map((more) => ({ ...more, response_type: type, ...fields }))),
    ),
  },
);

describe('10,000 generated frames', () => {
  it.each(['shadow', 'off'])('pass both ways byte for byte and in order (mode %s)', async (mode) => {
    const { upstream, line, logs } = await relayUnderTest(silent, { mode });
    const down = fc.sample(fromPlatform, { numRuns: 5_000, seed: 3 });
    const up = fc.sample(fromUpstream, { numRuns: 5_000, seed: 4 });
    const platform = line();
    await platform.dial();
    const { socket, received } = await upstream.connection(0);
    for (let sent = 0; sent < 5_000; sent += 250) {
      for (let i = sent; i < sent + 250; i++) {
        platform.send(down[i] as RawFrame);
        socket.send((up[i] as RawFrame).data, { binary: (up[i] as RawFrame).binary });
        // Both sides talk at once, in turns of the event loop that fall as they fall.
        if (i % 17 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await platform.until(() => received.length === sent + 250 && platform.trace.length === sent + 251);
    }
    expect(received.map(printed)).toEqual(down.map(printed));
    expect(platform.trace.slice(1)).toEqual(up.map(printed));
    expect(logs().filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('pass while the guard may act, as long as nobody has said a word', async () => {
    const { upstream, line } = await relayUnderTest(silent);
    const down = fc.sample(anyFrame, { numRuns: 500, seed: 5 });
    const up = fc.sample(fromUpstream, { numRuns: 500, seed: 6 });
    const platform = line();
    await platform.dial();
    const { socket, received } = await upstream.connection(0);
    for (const [i, frame] of down.entries()) {
      platform.send(frame);
      socket.send((up[i] as RawFrame).data, { binary: (up[i] as RawFrame).binary });
    }
    await platform.until(() => received.length === 500 && platform.trace.length === 501);
    expect(received.map(printed)).toEqual(down.map(printed));
    expect(platform.trace.slice(1)).toEqual(up.map(printed));
  });

  it('also those that are large', async () => {
    const large = [text(`"${'é'.repeat(800_000)}"`), { data: Buffer.alloc(1_500_000, 7), binary: true }, text('{}')];
    const { upstream, line } = await relayUnderTest(silent);
    const platform = line();
    await platform.dial();
    const { socket, received } = await upstream.connection(0);
    for (const frame of large) {
      platform.send(frame);
      socket.send(frame.data, { binary: frame.binary });
    }
    await platform.until(() => received.length === 3 && platform.trace.length === 4);
    expect(received.map(printed)).toEqual(large.map(printed));
    expect(platform.trace.slice(1)).toEqual(large.map(printed));
  });
});

const HELLO = agent('Thanks for calling, what can I do for you?');
const ASKED = [HELLO, caller('hi i would like to move my appointment to friday')];

/** A call that has been greeted. */
async function begin({ line, pass }: Stage): Promise<void> {
  await line.dial();
  await line.until(() => line.texts.length === 1);
  line.details();
  await line.settled();
  await pass(700);
}

/** The upstream says `words` more of what it has to say. */
async function say({ line, upstream }: Stage, times: number): Promise<void> {
  await line.settled();
  for (let i = 0; i < times; i++) upstream.tick();
  await line.settled();
}

/** One turn, answered in full. */
async function turnOf(stage: Stage, id: number, said: readonly Spoken[], type?: string): Promise<void> {
  stage.line.update(said);
  stage.line.ask(id, said, type);
  await stage.pass(300);
  await say(stage, 12);
  await stage.pass(2_000);
}

const answered = [...ASKED, agent('About 48 letters: let me see.')];

describe('the reference server behind the guard', () => {
  it('a call of turns, a reminder and keep-alives, that the caller ends', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, pass } = stage;
      await begin(stage);
      await turnOf(stage, 1, ASKED);
      for (let i = 0; i < 5; i++) {
        await line.settled();
        await pass(2_000);
      }
      await turnOf(stage, 2, answered, 'reminder_required');
      const more = [...answered, agent('Are you still with me?'), caller('yes sorry i was looking for my calendar')];
      line.send({ interaction_type: 'update_only', transcript: more, turntaking: 'agent_turn', new_in_2030: [1e3] });
      await turnOf(stage, 3, more);
      line.close(1000);
      await line.closed();
    });
    expect(guarded.platform.filter((one) => one.includes('"content_complete":true'))).toHaveLength(4);
    expect(guarded.upstream[0]?.at(-1)).toBe('closed 1000');
  });

  it('a newer request in the middle of an answer, and one that repeats an id', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line } = stage;
      await begin(stage);
      line.ask(1, ASKED);
      await say(stage, 2);
      line.update([...ASKED, caller('or')]);
      line.ask(2, [...ASKED, caller('or on monday')]);
      await say(stage, 3);
      line.ask(2, [...ASKED, caller('or on monday')]);
      line.ask(3, [...ASKED, caller('or on monday morning')], 'reminder_required');
      line.ask(4, [...ASKED, caller('or on monday morning if you have time then')]);
      await say(stage, 12);
      line.close(1001);
      await line.closed();
    });
    for (const id of [1, 2, 3, 4]) expect(guarded.platform.join()).toContain(`"response_id":${id}`);
  });

  it('a lost connection in the middle of an answer, and a call that goes on over the next one', async () => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line, pass } = stage;
      await begin(stage);
      line.ask(1, ASKED);
      await say(stage, 2);
      line.terminate();
      await line.closed();
      await pass(3_000);
      await line.dial();
      line.details();
      await line.settled();
      // The answer that was cut off is asked for again.
      line.ask(1, ASKED);
      await say(stage, 12);
      await pass(1_000);
      line.ask(2, [...answered, caller('are you still there')]);
      await say(stage, 12);
      line.terminate();
      await line.closed();
      await line.dial();
      await line.settled();
      // A platform that counts anew after a reconnect.
      await turnOf(stage, 1, [...answered, caller('friday at ten would be lovely')]);
      await turnOf(stage, 2, [...answered, caller('friday at ten would be lovely thank you')]);
      line.close();
      await line.closed();
    });
    expect(guarded.upstream.map((one) => one.at(-1))).toEqual(['closed 1006', 'closed 1006', 'closed 1005']);
  });

  it.each([1000, undefined])('its own end of the call, which the platform then closes with %s', async (code) => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line } = stage;
      await begin(stage);
      await turnOf(stage, 1, ASKED);
      await turnOf(stage, 2, [...answered, caller('that was all thank you goodbye')]);
      line.update([...answered, caller('that was all thank you goodbye'), agent('Thank you, and goodbye.')]);
      await line.settled();
      line.close(code);
      await line.closed();
    });
    expect(guarded.platform.at(-2)).toContain('"ping_pong"');
    expect(guarded.platform.join()).toContain('"end_call":true');
  });

  it.each<[string, (stage: Stage) => void, number]>([
    ['1000', ({ upstream }) => upstream.connections[0]?.socket.close(1000), 1000],
    ['no code', ({ upstream }) => upstream.connections[0]?.socket.close(), 1005],
    ['1012', ({ upstream }) => upstream.connections[0]?.socket.close(1012), 1012],
    ['4000', ({ upstream }) => upstream.connections[0]?.socket.close(4000, 'own reason'), 4000],
    ['1011, for what it could not read', ({ line }) => line.send('{"interaction_type":'), 1011],
    ['1007, for a binary frame', ({ line }) => line.send({ data: Buffer.from('{}'), binary: true }), 1007],
    ['no close frame at all', ({ upstream }) => upstream.connections[0]?.socket.terminate(), 1006],
  ])('its close with %s, in the middle of an answer', async (_how, end, code) => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      const { line } = stage;
      await begin(stage);
      await turnOf(stage, 1, ASKED);
      line.ask(2, [...answered, caller('friday at ten would be lovely')]);
      await say(stage, 2);
      end(stage);
      await line.closed();
    });
    expect(guarded.platform.at(-1)).toBe(`closed ${code}`);
  });

  it.each([1000, 1001, 1011, 3001, 4999, undefined])('a close of the platform with %s', async (code) => {
    const { guarded } = await expectNoDifference(referenceServer, async (stage) => {
      await begin(stage);
      stage.line.ask(1, ASKED);
      await say(stage, 2);
      stage.line.close(code);
      await stage.line.closed();
    });
    expect(guarded.upstream[0]?.at(-1)).toBe(`closed ${code ?? 1005}`);
  });
});
