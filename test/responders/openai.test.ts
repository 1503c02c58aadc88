import { getEventListeners, setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type OpenaiOptions, openaiResponder } from '../../src/responders/openai.ts';
import { type Responder, ResponderError } from '../../src/responders/responder.ts';
import { chunk, collect, event, head, open, sse, sseServer, textOf, turn, until } from './sse-server.ts';

// From the start: the SDK binds the console's functions when it first logs.
const logged: unknown[] = [];
const methods = ['error', 'warn', 'info', 'log', 'debug'] as const;
const real = methods.map((method) => console[method]);
beforeAll(() => {
  for (const method of methods) console[method] = (...args: unknown[]) => logged.push(args);
});
afterAll(() => {
  methods.forEach((method, i) => {
    console[method] = real[i] ?? console[method];
  });
});

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function setUp(answer: Parameters<typeof sseServer>[0], options: Partial<OpenaiOptions> = {}) {
  const server = await sseServer(answer);
  const responder: Responder = openaiResponder({
    name: 'model',
    model: 'test-model',
    apiKey: 'sk-secret',
    baseUrl: server.url,
    ...options,
  });
  cleanups.push(
    () => responder.close(),
    () => server.close(),
  );
  return { server, responder, session: open(responder) };
}

async function failure(run: Promise<unknown>): Promise<ResponderError> {
  const error = await run.then(
    () => new Error('did not fail'),
    (e: unknown) => e,
  );
  if (!(error instanceof ResponderError)) throw error;
  return error;
}

const never = new AbortController().signal;

