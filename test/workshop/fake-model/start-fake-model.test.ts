import { describe, expect, it } from 'vitest';
import { FAKE_MODEL } from '../../../src/workshop/fake-model/list-models.ts';
import { startFakeModel } from '../../../src/workshop/fake-model/start-fake-model.ts';
import { all, fakeModel, HELLO, KEY, openaiBody, says, until } from './fake-model-kit.ts';

describe('the server', () => {
  it('paces tokens', async () => {
    const options = { mind: says('one two three four five six'), firstTokenMs: 120, tokenMs: 30, tokensPerChunk: 2 };
    const { openai, anthropic } = await fakeModel(options);
    const startedAt = performance.now();
    const at: number[] = [];
    for await (const chunk of await openai.chat.completions.create({ ...openaiBody, stream: true })) {
      if (chunk.choices[0]?.delta.content) at.push(performance.now() - startedAt);
    }
    expect(at.length).toBe(3);
    for (const [i, due] of [120, 180, 240].entries()) {
      expect(at[i]).toBeGreaterThanOrEqual(due - 2);
      expect(at[i]).toBeLessThan(due + 100);
    }
    // Not streamed, the answer comes when its last token would have.
    const wholeFrom = performance.now();
    await anthropic.messages.create({ model: 'm', max_tokens: 100, messages: HELLO });
    expect(performance.now() - wholeFrom).toBeGreaterThan(295);
  });

  it('keeps the last requests, and counts all of them', async () => {
    const { openai, model } = await fakeModel({ keep: 3 });
    for (let i = 0; i < 5; i++) {
      await openai.chat.completions.create({ model: `m${i}`, messages: HELLO });
    }
    expect(model.requests.map(({ number }) => number)).toEqual([2, 3, 4]);
    expect(model.requests.at(-1)?.body).toEqual({ model: 'm4', messages: HELLO });
    expect(model.counts()).toEqual({ requests: 5, faults: 0, refused: 0, cancelled: 0 });
  });

  it('lists its one model to both clients', async () => {
    const { openai, anthropic } = await fakeModel({ key: KEY });
    expect((await all(await openai.models.list())).map(({ id }) => id)).toEqual([FAKE_MODEL]);
    expect((await all(await anthropic.models.list())).map(({ id }) => id)).toEqual([FAKE_MODEL]);
  });

  it('answers what it does not know in words', async () => {
    const { model } = await fakeModel();
    const url = `http://127.0.0.1:${model.port}`;
    const unknown = await fetch(`${url}/v1/embeddings`, { method: 'POST', body: '{}' });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('POST /v1/messages');
    expect((await fetch(`${url}/v1/messages`)).status).toBe(404);
    const noJson = await fetch(`${url}/v1/messages`, { method: 'POST', body: '{"model' });
    expect(noJson.status).toBe(400);
    expect(await noJson.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    const tooLong = fetch(`${url}/v1/messages`, { method: 'POST', body: 'x'.repeat(9 * 1024 * 1024) });
    // The connection may break before the client has sent it all.
    expect(
      await tooLong.then(
        ({ status }) => status,
        () => 400,
      ),
    ).toBe(400);
  });

  it('answers 500 when its mind fails', async () => {
    const mind = () => {
      throw new Error('secret');
    };
    const { openai } = await fakeModel({ mind });
    await expect(openai.chat.completions.create(openaiBody)).rejects.toThrow(/^500 (?!.*secret)/);
  });

  it('closes with answers under way, and leaves nothing behind', async () => {
    const model = await startFakeModel({ mind: says('a b c'), firstTokenMs: 60_000 });
    const open = Array.from({ length: 20 }, () =>
      fetch(`${model.baseUrl.openai}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ ...openaiBody, stream: true }),
      }).then((response) => all(response.body as AsyncIterable<Uint8Array>)),
    );
    const ends = Promise.allSettled(open);
    await until(() => model.counts().requests === 20);
    expect(model.openSockets()).toBe(20);
    await model.close();
    expect(model.openSockets()).toBe(0);
    expect((await ends).every(({ status }) => status === 'rejected')).toBe(true);
    await until(() => model.counts().cancelled === 20);
    await expect(fetch(model.baseUrl.openai)).rejects.toThrow();
  });
});
