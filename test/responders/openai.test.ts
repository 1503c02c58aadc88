import { getEventListeners, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ModelRequest } from '../../src/responders/model-client.ts';
import { type OpenaiOptions, openaiClient } from '../../src/responders/openai.ts';
import { failure, question } from './model-scenarios.ts';
import { chunk, collect, event, head, modelRequest, sse, sseServer, textOf, until } from './sse-server.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function setUp(answer: Parameters<typeof sseServer>[0], options: Partial<OpenaiOptions> = {}) {
  const server = await sseServer(answer);
  const client = openaiClient({
    name: 'main',
    model: 'test-model',
    apiKey: 'sk-secret',
    baseUrl: server.url,
    ...options,
  });
  cleanups.push(client.close, server.close);
  return { server, client, answer: (request = modelRequest(), signal = never) => client.stream(request, signal) };
}

const never = new AbortController().signal;

describe('requests', () => {
  async function bodyOf(request: ModelRequest, options: Partial<OpenaiOptions> = {}) {
    let sent: Record<string, unknown> = {};
    const { answer } = await setUp((res, body) => {
      sent = body;
      head(res);
      res.end(sse(['Hi.']));
    }, options);
    await collect(answer(request));
    return sent;
  }

  test('the system prompt is first, and options are sent only where they are set', async () => {
    expect(await bodyOf(modelRequest('Hi'), { temperature: 0.2, maxTokens: 90 })).toEqual({
      model: 'test-model',
      stream: true,
      temperature: 0.2,
      max_tokens: 90,
      messages: [
        { role: 'system', content: 'You are Ada.' },
        { role: 'user', content: 'Hi' },
      ],
    });
    expect(Object.keys(await bodyOf(modelRequest()))).toEqual(['model', 'stream', 'messages']);
  });

  test('tools, their calls and their results', async () => {
    const parameters = { type: 'object', properties: {} };
    const body = await bodyOf({
      system: '',
      tools: [{ name: 'free_times', description: 'Free times.', parameters }],
      messages: [
        { role: 'user', content: 'A table?' },
        {
          role: 'assistant',
          content: '',
          calls: [
            { id: 'a', name: 'free_times', arguments: '{"day":"Monday"}' },
            { id: 'b', name: 'free_times', arguments: '{}' },
          ],
        },
        {
          role: 'tool',
          results: [
            { id: 'a', content: '7 pm', failed: false },
            { id: 'b', content: 'no answer', failed: true },
          ],
        },
      ],
    });
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'free_times', arguments: args },
    });
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'free_times', description: 'Free times.', parameters } },
    ]);
    expect(body.messages).toEqual([
      { role: 'user', content: 'A table?' },
      { role: 'assistant', content: null, tool_calls: [call('a', '{"day":"Monday"}'), call('b', '{}')] },
      { role: 'tool', tool_call_id: 'a', content: '7 pm' },
      { role: 'tool', tool_call_id: 'b', content: 'Failed: no answer' },
    ]);
  });

  test('a question asks for the schema, strictly, and at temperature 0 where there is one', async () => {
    const bodies: Record<string, unknown>[] = [];
    const { client } = await setUp(
      (res, body) => {
        bodies.push(body);
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify({ choices: [{ message: { content: '{}' }, finish_reason: 'stop' }] }));
      },
      { temperature: 0.7 },
    );
    expect(await client.ask(question, never)).toEqual({ value: {} });
    expect(bodies[0]).toEqual({
      model: 'test-model',
      temperature: 0,
      max_tokens: 100,
      messages: [
        { role: 'system', content: question.system },
        { role: 'user', content: question.content },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'verdict', schema: question.schema, strict: true } },
    });
  });

  test('a refusal of a question in its own field is a bad answer', async () => {
    const { client } = await setUp((res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      const message = { content: '{"category":"silent"}', refusal: 'I cannot.' };
      res.end(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }));
    });
    expect(await failure(client.ask(question, never))).toMatchObject({ code: 'bad-answer', retryable: false });
  });
});

