import { afterEach, describe, expect, test } from 'vitest';
import { type AnthropicOptions, anthropicClient } from '../../src/responders/anthropic.ts';
import type { ModelRequest } from '../../src/responders/model-client.ts';
import { failure, question } from './model-scenarios.ts';
import { collect, head, modelRequest, sseServer, textOf, until } from './sse-server.ts';
import { block, messageEnd, messageStart, named, textDelta, wires } from './wires.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function setUp(answer: Parameters<typeof sseServer>[0], options: Partial<AnthropicOptions> = {}) {
  const server = await sseServer(answer);
  const client = anthropicClient({
    name: 'main',
    model: 'claude-haiku-4-5',
    apiKey: 'sk-secret',
    baseUrl: server.url,
    ...options,
  });
  cleanups.push(client.close, server.close);
  return { server, client, answer: (request = modelRequest()) => client.stream(request, never) };
}

/** The pieces that come of a stream. */
async function piecesOf(stream: string, options: Partial<AnthropicOptions> = {}) {
  const { answer } = await setUp((res) => {
    head(res);
    res.end(stream);
  }, options);
  return collect(answer());
}

const never = new AbortController().signal;
const text = block(0, { type: 'text', text: '' }, [textDelta('Hi.')]);

describe('requests', () => {
  async function sent(request: ModelRequest, options: Partial<AnthropicOptions> = {}) {
    let body: Record<string, unknown> = {};
    let headers: Record<string, unknown> = {};
    let path: string | undefined;
    const { answer } = await setUp((res, got, req) => {
      body = got;
      headers = req.headers;
      path = req.url;
      head(res);
      res.end(wires.anthropic.whole(['Hi.']));
    }, options);
    await collect(answer(request));
    return { body, headers, path };
  }

  test('one cache mark stands behind tools and system', async () => {
    const parameters = { type: 'object', properties: { day: { type: 'string' } } };
    const { body, path } = await sent(
      { ...modelRequest('Hi'), tools: [{ name: 'free_times', description: 'Free times.', parameters }] },
      { maxTokens: 90 },
    );
    expect(path).toBe('/v1/messages');
    expect(body).toEqual({
      model: 'claude-haiku-4-5',
      stream: true,
      max_tokens: 90,
      system: [{ type: 'text', text: 'You are Ada.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'free_times', description: 'Free times.', input_schema: parameters }],
      messages: [{ role: 'user', content: 'Hi' }],
    });
  });

  test('without a system prompt there is no empty block', async () => {
    const { body } = await sent({ ...modelRequest(), system: '' });
    expect(Object.keys(body).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream']);
  });

  test('results of tools are the user’s, and stand before what the caller says next', async () => {
    const { body } = await sent({
      system: '',
      tools: [],
      messages: [
        { role: 'user', content: 'A table?' },
        { role: 'assistant', content: 'Let me see.', calls: [{ id: 'a', name: 'free_times', arguments: '{"day":1}' }] },
        { role: 'tool', results: [{ id: 'a', content: '7 pm', failed: false }] },
        { role: 'user', content: 'Hello?' },
        { role: 'assistant', content: '', calls: [{ id: 'b', name: 'free_times', arguments: 'broken' }] },
        { role: 'tool', results: [{ id: 'b', content: 'no answer', failed: true }] },
        { role: 'assistant', content: 'Sorry.' },
        { role: 'user', content: 'Well?' },
      ],
    });
    expect(body.messages).toEqual([
      { role: 'user', content: 'A table?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'a', name: 'free_times', input: { day: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '7 pm' },
          { type: 'text', text: 'Hello?' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'b', name: 'free_times', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'b', content: 'no answer', is_error: true }] },
      { role: 'assistant', content: 'Sorry.' },
      { role: 'user', content: 'Well?' },
    ]);
  });

  test('a temperature is sent under the version of the API that still takes one', async () => {
    const plain = await sent(modelRequest());
    expect(plain.body).not.toHaveProperty('temperature');
    expect(plain.headers['anthropic-version']).toBe('2026-10-21');
    const warm = await sent(modelRequest(), { temperature: 0.4 });
    expect(warm.body.temperature).toBe(0.4);
    expect(warm.headers['anthropic-version']).toBe('2023-06-01');
  });

  test.each([
    ['claude-haiku-4-5-20251001', {}],
    ['claude-opus-4-6', {}],
    ['some-model', {}],
    ['claude-sonnet-5', { thinking: { type: 'disabled' } }],
    ['claude-opus-5-20260801', { thinking: { type: 'disabled' } }],
    ['claude-haiku-5-5', { thinking: { type: 'disabled' } }],
    ['claude-sonnet-5-5', { thinking: { type: 'between_tools' } }],
    ['claude-opus-5-5', { output_config: { effort: 'low' } }],
    ['claude-fable-5-1', { output_config: { effort: 'low' } }],
  ])('%s is told to think least', async (model, expected) => {
    const { thinking, output_config } = (await sent(modelRequest(), { model })).body;
    expect(JSON.parse(JSON.stringify({ thinking, output_config }))).toEqual(expected);
  });

  test.each(['', '/', '/v1', '/v1/'])('the URL may end in %j', async (end) => {
    const server = await sseServer((res, _body, req) => {
      head(res);
      res.end(
        messageStart() + block(0, { type: 'text', text: '' }, [textDelta(req.url ?? '')]) + messageEnd('end_turn'),
      );
    });
    const client = wires.anthropic.client(server.url.replace('/v1', end));
    cleanups.push(client.close, server.close);
    expect(textOf(await collect(client.stream(modelRequest(), never)))).toBe('/v1/messages');
  });

  test('a question asks for the schema, and keeps the least effort', async () => {
    let body: Record<string, unknown> = {};
    const { client } = await setUp(
      (res, got) => {
        body = got;
        res.writeHead(200, { 'content-type': 'application/json' });
        res.end(JSON.stringify(wires.anthropic.plain('{}')));
      },
      { model: 'claude-opus-5-5' },
    );
    expect((await client.ask(question, never)).value).toEqual({});
    expect(body).toEqual({
      model: 'claude-opus-5-5',
      max_tokens: 100,
      system: [{ type: 'text', text: question.system, cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: question.content }],
      output_config: { effort: 'low', format: { type: 'json_schema', schema: question.schema } },
    });
  });
});

describe('answers', () => {
  test('usage counts what was written to and read from the cache as input', async () => {
    const start = { input_tokens: 20, cache_creation_input_tokens: 30, cache_read_input_tokens: 50, output_tokens: 1 };
    const end = messageEnd('end_turn', { output_tokens: 7, input_tokens: null, cache_read_input_tokens: null });
    const price = { input: 1, cached_input: 0.1, output: 5 };
    expect((await piecesOf(messageStart(start) + text + end, { price })).at(-1)).toEqual({
      type: 'finish',
      reason: 'stop',
      usage: {
        model: 'claude-haiku-4-5',
        inputTokens: 100,
        cachedTokens: 50,
        outputTokens: 7,
        cost: (50 * 1 + 50 * 0.1 + 7 * 5) / 1e6,
      },
    });
  });

  test('a server that does not count gives no usage', async () => {
    const stream = messageStart({}) + text + messageEnd('end_turn', {});
    expect((await piecesOf(stream)).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
    ['to_come', 'other'],
  ])('maps the stop reason %s', async (theirs, ours) => {
    expect((await piecesOf(messageStart() + text + messageEnd(theirs))).at(-1)).toMatchObject({ reason: ours });
  });

  test('text and tools of several blocks; thinking, pings and unknown events are passed over', async () => {
    const stream = [
      messageStart(),
      named('ping'),
      block(0, { type: 'thinking', thinking: '', signature: '' }, [
        { type: 'thinking_delta', thinking: 'private' },
        { type: 'signature_delta', signature: 'private' },
      ]),
      named('to_come', { delta: { text: 'private' } }),
      block(1, { type: 'text', text: '' }, [textDelta('One '), textDelta('moment. ')]),
      block(2, { type: 'tool_use', id: 'a', name: 'one', input: {} }, [
        { type: 'input_json_delta', partial_json: '' },
        { type: 'input_json_delta', partial_json: '{"a"' },
        { type: 'input_json_delta', partial_json: ':1}' },
      ]),
      block(3, { type: 'tool_use', id: 'b', name: 'none', input: {} }, []),
      block(4, { type: 'tool_use', id: 'c', name: 'whole', input: { b: 2 } }, []),
      block(6, { type: 'tool_use', id: 'e', name: 'both', input: { c: 3 } }, [
        { type: 'input_json_delta', partial_json: '{"c":4}' },
      ]),
      block(5, { type: 'server_tool_use', id: 'd', name: 'web_search', input: {} }, []),
      messageEnd('tool_use'),
    ];
    expect((await piecesOf(stream.join(''))).slice(0, -1)).toEqual([
      { type: 'text', text: 'One ' },
      { type: 'text', text: 'moment. ' },
      { type: 'tool-call', id: 'a', name: 'one', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'b', name: 'none', arguments: '{}' },
      { type: 'tool-call', id: 'c', name: 'whole', arguments: '{"b":2}' },
      { type: 'tool-call', id: 'e', name: 'both', arguments: '{"c":4}' },
    ]);
  });

  test.each([
    ['overloaded_error', 'server-error', true],
    ['api_error', 'server-error', true],
    ['to_come_error', 'server-error', true],
    ['rate_limit_error', 'rate-limited', true],
    ['billing_error', 'rate-limited', false],
    ['timeout_error', 'timed-out', true],
    ['authentication_error', 'refused', false],
    ['invalid_request_error', 'refused', false],
  ])('%s in the stream', async (type, code, retryable) => {
    const stream = messageStart() + named('error', { error: { type, message: 'private' } });
    const error = await failure(piecesOf(stream));
    expect(error).toMatchObject({ code, retryable });
    expect(`${error.message} ${error.stack}`).not.toContain('private');
  });

  test('events without their fields change nothing', async () => {
    const stream = [
      named('message_start'),
      named('content_block_start'),
      named('content_block_delta'),
      named('message_delta'),
      'event: message_delta\ndata: null\n\n',
      text,
      messageEnd('end_turn'),
    ];
    expect(textOf(await piecesOf(stream.join('')))).toBe('Hi.');
  });

  test('three turns use one socket; close of the client closes it', async () => {
    const { answer, server, client } = await setUp((res) => {
      head(res);
      res.end(wires.anthropic.whole(['Hi ', 'there.']));
    });
    for (let i = 0; i < 3; i += 1) await collect(answer());
    expect(server.connections()).toBe(1);
    client.close();
    await until(() => server.sockets.size === 0);
  });
});
