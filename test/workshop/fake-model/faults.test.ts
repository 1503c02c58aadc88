import * as anthropicErrors from '@anthropic-ai/sdk';
import * as openaiErrors from 'openai';
import { describe, expect, it } from 'vitest';
import { nodeHttpFetch } from '../../../src/responders/node-http-fetch.ts';
import { faultsAt, parseFault, randomFaults } from '../../../src/workshop/fake-model/fault-plan.ts';
import type { FaultName } from '../../../src/workshop/fake-model/faults.ts';
import type { FakeModelOptions } from '../../../src/workshop/fake-model/start-fake-model.ts';
import { all, anthropicBody, broken, fakeModel, openaiBody, says, until } from './fake-model-kit.ts';

const TEXT = 'Einen Moment, ich schaue nach: Frühstück für zwei, 明天见。 🙂 Alles klar.';

async function faulty(fault: FaultName, options: FakeModelOptions = {}) {
  const { model, openai, anthropic } = await fakeModel({
    mind: says(TEXT),
    fault: () => fault,
    stallMs: 200,
    ...options,
  });
  const whole = {
    openai: () => openai.chat.completions.create(openaiBody),
    anthropic: () => anthropic.messages.create(anthropicBody),
  };
  const openaiStream = async () => {
    const { items, error } = await broken(() => openai.chat.completions.create({ ...openaiBody, stream: true }));
    const choices = items.flatMap(({ choices }) => choices);
    const text = choices.map(({ delta }) => delta.content ?? '').join('');
    return { text, error, finish: choices.at(-1)?.finish_reason, choices };
  };
  const anthropicStream = async () => {
    const { items, error } = await broken(() => anthropic.messages.create({ ...anthropicBody, stream: true }));
    const text = items.map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'text_delta' ? event.delta.text : '',
    );
    const finish = items.find((event) => event.type === 'message_delta')?.delta.stop_reason;
    return { text: text.join(''), error, finish, items };
  };
  return { model, whole, openaiStream, anthropicStream };
}

describe('statuses', () => {
  it.each([
    ['400', openaiErrors.BadRequestError, anthropicErrors.BadRequestError, 'invalid_request_error'],
    ['429', openaiErrors.RateLimitError, anthropicErrors.RateLimitError, 'rate_limit_error'],
    ['500', openaiErrors.InternalServerError, anthropicErrors.InternalServerError, 'api_error'],
    ['529', openaiErrors.InternalServerError, anthropicErrors.OverloadedError, 'overloaded_error'],
  ] as const)('%s is the error of that class in both clients', async (fault, openaiClass, anthropicClass, type) => {
    const { whole, openaiStream, anthropicStream } = await faulty(fault);
    await expect(whole.openai()).rejects.toBeInstanceOf(openaiClass);
    await expect(whole.anthropic()).rejects.toMatchObject({ constructor: anthropicClass, type });
    expect((await openaiStream()).error).toBeInstanceOf(openaiClass);
    expect((await anthropicStream()).error).toBeInstanceOf(anthropicClass);
  });

  it('429 says how long to wait, and the clients do', async () => {
    const options = { fault: faultsAt({ 0: '429', 2: '429' }), retryAfterS: 0.2, mind: says(TEXT) };
    const { openai, anthropic, model } = await fakeModel(options, 1);
    const startedAt = performance.now();
    expect((await openai.chat.completions.create(openaiBody)).choices[0]?.message.content).toBe(TEXT);
    expect((await anthropic.messages.create(anthropicBody)).content).toMatchObject([{ text: TEXT }]);
    expect(performance.now() - startedAt).toBeGreaterThan(390);
    expect(model.requests.map(({ fault }) => fault)).toEqual(['429', undefined, '429', undefined]);
  });
});