describe('answers', () => {
  test('passes the first token on before the second exists', async () => {
    let second = () => {};
    const { answer } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'One' }));
      second = () => res.end(sse([' two']));
    });
    const pieces = answer()[Symbol.asyncIterator]();
    expect(await pieces.next()).toMatchObject({ value: { text: 'One' } });
    second();
    expect(await pieces.next()).toMatchObject({ value: { text: ' two' } });
  });

  test.each([1, 2, 3, 7])('is the same when cut every %i bytes, within characters too', async (size) => {
    const bytes = Buffer.from(sse(['Grüße, ', '你好 ', '👋🏽 ', 'مرحبا']));
    const { answer } = await setUp(async (res) => {
      head(res);
      for (let at = 0; at < bytes.length; at += size) {
        res.write(bytes.subarray(at, at + size));
        if (at % 5 === 0) await sleep(0);
      }
      res.end();
    });
    expect(textOf(await collect(answer()))).toBe('Grüße, 你好 👋🏽 مرحبا');
  });

  test('reports usage where the server gives it, and asks for it only when told', async () => {
    const { answer } = await setUp(
      (res, body) => {
        expect(body.stream_options).toEqual({ include_usage: true });
        head(res);
        res.write(chunk({ content: 'Hi.' }) + chunk({}, 'length'));
        const usage = { prompt_tokens: 100, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 80 } };
        res.end(event({ choices: [], usage }) + event('[DONE]'));
      },
      { usage: true, price: { input: 2, output: 8 } },
    );
    const usage = { model: 'test-model', inputTokens: 100, cachedTokens: 80, outputTokens: 3, cost: 224 / 1e6 };
    expect((await collect(answer())).at(-1)).toEqual({ type: 'finish', reason: 'length', usage });
  });

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'tool-calls'],
    ['eos', 'other'],
  ])('maps the finish reason %s', async (theirs, ours) => {
    const { answer } = await setUp((res) => {
      head(res);
      res.end(sse(['Hi.'], theirs));
    });
    expect((await collect(answer())).at(-1)).toEqual({ type: 'finish', reason: ours });
  });

  test('does without [DONE], and without a finish reason', async () => {
    const { answer } = await setUp((res, body) => {
      head(res);
      res.end(chunk({ content: 'Hi.' }) + (JSON.stringify(body).includes('bare') ? '' : chunk({}, 'stop')));
    });
    expect((await collect(answer())).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect((await collect(answer(modelRequest('bare')))).at(-1)).toEqual({ type: 'finish', reason: 'other' });
  });

  test('ends soon when the server leaves a finished answer open, or drops it', async () => {
    const { answer } = await setUp((res, body) => {
      head(res);
      res.write(sse(['Hi.']));
      if (JSON.stringify(body).includes('drop')) setTimeout(() => res.destroy(), 20);
    });
    const startedAt = performance.now();
    expect((await collect(answer())).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect((await collect(answer(modelRequest('drop')))).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('an answer that never ends is over after a minute', async () => {
    const { answer, server } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const pieces = answer()[Symbol.asyncIterator]();
      expect(await pieces.next()).toMatchObject({ value: { text: 'Half a' } });
      const rest = failure(pieces.next());
      vi.advanceTimersByTime(60_000);
      expect(await rest).toMatchObject({ code: 'timed-out', retryable: false });
    } finally {
      vi.useRealTimers();
    }
    await until(() => server.sockets.size === 0);
  });

  test('passes a refusal on as text', async () => {
    const { answer } = await setUp((res) => {
      head(res);
      res.end(chunk({ refusal: 'I cannot ' }) + chunk({ refusal: 'do that.' }) + chunk({}, 'stop'));
    });
    const pieces = await collect(answer());
    expect(textOf(pieces)).toBe('I cannot do that.');
    expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'refusal' });
  });

  test('cuts an endless answer', async () => {
    const { answer } = await setUp((res) => {
      head(res);
      for (let i = 0; i < 300; i += 1) res.write(chunk({ content: 'blah '.repeat(40) }));
    });
    const pieces = await collect(answer());
    expect(textOf(pieces).length).toBe(20_000);
    expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  test('tool calls of several places, in their order, after the text', async () => {
    const part = (index: number, rest: Record<string, unknown>) => chunk({ tool_calls: [{ index, ...rest }] });
    const { answer } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'One moment. ' }));
      res.write(part(1, { id: 'b', function: { name: 'other', arguments: '' } }));
      res.write(part(0, { id: 'a', type: 'function', function: { name: 'report_caller', arguments: '{"a":' } }));
      res.end(part(0, { function: { arguments: '1}' } }) + chunk({}, 'tool_calls') + event('[DONE]'));
    });
    expect(await collect(answer())).toEqual([
      { type: 'text', text: 'One moment. ' },
      { type: 'tool-call', id: 'a', name: 'report_caller', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'b', name: 'other', arguments: '{}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  test('whole tool calls without an index are told apart; too many are a bad answer', async () => {
    const { answer } = await setUp((res, body) => {
      head(res);
      const count = JSON.stringify(body).includes('many') ? 17 : 2;
      for (let i = 0; i < count; i += 1) {
        res.write(chunk({ tool_calls: [{ id: `c${i}`, function: { name: 'x', arguments: `{"i":${i}}` } }] }));
      }
      res.end(chunk({}, 'tool_calls'));
    });
    expect(await collect(answer())).toMatchObject([{ id: 'c0' }, { id: 'c1', arguments: '{"i":1}' }, {}]);
    expect(await failure(collect(answer(modelRequest('many'))))).toMatchObject({ code: 'bad-answer' });
  });

  test.each([
    ['null', event('null')],
    ['choices of a wrong type', event({ choices: [{ delta: { content: 7 } }] })],
  ])('%s', async (_what, text) => {
    const { answer } = await setUp((res) => {
      head(res);
      res.end(text);
    });
    expect(await failure(collect(answer()))).toMatchObject({ code: 'bad-answer' });
  });

  test.each([
    [{ code: 'insufficient_quota' }, 'rate-limited', false],
    [{ code: 'rate_limit_exceeded' }, 'rate-limited', true],
    [{ code: 'x' }, 'server-error', true],
  ])('an error %j, as a status and in the stream', async (error, code, retryable) => {
    const { answer } = await setUp((res, body) => {
      if (JSON.stringify(body).includes('stream!')) head(res);
      else res.writeHead(code === 'server-error' ? 500 : 429, { 'content-type': 'application/json' });
      res.end(JSON.stringify(body).includes('stream!') ? event({ error }) : JSON.stringify({ error }));
    });
    expect(await failure(collect(answer()))).toMatchObject({ code, retryable });
    expect(await failure(collect(answer(modelRequest('stream!'))))).toMatchObject({ code, retryable });
  });
});