describe('answers', () => {
  test('streams text in order and ends with the finish', async () => {
    const bodies: Record<string, unknown>[] = [];
    const keys: (string | undefined)[] = [];
    const { session } = await setUp(
      (res, body, req) => {
        bodies.push(body);
        keys.push(req.headers.authorization);
        head(res);
        res.end(sse(['Yes, ', 'we ', 'do.']));
      },
      { temperature: 0.2, maxTokens: 90 },
    );
    const pieces = await collect(session.answer(turn(), never));
    expect(pieces).toEqual([
      { type: 'text', text: 'Yes, ' },
      { type: 'text', text: 'we ' },
      { type: 'text', text: 'do.' },
      { type: 'finish', reason: 'stop' },
    ]);
    expect(bodies[0]).toMatchObject({ model: 'test-model', stream: true, temperature: 0.2, max_tokens: 90 });
    expect(bodies[0]).not.toHaveProperty('stream_options');
    expect(bodies[0]).not.toHaveProperty('tools');
    expect(keys).toEqual(['Bearer sk-secret']);
  });

  test('passes the first token on before the second exists', async () => {
    let second = () => {};
    const { session } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'One' }));
      second = () => res.end(sse([' two']));
    });
    const pieces = session.answer(turn(), never)[Symbol.asyncIterator]();
    expect(await pieces.next()).toMatchObject({ value: { text: 'One' } });
    second();
    expect(await pieces.next()).toMatchObject({ value: { text: ' two' } });
  });

  test.each([1, 2, 3, 7])('is the same when cut every %i bytes, within characters too', async (size) => {
    const bytes = Buffer.from(sse(['Grüße, ', '你好 ', '👋🏽 ', 'مرحبا']));
    const { session } = await setUp(async (res) => {
      head(res);
      for (let at = 0; at < bytes.length; at += size) {
        res.write(bytes.subarray(at, at + size));
        if (at % 5 === 0) await sleep(0);
      }
      res.end();
    });
    expect(textOf(await collect(session.answer(turn(), never)))).toBe('Grüße, 你好 👋🏽 مرحبا');
  });

  test('reports usage where the server gives it, and asks for it only when told', async () => {
    const { session } = await setUp(
      (res, body) => {
        expect(body.stream_options).toEqual({ include_usage: true });
        head(res);
        res.write(chunk({ content: 'Hi.' }) + chunk({}, 'length'));
        res.end(event({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 3 } }) + event('[DONE]'));
      },
      { usage: true },
    );
    const pieces = await collect(session.answer(turn(), never));
    expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'length', inputTokens: 11, outputTokens: 3 });
  });

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['content_filter', 'content-filter'],
    ['tool_calls', 'tool-calls'],
    ['eos', 'other'],
  ])('maps the finish reason %s', async (theirs, ours) => {
    const { session } = await setUp((res) => {
      head(res);
      res.end(sse(['Hi.'], theirs));
    });
    expect((await collect(session.answer(turn(), never))).at(-1)).toEqual({ type: 'finish', reason: ours });
  });

  test('does without [DONE], and without a finish reason', async () => {
    const { session } = await setUp((res, body) => {
      head(res);
      res.end(chunk({ content: 'Hi.' }) + (JSON.stringify(body).includes('bare') ? '' : chunk({}, 'stop')));
    });
    expect((await collect(session.answer(turn(), never))).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect((await collect(session.answer(turn('bare'), never))).at(-1)).toEqual({ type: 'finish', reason: 'other' });
  });

  test('ends soon when the server leaves a finished answer open, or drops it', async () => {
    const { session } = await setUp((res, body) => {
      head(res);
      res.write(sse(['Hi.']));
      if (JSON.stringify(body).includes('drop')) setTimeout(() => res.destroy(), 20);
    });
    const startedAt = performance.now();
    expect((await collect(session.answer(turn(), never))).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect((await collect(session.answer(turn('drop'), never))).at(-1)).toEqual({ type: 'finish', reason: 'stop' });
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test('passes a refusal on as text', async () => {
    const { session } = await setUp((res) => {
      head(res);
      res.end(chunk({ refusal: 'I cannot ' }) + chunk({ refusal: 'do that.' }) + chunk({}, 'stop'));
    });
    const pieces = await collect(session.answer(turn(), never));
    expect(textOf(pieces)).toBe('I cannot do that.');
    expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'refusal' });
  });

  test('cuts an endless answer', async () => {
    const { session } = await setUp((res) => {
      head(res);
      for (let i = 0; i < 300; i += 1) res.write(chunk({ content: 'blah '.repeat(40) }));
    });
    const pieces = await collect(session.answer(turn(), never));
    expect(textOf(pieces).length).toBe(20_000);
    expect(pieces.at(-1)).toEqual({ type: 'finish', reason: 'length' });
  });

  test('needs no key for a server of one’s own', async () => {
    const keys: (string | undefined)[] = [];
    const { session } = await setUp(
      (res, _body, req) => {
        keys.push(req.headers.authorization);
        head(res);
        res.end(sse(['Hi.']));
      },
      { apiKey: '' },
    );
    await collect(session.answer(turn(), never));
    expect(keys).toEqual([undefined]);
  });
});

