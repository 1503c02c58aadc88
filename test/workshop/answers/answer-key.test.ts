import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../../src/responders/index.ts';
import type { ModelRequest } from '../../../src/responders/model-client.ts';
import { answerKey, modelOrigin } from '../../../src/workshop/answers/answer-key.ts';

const SPEC: ModelSpec = { type: 'openai', model: 'm', max_tokens: 300, first_token_ms: 2000, stall_ms: 2000 };
const REQUEST: ModelRequest = { system: 's', tools: [], messages: [{ role: 'user', content: 'hello' }] };

const key = (spec: Partial<ModelSpec> = {}, repeat = 1, request: Partial<ModelRequest> = {}): string =>
  answerKey({ ...SPEC, ...spec } as ModelSpec, repeat, { purpose: 'reply', request: { ...REQUEST, ...request } });

describe('the key of an answer', () => {
  it('changes with everything that decides an answer', () => {
    const tool = { name: 't', description: 'd', parameters: { type: 'object' } };
    const asked = { ...REQUEST, content: 'hello', name: 'n', schema: {}, maxTokens: 300 };
    const keys = [
      key(),
      key({ type: 'anthropic' }),
      key({ model: 'n' }),
      key({ base_url: 'http://127.0.0.1:1/v1' }),
      key({ temperature: 0 }),
      key({ max_tokens: 301 }),
      key({}, 2),
      key({}, 1, { system: 't' }),
      key({}, 1, { tools: [tool] }),
      key({}, 1, { messages: [{ role: 'user', content: 'hello?' }] }),
      answerKey(SPEC, 1, { purpose: 'classify', request: asked }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not change with deadlines, prices, the name of the key, or the order of fields', () => {
    expect(key({ first_token_ms: 9_000, stall_ms: 9_000, price: { input: 1, output: 1 }, key_env: 'X' })).toBe(key());
    expect(key({}, 1, { messages: [{ content: 'hello', role: 'user' }] })).toBe(key());
  });
});

describe('the origin of a model', () => {
  it.each([
    ['openai', undefined, true],
    ['openai', 'https://api.openai.com/v1', true],
    ['anthropic', 'https://api.anthropic.com', true],
    ['anthropic', 'https://api.openai.com', false],
    ['openai', 'http://api.openai.com/v1', false],
    ['openai', 'https://api.openai.com:8443/v1', false],
    ['openai', 'https://api.openai.com.example.org/v1', false],
    ['openai', 'https://user@127.0.0.1/api.openai.com', false],
  ] as const)('%s at %s is the vendor: %s', (type, base_url, vendor) => {
    expect(modelOrigin({ ...SPEC, type, ...(base_url && { base_url }) } as ModelSpec).vendor).toBe(vendor);
  });

  it('names a directory by model and endpoint, and keeps secrets of the URL to itself', () => {
    const secret = modelOrigin({ ...SPEC, model: '../Big Model/v2', base_url: 'https://me:pass@host:1/v1/?key=abc#x' });
    expect(secret.endpoint).toBe('https://host:1/v1');
    expect(secret.slug).toMatch(/^openai-[a-z0-9-]*big-model-v2-[0-9a-f]{8}$/);
    expect(JSON.stringify(secret)).not.toMatch(/pass|abc/);
    const other = modelOrigin({ ...SPEC, model: '../Big Model/v2', base_url: 'https://host:2/v1' });
    expect(other.slug).not.toBe(secret.slug);
    expect(modelOrigin(SPEC)).toMatchObject({ endpoint: null, vendor: true });
  });
});