describe('stalls', () => {
  it.each(['silent', 'stall', 'stall-mid'] as const)('%s: late, and then all of it', async (fault) => {
    const { openaiStream, anthropicStream, whole } = await faulty(fault);
    for (const ask of [openaiStream, anthropicStream, whole.openai, whole.anthropic]) {
      const startedAt = performance.now();
      const answer = await ask();
      expect(performance.now() - startedAt).toBeGreaterThan(195);
      if ('text' in answer) expect(answer).toMatchObject({ text: TEXT, error: undefined });
    }
  });

  it('come where they say: before the headers, before the first token, between tokens', async () => {
    const seen = async (fault: FaultName) => {
      const { openai } = await fakeModel({ mind: says(TEXT), fault: () => fault, stallMs: 10_000 });
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 150);
      const { items } = await broken(() =>
        openai.chat.completions.create({ ...openaiBody, stream: true }, { signal: abort.signal }),
      );
      return items.length;
    };
    expect(await seen('silent')).toBe(0);
    expect(await seen('stall')).toBe(1);
    expect(await seen('stall-mid')).toBeGreaterThan(5);
  });

  it('let a client go at once', async () => {
    const { openai, model } = await fakeModel({ mind: says(TEXT), fault: () => 'stall-mid', stallMs: 60_000 });
    // The built-in fetch keeps the socket of an aborted answer for seconds.
    const { fetch } = nodeHttpFetch();
    const stream = await openai.withOptions({ fetch }).chat.completions.create({ ...openaiBody, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await until(() => model.counts().cancelled === 1 && model.openSockets() === 0);
  });
});

describe('connections and bodies that break', () => {
  it('reset before the answer', async () => {
    const { whole, openaiStream, anthropicStream } = await faulty('reset');
    await expect(whole.openai()).rejects.toBeInstanceOf(openaiErrors.APIConnectionError);
    await expect(whole.anthropic()).rejects.toBeInstanceOf(anthropicErrors.APIConnectionError);
    expect((await openaiStream()).error).toBeInstanceOf(openaiErrors.APIConnectionError);
    expect((await anthropicStream()).error).toBeInstanceOf(anthropicErrors.APIConnectionError);
  });

  it.each(['reset-mid', 'cut', 'error-mid', 'bad-json'] as const)(
    '%s: a part is heard, the end is missing',
    async (fault) => {
      const { whole, openaiStream, anthropicStream } = await faulty(fault);
      for (const { text, finish, error } of [await openaiStream(), await anthropicStream()]) {
        expect(text).not.toBe('');
        expect(TEXT.startsWith(text) && text !== TEXT).toBe(true);
        expect(finish ?? null).toBeNull();
        if (fault === 'cut') expect(error).toBeUndefined();
        else expect(error).toBeInstanceOf(Error);
        if (fault === 'bad-json') expect(error).toBeInstanceOf(SyntaxError);
      }
      await expect(whole.openai()).rejects.toThrow();
      await expect(whole.anthropic()).rejects.toThrow();
    },
  );

  it('error-mid is the error of the provider', async () => {
    const { openaiStream, anthropicStream } = await faulty('error-mid');
    expect((await openaiStream()).error).toMatchObject({ constructor: openaiErrors.APIError, type: 'server_error' });
    expect((await anthropicStream()).error).toMatchObject({
      constructor: anthropicErrors.APIError,
      type: 'overloaded_error',
      status: undefined,
    });
  });

  it('drip: one byte a chunk, and still the same answer', async () => {
    const { model, whole, openaiStream, anthropicStream } = await faulty('drip');
    expect(await openaiStream()).toMatchObject({ text: TEXT, finish: 'stop', error: undefined });
    expect(await anthropicStream()).toMatchObject({ text: TEXT, finish: 'end_turn', error: undefined });
    expect((await whole.openai()).choices[0]?.message.content).toBe(TEXT);
    const transport = nodeHttpFetch();
    const body = JSON.stringify({ ...openaiBody, stream: true });
    const response = await transport.fetch(`${model.baseUrl.openai}/chat/completions`, { method: 'POST', body });
    const sizes = (await all(response.body as AsyncIterable<Uint8Array>)).map(({ length }) => length);
    expect(sizes.filter((size) => size === 1).length).toBeGreaterThan(1_000);
    transport.close();
  });
});

describe('answers that go wrong', () => {
  it('empty', async () => {
    const { openaiStream, anthropicStream } = await faulty('empty');
    expect(await openaiStream()).toMatchObject({ text: '', finish: 'stop', error: undefined });
    expect(await anthropicStream()).toMatchObject({ text: '', finish: 'end_turn', error: undefined });
  });

  it('refusal', async () => {
    const { openaiStream, anthropicStream } = await faulty('refusal');
    const { text, finish, choices } = await openaiStream();
    expect({ text, finish }).toEqual({ text: '', finish: 'stop' });
    expect(choices.map(({ delta }) => delta.refusal ?? '').join('')).toBe('I cannot help with that.');
    expect(await anthropicStream()).toMatchObject({ text: 'I cannot help with that.', finish: 'refusal' });
  });

  it.each([
    ['content-filter', 'content_filter', 'refusal'],
    ['length', 'length', 'max_tokens'],
  ] as const)('%s stops halfway', async (fault, openaiReason, anthropicReason) => {
    const { openaiStream, anthropicStream } = await faulty(fault);
    const half = [...TEXT].slice(0, Math.ceil([...TEXT].length / 2)).join('');
    expect(await openaiStream()).toMatchObject({ text: half, finish: openaiReason, error: undefined });
    expect(await anthropicStream()).toMatchObject({ text: half, finish: anthropicReason, error: undefined });
  });

  it('bad-tool: arguments that are not JSON', async () => {
    const { openaiStream, anthropicStream } = await faulty('bad-tool');
    const { finish, choices } = await openaiStream();
    const json = choices.flatMap(({ delta }) => delta.tool_calls ?? []).map((part) => part.function?.arguments ?? '');
    expect(finish).toBe('tool_calls');
    expect(() => JSON.parse(json.join(''))).toThrow(SyntaxError);
    const { items } = await anthropicStream();
    const input = items.map((event) =>
      event.type === 'content_block_delta' && event.delta.type === 'input_json_delta' ? event.delta.partial_json : '',
    );
    expect(input.join('')).toBe(json.join(''));
  });
});

describe('which request meets a fault', () => {
  const draws = (plan: ReturnType<typeof randomFaults>) =>
    Array.from({ length: 2_000 }, (_, number) => plan({ number, dialect: 'openai', stream: true }));

  it('by chance, the same with the same seed', () => {
    const chances = [parseFault('stall:0.1'), parseFault('429:0.3')];
    const first = draws(randomFaults(chances, 'a'));
    expect(draws(randomFaults(chances, 'a'))).toEqual(first);
    expect(draws(randomFaults(chances, 'b'))).not.toEqual(first);
    const share = (fault: FaultName | undefined) => first.filter((one) => one === fault).length / first.length;
    expect(share('stall')).toBeCloseTo(0.1, 1);
    expect(share('429')).toBeCloseTo(0.3, 1);
    expect(share(undefined)).toBeCloseTo(0.6, 1);
    expect(draws(randomFaults([parseFault('cut')], 'a')).every((fault) => fault === 'cut')).toBe(true);
  });

  it('reads faults, and says what is wrong with them', () => {
    expect(parseFault('reset-mid:0.05')).toEqual({ fault: 'reset-mid', probability: 0.05 });
    expect(() => parseFault('stal:0.1')).toThrow('no fault "stal"; did you mean "stall"?');
    expect(() => parseFault('nothing-like-it')).toThrow('there are 400, 429');
    for (const text of ['stall:2', 'stall:-1', 'stall:', 'stall:x', 'stall:0.1:0.2']) {
      expect(() => parseFault(text)).toThrow('between 0 and 1');
    }
  });
});