describe('connections', () => {
  test('a server that cannot be reached', async () => {
    const { answer, server } = await setUp(() => {});
    server.close();
    expect(await failure(collect(answer()))).toMatchObject({
      code: 'unreachable',
      retryable: true,
      message: 'the connection to the model server failed (ECONNREFUSED)',
    });
  });

  test.each(['', 'nonsense', 'ftp://host/v1'])('refuses the URL %j at start-up', (baseUrl) => {
    expect(() => openaiClient({ name: 'm', model: 'm', apiKey: 'k', baseUrl })).toThrow(RangeError);
  });

  test('50 aborted requests under one signal leave no sockets and no listeners', async () => {
    let asked = 0;
    const { answer, server } = await setUp((res) => {
      asked += 1;
      if (asked % 2 === 0) return;
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const listeners = () => getEventListeners(stop.signal, 'abort').length;
    const all = Array.from({ length: 50 }, () => collect(answer(modelRequest(), stop.signal)));
    await until(() => asked === 50);
    expect(listeners()).toBe(50);
    stop.abort();
    await Promise.all(all);
    expect(listeners()).toBe(0);
    await until(() => server.sockets.size === 0);
  });

  test('three turns use one socket; close of the client closes it', async () => {
    const { answer, server, client } = await setUp((res) => {
      head(res);
      res.end(sse(['Hi ', 'there.']));
    });
    for (let i = 0; i < 3; i += 1) await collect(answer());
    expect(server.connections()).toBe(1);
    expect(server.sockets.size).toBe(1);
    client.close();
    await until(() => server.sockets.size === 0);
  });
});
