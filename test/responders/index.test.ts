import { expect, test } from 'vitest';
import { makeResponder } from '../../src/responders/index.ts';
import { collect, head, open, sse, sseServer, textOf, turn } from './sse-server.ts';

const never = new AbortController().signal;

test('scripted needs nothing', async () => {
  const responder = makeResponder('front', { type: 'scripted' }, {});
  expect(responder.name).toBe('front');
  expect(textOf(await collect(open(responder).answer(turn(), never)))).not.toBe('');
});

test('openai takes its settings from the spec and its key from the secrets', async () => {
  const seen: unknown[] = [];
  const server = await sseServer((res, body, req) => {
    seen.push([body.model, body.temperature, body.max_tokens, req.headers.authorization, req.url]);
    head(res);
    res.end(sse(['Hi.']));
  });
  const responder = makeResponder(
    'model',
    { type: 'openai', model: 'm', base_url: server.url, temperature: 0, max_tokens: 50, timeout_ms: 2000 },
    { openaiApiKey: 'sk-1' },
  );
  await collect(open(responder).answer(turn(), never));
  expect(seen).toEqual([['m', 0, 50, 'Bearer sk-1', '/v1/chat/completions']]);
  responder.close();
  server.close();
});

test('OpenAI itself needs a key; a server of one’s own does not', () => {
  expect(() => makeResponder('model', { type: 'openai', model: 'm' }, {})).toThrow('OPENAI_API_KEY');
  makeResponder('model', { type: 'openai', model: 'm', base_url: 'http://127.0.0.1:9/v1' }, {}).close();
});
