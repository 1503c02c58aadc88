import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import type { ModelClient } from '../../src/responders/model-client.ts';
import { ResponderError } from '../../src/responders/responder.ts';
import { collect, modelRequest, textOf, until } from './sse-server.ts';
import { type Wire, type WireOptions, wires } from './wires.ts';

/** What the server does with the one request of a test. */
export interface Script {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** After the body; `hang` keeps the connection open, `mute` sends not even the head. Default `end`. */
  readonly after?: 'end' | 'hang' | 'reset' | 'mute';
}

/** A server on loopback, or one that stands in for it inside the process. */
export interface Stage {
  readonly url: string;
  /** Requests so far. */
  asked(): number;
  /** Connections that are open; 0 where there are none. */
  open(): number;
  close(): void;
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

export async function failure(run: Promise<unknown>): Promise<ResponderError> {
  const error = await run.then(
    () => new Error('did not fail'),
    (e: unknown) => e,
  );
  if (!(error instanceof ResponderError)) throw error;
  return error;
}

/** What every provider must do with every server, however it is reached. */
export function modelScenarios(stage: (wire: Wire, script: Script) => Promise<Stage>): void {
  describe.each(['openai', 'anthropic'] as const)('%s', (provider) => {
    const wire = wires[provider];
    const cleanups: (() => unknown)[] = [];
    afterEach(async () => {
      for (const clean of cleanups.splice(0)) await clean();
    });

    async function play(script: Script, options?: WireOptions) {
      const timersBefore = timers();
      const server = await stage(wire, script);
      const client: ModelClient = wire.client(server.url, options);
      const call = new AbortController();
      cleanups.push(
        () => expect(getEventListeners(call.signal, 'abort')).toEqual([]),
        () => client.close(),
        () => until(() => server.open() === 0 && timers() <= timersBefore),
        () => server.close(),
      );
      return { client, call, server, answer: (text?: string) => client.stream(modelRequest(text), call.signal) };
    }

    test('an ordinary answer', async () => {
      const { answer } = await play({ body: wire.whole(['Yes, ', 'we ', 'do.']) });
      const pieces = await collect(answer());
      expect(textOf(pieces)).toBe('Yes, we do.');
      expect(pieces.map(({ type }) => type)).toEqual(['text', 'text', 'text', 'finish']);
      expect(pieces.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
    });

    test('a length stop keeps what was said', async () => {
      const { answer } = await play({ body: wire.begun('Half a') + wire.ended('length') });
      expect(await collect(answer())).toMatchObject([{ text: 'Half a' }, { type: 'finish', reason: 'length' }]);
    });

    test('a refusal without a word fails, and the same model is not asked again', async () => {
      const { answer } = await play({ body: wire.begun('') + wire.ended('refusal') });
      expect(await failure(collect(answer()))).toMatchObject({ code: 'bad-answer', retryable: false });
    });

    test('a refusal in mid-answer is told at the finish', async () => {
      const { answer } = await play({ body: wire.begun('Well,') + wire.ended('refusal') });
      const finish = (await collect(answer())).at(-1);
      expect(finish).toMatchObject({ reason: provider === 'openai' ? 'content-filter' : 'refusal' });
    });

    test('a tool call in pieces', async () => {
      const { answer } = await play({ body: wire.called('t1', 'report_caller', ['{"cate', 'gory":"si', 'lent"}']) });
      expect(await collect(answer())).toMatchObject([
        { type: 'tool-call', id: 't1', name: 'report_caller', arguments: '{"category":"silent"}' },
        { type: 'finish', reason: 'tool-calls' },
      ]);
    });

    test.each(['{"private":', '["private"]', '"private"', '{} {"private":1}'])('tool arguments %s', async (json) => {
      const { answer } = await play({ body: wire.called('t1', 'report_caller', [json]) });
      const error = await failure(collect(answer()));
      expect(error).toMatchObject({ code: 'bad-answer', retryable: true });
      expect(`${error.message} ${error.stack}`).not.toContain('private');
    });

    test('tool arguments and tool calls have limits', async () => {
      const long = await play({ body: wire.called('t1', 'x', ['{"a":"', 'x'.repeat(40_000), '"}']) });
      expect(await failure(collect(long.answer()))).toMatchObject({ code: 'bad-answer' });
    });

    test.each([
      ['an empty answer', (w: Wire) => w.whole([' ', '\n']), 'bad-answer'],
      ['no event at all', () => '', 'bad-answer'],
      ['a page of HTML', () => '<html>private</html>', 'bad-answer'],
      ['broken JSON', () => 'event: content_block_delta\ndata: {"choices": private\n\n', 'bad-answer'],
      ['a body without end', () => `data: ${'private'.repeat(700_000)}`, 'bad-answer'],
      ['an error in the stream', (w: Wire) => w.failed('private'), 'server-error'],
    ])('%s', async (_what, body, code) => {
      const { answer } = await play({ body: body(wire) });
      const error = await failure(collect(answer('private')));
      expect(error).toMatchObject({ code });
      expect(`${error.message} ${error.stack} ${error.cause}`).not.toMatch(/private|sk-secret/);
    });

    test('an error in mid-stream: not to be tried again, as the caller has heard the beginning', async () => {
      const { answer } = await play({ body: wire.begun('Half a') + wire.failed('private') });
      const heard: unknown[] = [];
      const error = await failure(
        (async () => {
          for await (const piece of answer()) heard.push(piece);
        })(),
      );
      expect(heard).toEqual([{ type: 'text', text: 'Half a' }]);
      expect(error).toMatchObject({ code: 'server-error', retryable: false });
    });

    test.each([
      [401, {}, 'refused', false, undefined],
      [400, {}, 'refused', false, undefined],
      [301, { location: 'http://127.0.0.1:1/' }, 'refused', false, undefined],
      [429, {}, 'rate-limited', true, undefined],
      [429, { 'retry-after': '3' }, 'rate-limited', true, 3000],
      [429, { 'retry-after-ms': '250', 'retry-after': '3' }, 'rate-limited', true, 250],
      [429, { 'retry-after': '86400' }, 'rate-limited', true, 60_000],
      [429, { 'x-should-retry': 'false' }, 'rate-limited', false, undefined],
      [408, {}, 'timed-out', true, undefined],
      [500, { 'retry-after': 'soon' }, 'server-error', true, undefined],
      [503, { 'retry-after': '-4' }, 'server-error', true, undefined],
      [529, { 'retry-after': '1' }, 'server-error', true, 1000],
    ])('status %i %j', async (status, headers, code, retryable, retryAfterMs) => {
      const body = JSON.stringify({ error: { type: 'some_error', message: 'key sk-secret; you said private' } });
      const { answer, server } = await play({
        status,
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      const error = await failure(collect(answer('private')));
      expect(error).toMatchObject({ code, retryable, message: `the model server answered ${status}` });
      expect(error.retryAfterMs).toBe(retryAfterMs);
      expect(`${error.stack} ${error.cause}`).not.toMatch(/sk-secret|private/);
      expect(server.asked()).toBe(1);
    });

    test('a date to retry after is in ms from now', async () => {
      const date = new Date(Date.now() + 20_000).toUTCString();
      const { answer } = await play({ status: 503, headers: { 'retry-after': date }, body: '{}' });
      const { retryAfterMs } = await failure(collect(answer()));
      expect(retryAfterMs).toBeGreaterThan(17_000);
      expect(retryAfterMs).toBeLessThan(20_001);
    });

    test('a reset before the first piece, and after one', async () => {
      const first = await play({ body: ': nothing yet\n\n', after: 'reset' });
      expect(await failure(collect(first.answer()))).toMatchObject({ code: 'unreachable', retryable: true });
      const second = await play({ body: wire.begun('Half a'), after: 'reset' });
      expect(await failure(collect(second.answer()))).toMatchObject({ code: 'unreachable', retryable: false });
    });

    test.each(['mute', 'hang'] as const)('abort before the first token (%s)', async (after) => {
      const { answer, call, server } = await play({ after });
      const done = collect(answer());
      await until(() => server.asked() === 1);
      call.abort();
      expect(await done).toEqual([]);
      await until(() => server.open() === 0);
    });

    test('abort between tokens', async () => {
      const { answer, call, server } = await play({ body: wire.begun('Half a'), after: 'hang' });
      const heard: unknown[] = [];
      for await (const piece of answer()) {
        heard.push(piece);
        call.abort();
      }
      expect(heard).toEqual([{ type: 'text', text: 'Half a' }]);
      await until(() => server.open() === 0);
    });

    test('a reader that leaves early, and the close of the client', async () => {
      const left = await play({ body: wire.begun('Half a'), after: 'hang' });
      for await (const _piece of left.answer()) break;
      await until(() => left.server.open() === 0);
      const closed = await play({ body: wire.begun('Half a'), after: 'hang' });
      for await (const _piece of closed.answer()) closed.client.close();
      await until(() => closed.server.open() === 0);
    });

    test('asks nothing when it was aborted before', async () => {
      const { client, server } = await play({});
      expect(await collect(client.stream(modelRequest(), AbortSignal.abort()))).toEqual([]);
      expect(await failure(client.ask(question, AbortSignal.abort()))).toMatchObject({ code: 'timed-out' });
      expect(server.asked()).toBe(0);
    });

    const json = { 'content-type': 'application/json' };

    test('a question is answered by an object, with what it cost', async () => {
      const body = JSON.stringify(wire.plain('{"category":"silent"}'));
      const { client, call } = await play(
        { headers: json, body },
        { price: { input: 1, cached_input: 0.5, output: 4 } },
      );
      expect(await client.ask(question, call.signal)).toEqual({
        value: { category: 'silent' },
        usage: {
          model: 'test-model',
          inputTokens: 100,
          cachedTokens: 60,
          outputTokens: 5,
          cost: (40 * 1 + 60 * 0.5 + 5 * 4) / 1e6,
        },
      });
    });

    test.each([
      ['cut off', wire.plain('{"category":"sil', 'length'), true],
      ['refused', wire.plain('private', 'refusal'), false],
      ['no JSON', wire.plain('It is private.'), true],
      ['no object', wire.plain('["private"]'), true],
      ['too long', wire.plain(`{"a":"${'private'.repeat(10_000)}"}`), true],
      ['empty', {}, true],
      ['nothing', null, true],
    ])('an answer to a question that is %s', async (_what, answer, retryable) => {
      const { client, call } = await play({ headers: json, body: JSON.stringify(answer) });
      const error = await failure(client.ask(question, call.signal));
      expect(error).toMatchObject({ code: 'bad-answer', retryable });
      expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('private');
    });

    test('a question is given up with the signal, and fails as an answer does', async () => {
      const { client, call, server } = await play({ after: 'mute' });
      const asked = failure(client.ask(question, call.signal));
      await until(() => server.asked() === 1);
      call.abort();
      expect(await asked).toMatchObject({ code: 'timed-out' });
      const broken = await play({ headers: json, body: '{"private', status: 200 });
      expect(await failure(broken.client.ask(question, broken.call.signal))).toMatchObject({ code: 'bad-answer' });
      const limited = await play({ headers: { ...json, 'retry-after': '2' }, body: '{}', status: 429 });
      expect(await failure(limited.client.ask(question, limited.call.signal))).toMatchObject({
        code: 'rate-limited',
        retryAfterMs: 2000,
      });
    });
  });
}

export const question = {
  system: 'What kind of caller is this?',
  content: '<caller>Hello</caller>',
  name: 'verdict',
  schema: {
    type: 'object',
    properties: { category: { type: 'string' } },
    required: ['category'],
    additionalProperties: false,
  },
  maxTokens: 100,
};
