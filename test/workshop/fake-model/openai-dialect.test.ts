import { type APIError, AuthenticationError, BadRequestError } from 'openai';
import { describe, expect, it } from 'vitest';
import { all, fakeModel, HELLO, openaiBody, says } from './fake-model-kit.ts';

const TOOL = {
  type: 'function' as const,
  function: { name: 'end_call', description: 'Says goodbye.', parameters: { type: 'object', properties: {} } },
};
const CALL = { id: 'call_1', name: 'end_call', arguments: '{"say": "Goodbye, and thank you."}' };

describe('chat completions, read by the official client', () => {
  it('answers whole', async () => {
    const { openai } = await fakeModel({ mind: says('All right. What can I do?') });
    const { data, response } = await openai.chat.completions.create(openaiBody).withResponse();
    expect(data.choices[0]?.message).toMatchObject({
      role: 'assistant',
      content: 'All right. What can I do?',
      refusal: null,
    });
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0));
    expect(response.headers.get('x-request-id')).toBe('req_fake0');
  });

  it('streams: the role first, then text in pieces, then the reason', async () => {
    const text = 'Bien sûr, une table à 20 h. 明天见。 🙂';
    const { openai } = await fakeModel({ mind: says(text), tokensPerChunk: 2 });
    const chunks = await all(await openai.chat.completions.create({ ...openaiBody, stream: true }));
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' });
    expect(
      chunks
        .slice(1, -1)
        .map((chunk) => chunk.choices[0]?.delta.content)
        .join(''),
    ).toBe(text);
    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([
      ...chunks.slice(1).map(() => null),
      'stop',
    ]);
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('ends with a chunk of usage where it was asked for', async () => {
    const { openai } = await fakeModel({ mind: says('One two three.') });
    const chunks = await all(
      await openai.chat.completions.create({ ...openaiBody, stream: true, stream_options: { include_usage: true } }),
    );
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 4 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('sends tool calls in pieces: id and name first', async () => {
    const second = { ...CALL, id: 'call_2', name: 'report_caller' };
    const { openai } = await fakeModel({ mind: says({ text: '', toolCalls: [CALL, second] }) });
    const chunks = await all(await openai.chat.completions.create({ ...openaiBody, tools: [TOOL], stream: true }));
    expect(chunks[0]?.choices[0]?.delta.content).toBeNull();
    for (const [index, { id, name, arguments: json }] of [CALL, second].entries()) {
      const parts = chunks
        .flatMap((chunk) => chunk.choices[0]?.delta.tool_calls ?? [])
        .filter((part) => part.index === index);
      expect(parts[0]).toEqual({ index, id, type: 'function', function: { name, arguments: '' } });
      expect(parts.length).toBeGreaterThan(4);
      expect(parts.slice(1).every((part) => part.id === undefined && part.function?.name === undefined)).toBe(true);
      expect(parts.map((part) => part.function?.arguments).join('')).toBe(json);
    }
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    // The client's own helper puts the same answer together.
    const final = await openai.chat.completions.stream({ ...openaiBody, tools: [TOOL] }).finalMessage();
    expect(final.tool_calls?.[0]).toMatchObject({
      id: 'call_1',
      function: { name: 'end_call', arguments: CALL.arguments },
    });
  });

  it('answers a schema with JSON, unsure where it may be', async () => {
    const { openai } = await fakeModel();
    const schema = {
      type: 'object',
      properties: {
        category: { enum: ['robocall_menu', 'unsure'] },
        confidence: { type: 'string', enum: ['low', 'high'] },
        quote: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['category', 'confidence', 'quote'],
      additionalProperties: false,
    };
    const { choices } = await openai.chat.completions.create({
      ...openaiBody,
      response_format: { type: 'json_schema', json_schema: { name: 'caller', schema, strict: true } },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({
      category: 'unsure',
      confidence: 'low',
      quote: null,
    });
    const open = { ...schema, additionalProperties: true };
    await expect(
      openai.chat.completions.create({
        ...openaiBody,
        response_format: { type: 'json_schema', json_schema: { name: 'caller', schema: open, strict: true } },
      }),
    ).rejects.toBeInstanceOf(BadRequestError);
  });

  it('keeps to the token limit', async () => {
    const { openai } = await fakeModel({ mind: says('one two three four five six') });
    const { choices, usage } = await openai.chat.completions.create({ ...openaiBody, max_completion_tokens: 3 });
    expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'one two three' } });
    expect(usage?.completion_tokens).toBe(3);
  });

  it('reports what the prompt cache would have held', async () => {
    const { openai } = await fakeModel({ cacheFromTokens: 20 });
    const ask = async (system: string) =>
      (await openai.chat.completions.create({ model: 'm', messages: [{ role: 'system', content: system }, ...HELLO] }))
        .usage?.prompt_tokens_details?.cached_tokens;
    const prompt = 'You answer the phone of a small restaurant. '.repeat(4);
    expect([await ask(prompt), await ask(prompt), await ask(`${prompt}!`)]).toEqual([0, 45, 0]);
  });

  it('refuses what the provider would refuse, and says why', async () => {
    const { openai, model } = await fakeModel();
    const calls = [{ id: 'call_1', type: 'function' as const, function: { name: 'end_call', arguments: '{}' } }];
    const refused = [
      { model: 'm', messages: [] },
      { model: 'm', messages: [...HELLO, { role: 'assistant' as const, content: null }] },
      { model: 'm', messages: [...HELLO, { role: 'assistant' as const, content: null, tool_calls: calls }, ...HELLO] },
      { model: 'm', messages: [...HELLO, { role: 'tool' as const, tool_call_id: 'call_1', content: 'done' }] },
      { ...openaiBody, stream: false as const, stream_options: { include_usage: true } },
    ];
    for (const body of refused) {
      const error = await openai.chat.completions.create(body).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error, JSON.stringify(body)).toBeInstanceOf(BadRequestError);
      expect((error as APIError).type).toBe('invalid_request_error');
    }
    const answered = [
      ...HELLO,
      { role: 'assistant' as const, content: null, tool_calls: calls },
      { role: 'tool' as const, tool_call_id: 'call_1', content: 'done' },
    ];
    await openai.chat.completions.create({ model: 'm', messages: answered });
    expect(model.counts()).toMatchObject({ requests: 1, refused: refused.length });
  });

  it('wants the key where there is one', async () => {
    const right = await fakeModel({ key: 'sk-test-key' });
    await right.openai.chat.completions.create(openaiBody);
    const wrong = await fakeModel({ key: 'another' });
    await expect(wrong.openai.chat.completions.create(openaiBody)).rejects.toMatchObject({
      constructor: AuthenticationError,
      code: 'invalid_api_key',
    });
    expect(wrong.model.requests).toEqual([]);
    expect(JSON.stringify(right.model.requests)).not.toContain('sk-test-key');
  });
});
