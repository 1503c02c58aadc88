import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ToolCall } from '../../src/responders/responder.ts';
import type { Answer, Mind } from '../../src/workshop/fake-model/mind.ts';
import {
  expectLawful,
  expectQuiet,
  FALLBACK,
  fakeModel,
  LINE,
  modelGuard,
  processTimers,
  responderAt,
  saidTo,
  TYPES,
  type Type,
} from './model-kit.ts';

const toolServers: (() => void)[] = [];
afterEach(() => {
  for (const close of toolServers.splice(0)) close();
});

/** The user's own server, which answers with a text; `late` answers never. */
async function toolServer(answer: string | 'late') {
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(JSON.parse(Buffer.concat(parts).toString()));
      if (answer !== 'late') response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toolServers.push(() => server.close().closeAllConnections());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/free` };
}

const tool = (name: string, args: object, text = ''): Answer => ({
  text,
  toolCalls: [{ id: `id_${name}`, name, arguments: JSON.stringify(args) } satisfies ToolCall],
});

/** Calls the tool first, and says the line when it has its result. */
const callThen =
  (first: Answer): Mind =>
  ({ messages }) =>
    messages.at(-1)?.role === 'tool' ? { text: LINE } : first;

async function callWith(type: Type, mind: Mind, url = 'http://127.0.0.1:9/', timeout_ms = 5_000) {
  const before = processTimers();
  // Each token of the arguments is a piece of its own.
  const model = await fakeModel({ mind, tokenMs: 2 });
  const free = { description: 'Free times of a day.', url, timeout_ms };
  const tools = {
    transfer_call: { desk: { number: '+15551234567', when: 'a person is wanted', say: 'I will put you through.' } },
    http: { free_times: { ...free, parameters: { type: 'object', properties: { day: { type: 'string' } } } } },
  };
  const guard = await modelGuard(
    { model: responderAt(model, type, { stall_ms: 500, price: { input: 1, output: 4 } }) },
    { agents: { default: { responder: 'model', tools } } },
  );
  const client = await guard.call();
  client.ask(1, saidTo(client, 'Hello, I would like to ask about a table for tonight.'));
  await client.reply(1);
  const finish = async () => {
    const record = await guard.hangUp(client);
    expectLawful(client);
    await expectQuiet(guard, model);
    await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
    expect(model.counts().refused).toBe(0);
    return record;
  };
  return { model, client, finish };
}

describe.each(TYPES)('a tool call of %s that comes in pieces', (type) => {
  it('end_call: the goodbye is said, and ends the call in the same frame', async () => {
    const { client, finish } = await callWith(type, () => tool('end_call', { message: 'Goodbye, and thank you.' }));
    expect(client.responses(1)).toMatchObject([{ content: 'Goodbye, and thank you.', end_call: true }]);
    expect(await finish()).toMatchObject({ outcome: 'completed', faults: [], decision: 'none' });
  });

  it('transfer_call: to the number of the configuration', async () => {
    const { client, finish } = await callWith(type, () => tool('transfer_call', { to: 'desk' }));
    expect(client.responses(1)).toMatchObject([
      { content: 'I will put you through.', transfer_number: '+15551234567' },
    ]);
    expect(await finish()).toMatchObject({ outcome: 'transferred', faults: [] });
  });

  it('report_caller: is evidence, and the caller hears the answer', async () => {
    const report = { category: 'robocall_menu', confidence: 'high', quote: 'ask about a table for tonight' };
    const { client, model, finish } = await callWith(type, callThen(tool('report_caller', report)));
    expect(client.said(1)).toBe(LINE);
    expect(client.tools).toEqual([]);
    const record = await finish();
    const seen = record.evidence.flatMap(({ evidence }) => evidence.map(({ signal, level }) => `${signal} ${level}`));
    expect(seen).toContain('model-report high');
    expect(model.counts().requests).toBe(2);
    expect(record.models).toMatchObject([{ requests: 2 }]);
  });

  it('an own tool: is run, shown to the platform, and its answer spoken of', async () => {
    const { url, bodies } = await toolServer('{"free":["nine","ten"]}');
    const { client, model, finish } = await callWith(type, callThen(tool('free_times', { day: 'Tuesday' })), url);
    expect(client.said(1)).toBe(LINE);
    expect(bodies).toMatchObject([{ name: 'free_times', arguments: { day: 'Tuesday' }, call: { turn: 1 } }]);
    expect(client.tools).toMatchObject([
      { response_type: 'tool_call_invocation', name: 'free_times', arguments: { day: 'Tuesday' } },
      { response_type: 'tool_call_result', content: '{"free":["nine","ten"]}', successful: true },
    ]);
    expect(client.tools[1]?.tool_call_id).toBe(client.tools[0]?.tool_call_id);
    expect(JSON.stringify(model.requests[1]?.body)).toContain('nine');
    expect((await finish()).faults).toEqual([]);
  });

  it('an own tool that does not answer: the caller is asked to wait, then told', async () => {
    const { url } = await toolServer('late');
    const { client, finish } = await callWith(type, callThen(tool('free_times', { day: 'Tuesday' })), url, 2_000);
    expect(client.heardMs(1)).toBeLessThan(1_900);
    expect(client.said(1).endsWith(LINE)).toBe(true);
    expect(client.said(1).length).toBeGreaterThan(LINE.length + 5);
    expect(client.tools[1]).toMatchObject({ successful: false });
    await finish();
  });

  it('an own tool whose caller cuts in: is dropped, and the newer turn answered', async () => {
    const { url, bodies } = await toolServer('late');
    const before = processTimers();
    let calls = 0;
    const model = await fakeModel({
      mind: () => (calls++ === 0 ? tool('free_times', {}, 'Let me see') : { text: LINE }),
    });
    const tools = { http: { free_times: { description: 'Free times.', url } } };
    const guard = await modelGuard(
      { model: responderAt(model, type) },
      { agents: { default: { responder: 'model', tools } } },
    );
    const client = await guard.call();
    client.ask(1, saidTo(client, 'Is there a table?'));
    await expect.poll(() => bodies.length, { interval: 2 }).toBe(1);
    await client.bargeIn(2, saidTo(client, 'Is there a table?', 'For two.'));
    expect(await client.reply(2)).toBe(LINE);
    expect(client.tools).toMatchObject([{}, { response_type: 'tool_call_result', successful: false }]);
    await guard.hangUp(client);
    expectLawful(client);
    await expectQuiet(guard, model);
    await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
    expect(model.counts().refused).toBe(0);
  });

  it('tools without end: are stopped, and the caller hears a sentence', async () => {
    const { client, model, finish } = await callWith(type, () => tool('report_caller', { category: 'robocall_menu' }));
    expect(client.said(1)).toBe(FALLBACK);
    expect(model.counts().requests).toBe(5);
    expect((await finish()).faults).toEqual(['reply: tools were called too often in one turn']);
  });
});
