import { describe, expect, test } from 'vitest';
import { type ResponderConfig, responder } from '../../src/config/responders.ts';
import { makeResponders } from '../../src/responders/index.ts';
import { CALL, collect } from './in-order-asking.ts';
import { head, sse, sseServer } from './sse-server.ts';

const spec = (settings: Record<string, unknown>): ResponderConfig => responder.parse(settings);
const specs = (all: Record<string, Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(all).map(([name, settings]) => [name, spec(settings)]));
const OPENAI = { type: 'openai', model: 'm' };
const LOCAL = { ...OPENAI, base_url: 'http://127.0.0.1:9/v1' };

function turns(responders: ReturnType<typeof makeResponders>, name: string) {
  const found = responders.get(name);
  if (found?.kind !== 'turns') throw new Error(`${name} does not answer turns`);
  return found.open(CALL);
}

test('scripted needs nothing', async () => {
  const responders = makeResponders(specs({ front: { type: 'scripted' } }), {});
  expect((await collect(turns(responders, 'front'))).said).not.toBe('');
  expect(responders.get('front')?.name).toBe('front');
  expect(responders.clients.size).toBe(0);
  expect(responders.provider('front')).toBeUndefined();
  expect(responders.get('constructor')).toBeUndefined();
});

test('a model takes its settings from the spec and its key from the secrets', async () => {
  const seen: unknown[] = [];
  const server = await sseServer((res, body, req) => {
    seen.push([body.model, body.temperature, body.max_tokens, req.headers.authorization, req.url]);
    head(res);
    res.end(sse(['Hi.']));
  });
  const main = { ...OPENAI, base_url: server.url, temperature: 0, max_tokens: 50, first_token_ms: 1500, stall_ms: 700 };
  const responders = makeResponders(specs({ main, other: { ...main, key_env: 'OTHER_API_KEY' } }), {
    openaiApiKey: 'sk-1',
    env: { OTHER_API_KEY: ' sk-2\n' },
  });
  expect((await collect(turns(responders, 'main'))).said).toBe('Hi.');
  await collect(turns(responders, 'other'));
  expect(seen).toEqual([
    ['m', 0, 50, 'Bearer sk-1', '/v1/chat/completions'],
    ['m', 0, 50, 'Bearer sk-2', '/v1/chat/completions'],
  ]);
  expect(responders.provider('main')).toMatchObject({ firstTokenMs: 1500, stallMs: 700 });
  responders.close();
  server.close();
});

describe('keys', () => {
  test.each([
    [OPENAI, 'OPENAI_API_KEY'],
    [{ type: 'anthropic', model: 'm' }, 'ANTHROPIC_API_KEY'],
    [{ ...OPENAI, key_env: 'OTHER_API_KEY' }, 'OTHER_API_KEY'],
    [{ ...LOCAL, key_env: 'OTHER_API_KEY' }, 'OTHER_API_KEY'],
  ])('%j wants %s', (settings, variable) => {
    const secrets = { env: { OTHER_API_KEY: ' ' } };
    expect(() => makeResponders(specs({ main: settings }), secrets)).toThrow(`responder main: ${variable} is not set`);
  });

  test('a variable that is named is the only one', () => {
    const named = specs({ main: { ...OPENAI, key_env: 'OTHER_API_KEY' } });
    expect(() => makeResponders(named, { openaiApiKey: 'sk-1', env: {} })).toThrow('OTHER_API_KEY');
  });

  test('a server of one’s own needs none', () => {
    makeResponders(specs({ main: LOCAL }), {}).close();
  });
});

describe('providers', () => {
  test('use the same models as the responders of those names', async () => {
    const asked: string[] = [];
    const server = await sseServer((res, body) => {
      asked.push(String(body.model));
      if (body.model === 'dead') {
        res.writeHead(400).end('{}');
      } else {
        head(res);
        res.end(sse(['Spare here.']));
      }
    });
    const events: unknown[] = [];
    const model = (name: string) => ({ ...OPENAI, model: name, base_url: server.url });
    const responders = makeResponders(
      // Before the models that it names.
      specs({ both: { type: 'providers', providers: ['main', 'spare'] }, main: model('dead'), spare: model('alive') }),
      {},
      { observe: ({ provider, outcome, callId, turn }) => events.push([provider, outcome, callId, turn]) },
    );
    expect((await collect(turns(responders, 'both'))).said).toBe('Spare here.');
    expect(asked).toEqual(['dead', 'alive']);
    expect(events).toEqual([
      ['main', 'failed', 'c1', 7],
      ['spare', 'answered', 'c1', 7],
    ]);
    expect([...responders.clients.keys()]).toEqual(['main', 'spare']);

    // One breaker: what `both` learns, `main` knows.
    const main = responders.provider('main');
    for (let i = 0; i < 5; i += 1) main?.admit()?.('failed');
    await new Promise((resolve) => setImmediate(resolve));
    asked.length = 0;
    await collect(turns(responders, 'both'));
    expect(asked).toEqual(['alive']);
    responders.close();
    server.close();
  });

  test.each(['both', 'front', 'upstream', 'nobody', 'constructor'])('%s is no model', (name) => {
    const all = specs({
      front: { type: 'scripted' },
      upstream: { type: 'relay', url: 'wss://agents.example.com/llm' },
      both: { type: 'providers', providers: [name] },
    });
    expect(() => makeResponders(all, {})).toThrow(`responder both: "${name}" is no model`);
  });
});

test('a relay is one', () => {
  const responders = makeResponders(specs({ own: { type: 'relay', url: 'wss://agents.example.com/llm' } }), {});
  expect(responders.get('own')).toMatchObject({ kind: 'relay', name: 'own' });
  responders.close();
});
