import { AuthenticationError, BadRequestError } from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, it } from 'vitest';
import { all, anthropicBody, fakeModel, HELLO, says } from './fake-model-kit.ts';

const TOOL = { name: 'end_call', description: 'Says goodbye.', input_schema: { type: 'object' as const } };
const CALL = { id: 'toolu_1', name: 'end_call', arguments: '{"say": "Goodbye, and thank you."}' };

describe('messages, read by the official client', () => {
  it('answers whole', async () => {
    const { anthropic } = await fakeModel({ mind: says({ text: 'One moment.', toolCalls: [CALL] }) });
    const message = await anthropic.messages.create({ ...anthropicBody, tools: [TOOL] });
    expect(message.content).toMatchObject([
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'toolu_1', name: 'end_call', input: { say: 'Goodbye, and thank you.' } },
    ]);
    expect(message).toMatchObject({ role: 'assistant', stop_reason: 'tool_use', _request_id: 'req_fake0' });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
  });

  it('streams in the order of the provider', async () => {
    const text = 'Claro, mañana a las ocho. 明天见。 🙂';
    const { anthropic, model } = await fakeModel({ mind: says({ text, toolCalls: [CALL] }), tokensPerChunk: 2 });
    const events = await all(await anthropic.messages.create({ ...anthropicBody, tools: [TOOL], stream: true }));
    const order = events.map(({ type }) => type).filter((type, i, types) => type !== types[i - 1]);
    const block = ['content_block_start', 'content_block_delta', 'content_block_stop'];
    expect(order).toEqual(['message_start', ...block, ...block, 'message_delta', 'message_stop']);
    let said = '';
    let json = '';
    for (const event of events) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') said += event.delta.text;
      if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
        json += event.delta.partial_json;
    }
    expect({ said, json }).toEqual({ said: text, json: CALL.arguments });
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { cache_read_input_tokens: 0 } });
    // Pings are there; the client keeps them to itself.
    const raw = await fetch(`${model.baseUrl.anthropic}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify({ ...anthropicBody, stream: true }),
    });
    expect(raw.headers.get('content-type')).toContain('text/event-stream');
    expect(await raw.text()).toContain('event: ping\ndata: {"type":"ping"}\n\n');
    // The client's own helper puts the same answer together.
    const final = await anthropic.messages.stream({ ...anthropicBody, tools: [TOOL] }).finalMessage();
    expect(final.content).toMatchObject([{ text }, { input: { say: 'Goodbye, and thank you.' } }]);
  });

  it('reports what the prompt cache would have held, up to the mark', async () => {
    const { anthropic } = await fakeModel({ cacheFromTokens: 20 });
    const text = 'You answer the phone of a small restaurant. '.repeat(4);
    const usage = async (mark: boolean) => {
      const system = [{ type: 'text' as const, text, ...(mark && { cache_control: { type: 'ephemeral' as const } }) }];
      const events = await all(await anthropic.messages.create({ ...anthropicBody, system, stream: true }));
      const start = events.find((event) => event.type === 'message_start')?.message.usage;
      const end = events.find((event) => event.type === 'message_delta')?.usage;
      expect(end?.cache_read_input_tokens).toBe(start?.cache_read_input_tokens);
      expect(end?.input_tokens).toBe(start?.input_tokens);
      const { input_tokens: fresh, cache_creation_input_tokens: written, cache_read_input_tokens: read } = start ?? {};
      return { fresh, written, read };
    };
    const plain = await usage(false);
    const first = await usage(true);
    const second = await usage(true);
    expect(plain).toMatchObject({ written: 0, read: 0 });
    expect(first.written).toBeGreaterThan(40);
    expect(second).toEqual({ ...first, written: 0, read: first.written });
    expect(plain.fresh).toBe((first.fresh ?? 0) + (first.written ?? 0));
  });

  it('answers a schema with JSON, unsure where it may be', async () => {
    const { anthropic } = await fakeModel();
    const schema = {
      type: 'object',
      properties: { category: { enum: ['robocall_menu', 'unsure'] }, points: { type: 'integer', minimum: 1 } },
      required: ['category', 'points'],
      additionalProperties: false,
    };
    const ask = (of: typeof schema) =>
      anthropic.messages.create({ ...anthropicBody, output_config: { format: { type: 'json_schema', schema: of } } });
    const { content } = await ask(schema);
    expect(content[0]?.type === 'text' && JSON.parse(content[0].text)).toEqual({ category: 'unsure', points: 1 });
    await expect(ask({ ...schema, additionalProperties: true })).rejects.toBeInstanceOf(BadRequestError);
  });

  it('keeps to the token limit, and knows refusals', async () => {
    const { anthropic } = await fakeModel({ mind: says('one two three four') });
    expect(await anthropic.messages.create({ ...anthropicBody, max_tokens: 2 })).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ text: 'one two' }],
      usage: { output_tokens: 2 },
    });
    const refusing = await fakeModel({ mind: says({ text: 'No.', finish: 'refusal' }) });
    expect(await refusing.anthropic.messages.create(anthropicBody)).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
  });

  it('refuses what the provider would refuse', async () => {
    const { anthropic, model } = await fakeModel();
    const use = { type: 'tool_use' as const, id: 'toolu_1', name: 'end_call', input: {} };
    const result = { type: 'tool_result' as const, tool_use_id: 'toolu_1', content: 'done' };
    const asked = [...HELLO, { role: 'assistant' as const, content: [use] }];
    const text = { type: 'text' as const, text: 'And now?' };
    const refused: MessageCreateParamsNonStreaming['messages'][] = [
      [],
      [{ role: 'assistant', content: 'Hello.' }],
      [{ role: 'user', content: ' ' }],
      [{ role: 'user', content: [{ type: 'text', text: '' }] }],
      asked,
      [...asked, ...HELLO],
      [...asked, { role: 'user', content: [text, result] }],
      [{ role: 'user', content: [result] }],
    ];
    for (const messages of refused) {
      const answer = anthropic.messages.create({ ...anthropicBody, messages });
      await expect(answer, JSON.stringify(messages)).rejects.toMatchObject({
        constructor: BadRequestError,
        type: 'invalid_request_error',
      });
    }
    await anthropic.messages.create({
      ...anthropicBody,
      messages: [...asked, { role: 'user', content: [result, text] }],
    });
    expect(model.counts()).toMatchObject({ requests: 1, refused: refused.length });
  });

  it('wants the key where there is one', async () => {
    const { anthropic, model } = await fakeModel({ key: 'sk-test-key' });
    await anthropic.messages.create(anthropicBody);
    const other = anthropic.withOptions({ apiKey: 'another' });
    await expect(other.messages.create(anthropicBody)).rejects.toMatchObject({
      constructor: AuthenticationError,
      type: 'authentication_error',
    });
    expect(JSON.stringify(model.requests)).not.toContain('sk-test-key');
  });
});