describe('tool calls', () => {
  const report = { name: 'report_caller', description: 'Reports.', parameters: { type: 'object' } };
  const part = (index: number, rest: Record<string, unknown>) => chunk({ tool_calls: [{ index, ...rest }] });

  test('are put together from pieces and come after the text', async () => {
    const { session } = await setUp(
      (res, body) => {
        expect(body.tools).toEqual([{ type: 'function', function: report }]);
        head(res);
        res.write(chunk({ content: 'One moment. ' }));
        res.write(part(1, { id: 'b', function: { name: 'other', arguments: '' } }));
        res.write(part(0, { id: 'a', type: 'function', function: { name: 'report_caller', arguments: '' } }));
        for (const json of ['{"cate', 'gory":"si', 'lent"}']) res.write(part(0, { function: { arguments: json } }));
        res.end(chunk({}, 'tool_calls') + event('[DONE]'));
      },
      { tools: [report] },
    );
    expect(await collect(session.answer(turn(), never))).toEqual([
      { type: 'text', text: 'One moment. ' },
      { type: 'tool-call', id: 'a', name: 'report_caller', arguments: '{"category":"silent"}' },
      { type: 'tool-call', id: 'b', name: 'other', arguments: '{}' },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });

  test.each(['{"category":', '[1]', '"x"', '{} {}'])('with arguments %s are a bad answer', async (json) => {
    const { session } = await setUp((res) => {
      head(res);
      res.end(part(0, { id: 'a', function: { name: 'report_caller', arguments: json } }) + chunk({}, 'tool_calls'));
    });
    const error = await failure(collect(session.answer(turn(), never)));
    expect(error).toMatchObject({ code: 'bad-answer', retryable: true });
    expect(error.message).not.toContain(json);
  });
});

describe('failures', () => {
  const words = 'my very private words';

  test.each([
    [401, {}, 'refused', false],
    [400, {}, 'refused', false],
    [301, {}, 'refused', false],
    [429, {}, 'rate-limited', true],
    [429, { code: 'insufficient_quota' }, 'rate-limited', false],
    [408, {}, 'timed-out', true],
    [500, {}, 'server-error', true],
    [503, {}, 'server-error', true],
  ])('status %i %j is %s', async (status, extra, code, retryable) => {
    let requests = 0;
    const { session } = await setUp((res) => {
      requests += 1;
      res.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/' });
      res.end(JSON.stringify({ error: { message: `key sk-secret; you said ${words}`, ...extra } }));
    });
    const error = await failure(collect(session.answer(turn(words), never)));
    expect(error).toMatchObject({ code, retryable });
    expect(JSON.stringify([error.message, error.stack, error.cause ?? null])).not.toMatch(/sk-secret|private/);
    expect(requests).toBe(1);
  });

  test('an empty answer is a bad answer', async () => {
    const { session } = await setUp((res) => {
      head(res);
      res.end(sse(['', ' ', '\n']));
    });
    expect(await failure(collect(session.answer(turn(), never)))).toMatchObject({ code: 'bad-answer' });
  });

  test.each([
    ['broken JSON', 'data: {"choices": my very private words\n\n', 'bad-answer'],
    ['an error in the stream', event({ error: { message: words } }), 'server-error'],
    ['null', event('null'), 'bad-answer'],
    ['choices of a wrong type', event({ choices: [{ delta: { content: 7 } }] }), 'bad-answer'],
    ['a body without end', `data: ${'x'.repeat(5 * 1024 * 1024)}`, 'bad-answer'],
  ])('%s is reported without its text, and nothing is logged', async (_what, text, code) => {
    const { session, server } = await setUp((res) => {
      head(res);
      res.end(text);
    });
    const error = await failure(collect(session.answer(turn(), never)));
    expect(error).toMatchObject({ code });
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('private');
    expect(logged).toEqual([]);
    await until(() => server.sockets.size <= 1);
  });

  test('a server that cannot be reached', async () => {
    const { session, server } = await setUp(() => {});
    server.close();
    expect(await failure(collect(session.answer(turn(), never)))).toMatchObject({
      code: 'unreachable',
      retryable: true,
      message: 'the connection to the model server failed (ECONNREFUSED)',
    });
  });

  test('a reset in mid-stream fails, and must not be tried again once text was passed on', async () => {
    const { session } = await setUp((res, body) => {
      head(res);
      res.write(JSON.stringify(body).includes('mute') ? ': ping\n\n' : chunk({ content: 'Half a' }));
      setTimeout(() => res.socket?.resetAndDestroy(), 20);
    });
    expect(await failure(collect(session.answer(turn('mute'), never)))).toMatchObject({
      code: 'unreachable',
      retryable: true,
    });
    expect(await failure(collect(session.answer(turn(), never)))).toMatchObject({
      code: 'unreachable',
      retryable: false,
    });
  });

  test('silence before the first and after any piece times out; a slow reader does not', async () => {
    const { session, server } = await setUp(
      (res, body) => {
        const text = JSON.stringify(body);
        if (text.includes('mute')) return;
        head(res);
        res.write(chunk({ content: 'Half a' }));
        if (text.includes('slow reader')) setTimeout(() => res.end(sse([' line.'])), 20);
      },
      { timeoutMs: 150 },
    );
    expect(await failure(collect(session.answer(turn('mute'), never)))).toMatchObject({
      code: 'timed-out',
      retryable: true,
    });
    expect(await failure(collect(session.answer(turn(), never)))).toMatchObject({
      code: 'timed-out',
      retryable: false,
    });
    await until(() => server.sockets.size === 0);
    let text = '';
    for await (const piece of session.answer(turn('slow reader'), never)) {
      if (piece.type === 'text') text += piece.text;
      await sleep(300);
    }
    expect(text).toBe('Half a line.');
  });

  test.each(['', 'nonsense', 'ftp://host/v1'])('refuses the URL %j at start-up', (baseUrl) => {
    expect(() => openaiResponder({ name: 'm', model: 'm', apiKey: 'k', baseUrl })).toThrow(RangeError);
  });
});

describe('aborting', () => {
  test.each(['before the head', 'in mid-stream'])('ends quietly and closes the socket at once, %s', async (when) => {
    let closedAt = 0;
    let asked = false;
    const { session, server } = await setUp((res) => {
      asked = true;
      res.socket?.once('close', () => {
        closedAt = performance.now();
      });
      if (when === 'before the head') return;
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    const stop = new AbortController();
    const pieces: unknown[] = [];
    const done = (async () => {
      for await (const piece of session.answer(turn(), stop.signal)) pieces.push(piece);
    })();
    await until(() => asked && (when === 'before the head' || pieces.length === 1));
    const abortedAt = performance.now();
    stop.abort();
    await done;
    await until(() => closedAt > 0);
    expect(closedAt - abortedAt).toBeLessThan(250);
    expect(server.sockets.size).toBe(0);
    expect(pieces.length).toBe(when === 'before the head' ? 0 : 1);
  });

  test('asks nothing when it was aborted before', async () => {
    const { session, server } = await setUp(() => {});
    expect(await collect(session.answer(turn(), AbortSignal.abort()))).toEqual([]);
    expect(server.connections()).toBe(0);
  });

  test('close of the session ends its answer quietly', async () => {
    const { session, server } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    for await (const _piece of session.answer(turn(), never)) session.close();
    await until(() => server.sockets.size === 0);
  });

  test('a reader that leaves early leaves no socket', async () => {
    const { session, server } = await setUp((res) => {
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    for await (const _piece of session.answer(turn(), never)) break;
    await until(() => server.sockets.size === 0);
  });

  test('50 aborted requests under one signal leave no sockets and no listeners', async () => {
    let asked = 0;
    const { session, server } = await setUp((res) => {
      asked += 1;
      if (asked % 2 === 0) return;
      head(res);
      res.write(chunk({ content: 'Half a' }));
    });
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const listeners = () => getEventListeners(stop.signal, 'abort').length;
    const all = Array.from({ length: 50 }, () => collect(session.answer(turn(), stop.signal)));
    await until(() => asked === 50);
    expect(listeners()).toBe(50);
    stop.abort();
    await Promise.all(all);
    expect(listeners()).toBe(0);
    await until(() => server.sockets.size === 0);
  });
});

test('three turns use one socket and leave no listener on the signal of the call', async () => {
  const { session, server } = await setUp((res) => {
    head(res);
    res.end(sse(['Hi ', 'there.']));
  });
  const call = new AbortController();
  for (let i = 0; i < 3; i += 1) await collect(session.answer(turn(), call.signal));
  expect(server.connections()).toBe(1);
  expect(getEventListeners(call.signal, 'abort')).toHaveLength(0);
});

test('close of the responder closes kept sockets', async () => {
  const { session, server, responder } = await setUp((res) => {
    head(res);
    res.end(sse(['Hi.']));
  });
  await collect(session.answer(turn(), never));
  expect(server.sockets.size).toBe(1);
  responder.close();
  await until(() => server.sockets.size === 0);
});
