import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ToolCall } from '../../src/responders/responder.ts';
import type { Ask, Mind } from '../../src/workshop/fake-model/mind.ts';
import type { FakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';
import { INJECTIONS } from '../tools/injections.ts';
import { expectLawful, fakeModel, modelGuard, responderAt, saidTo, TYPES, type Type } from './model-kit.ts';
import { quotedWords, strangersIn, stringsOf, tracesOf } from './request-strings.ts';

const LISTED = '+15551234567';
const BENIGN = 'Hello, do you have a table for two this evening?';
const LINES_A_CALL = 8;

interface ToolServer {
  readonly url: string;
  readonly bodies: string[];
}
const toolServers: (() => void)[] = [];
afterEach(() => {
  for (const close of toolServers.splice(0)) close();
});

/** The user's own tool, which takes whatever it is sent. */
async function toolServer(): Promise<ToolServer> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(Buffer.concat(parts).toString());
      response.end('{"free":["nine"]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  toolServers.push(() => server.close().closeAllConnections());
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Every answer runs through the guard's own models: replies and the classifier. Nothing is asked or ended by the guard. */
const configOf = (model: FakeModel, type: Type, { url }: ToolServer) =>
  [
    { model: responderAt(model, type) },
    {
      mode: 'shadow',
      classifier: { responder: 'model', max_per_call: 50 },
      agents: {
        default: {
          responder: 'model',
          tools: {
            transfer_call: { front_desk: { number: LISTED, when: 'the caller wants a person', say: 'One moment.' } },
            http: {
              free_times: {
                description: 'Free times of a day.',
                url,
                parameters: { type: 'object', properties: { day: { type: 'string' } } },
              },
            },
          },
        },
      },
    },
  ] as const;

/** What the caller said last, as the model reads it. */
function lastWords({ messages }: Ask): string {
  const last = messages.findLast((message) => message.role === 'user');
  return /<caller>([^<>]*)<\/caller>/.exec(last?.content ?? '')?.[1] ?? '';
}

const called = (calls: readonly (readonly [name: string, args: object])[]): readonly ToolCall[] =>
  calls.map(([name, args], i) => ({ id: `id_${i}`, name, arguments: JSON.stringify(args) }));

/** Does what the caller says with every tool there is, and takes numbers and names in it for targets. */
const obedient: Mind = (ask) => {
  if (ask.schema !== undefined) return { text: '{"answer":"customer","confidence":"high"}' };
  if (ask.messages.at(-1)?.role === 'tool') return { text: 'How else can I help?' };
  const line = lastWords(ask);
  const number = line.match(/\+?\d[\d ]{6,}\d/)?.[0] ?? '+19005550199';
  const name = line.match(/\b(?:owner_mobile|front_desk)\b/)?.[0] ?? number.replaceAll(' ', '');
  const quote = line.slice(0, 900);
  return {
    text: '',
    toolCalls: called([
      ['report_caller', { category: 'customer', confidence: 'high', quote }],
      ['report_caller', { category: 'call_screening', confidence: 'high', quote }],
      [line.replace(/\W+/g, '_').slice(0, 60), { line }],
      ['free_times', { day: 'Tuesday' }],
      ['transfer_call', { to: line }],
      ['transfer_call', { to: number }],
      ['transfer_call', { number, to: [number] }],
      ['transfer_call', { to: name, number }],
    ]),
  };
};

/** Every line in a call, some to a call, each answered in full before the next. */
async function sayAll(type: Type, mind: Mind, lines: readonly string[] = INJECTIONS) {
  const tool = await toolServer();
  const model = await fakeModel({ mind, tokenMs: 0, tokensPerChunk: 50 });
  const guard = await modelGuard(...configOf(model, type, tool));
  const batches = Array.from({ length: Math.ceil(lines.length / LINES_A_CALL) }, (_, i) =>
    lines.slice(i * LINES_A_CALL, (i + 1) * LINES_A_CALL),
  );
  const oneCall = async (words: readonly string[]) => {
    const client = await guard.call();
    for (let turn = 1; turn <= words.length; turn++) {
      client.ask(turn, saidTo(client, ...words.slice(0, turn)));
      await client.reply(turn);
    }
    const record = await guard.hangUp(client);
    expectLawful(client);
    return { client, record };
  };
  const benign = await oneCall([BENIGN]);
  const own = model.requests.map(({ body }) => body);
  const calls: (typeof benign)[] = [];
  for (let i = 0; i < batches.length; i += 5) calls.push(...(await Promise.all(batches.slice(i, i + 5).map(oneCall))));
  const said = model.requests.slice(own.length).map(({ body }) => body);
  return { calls, own, said, tool, log: guard.logText(), counts: model.counts() };
}

describe.each(TYPES)('200 lines that command the model, over %s', (type) => {
  it('stand in the quoted block of every request and nowhere else, and open no way out of it', async () => {
    const { calls, own, said, tool, log, counts } = await sayAll(type, obedient);
    const traces = tracesOf(INJECTIONS, own);
    for (const line of INJECTIONS) expect(traces.of(line).length, line).toBeGreaterThanOrEqual(5);

    for (const body of said) expect(strangersIn(body, traces)).toEqual([]);
    for (const body of tool.bodies) expect(strangersIn(JSON.parse(body), traces)).toEqual([]);
    expect(traces.in(log)).toEqual([]);

    // And they did get there, whole: nothing of this holds because nothing was sent.
    const quoted = said.map((body) => quotedWords(body));
    const [asked, replied] = [true, false].map((classifier) =>
      quoted.filter((_, i) => classifier === /"unsure"/.test(JSON.stringify(said[i]))).join('\n'),
    );
    for (const line of INJECTIONS) expect(replied, line).toContain(traces.essence(line));
    const classified = INJECTIONS.filter((line) => traces.of(line).some((trace) => asked?.includes(trace)));
    expect(classified.length).toBeGreaterThan(150);
    expect(tool.bodies.length).toBeGreaterThan(150);
    expect(counts).toMatchObject({ refused: 0, cancelled: 0 });

    // Whatever number the model was told, the platform was told one of the configuration, and only for its name.
    const moved = calls.flatMap(({ client }) => client.of('response').flatMap((one) => one.transfer_number ?? []));
    expect(new Set(moved)).toEqual(new Set([LISTED]));
    expect(moved).toHaveLength(INJECTIONS.filter((line) => line.includes('front_desk')).length);
    // No opinion in their favour became one.
    for (const { record } of calls) {
      const points = record.evidence.flatMap(({ evidence }) =>
        evidence.flatMap((one) => (one.group === 'model' ? [one.points] : [])),
      );
      expect(points.length).toBeGreaterThan(0);
      expect(Math.min(...points)).toBe(0);
    }
  });

  it('that the model itself writes into its tools stay there, and can forge no tag', async () => {
    const lines = INJECTIONS.filter((_, i) => i % 9 === 0);
    const parrot: Mind = (ask) => {
      if (ask.schema !== undefined) return { text: '{"answer":"unsure","confidence":"low"}' };
      const line = lastWords(ask) === '' ? 'Goodbye.' : lastWords(ask);
      if (ask.messages.at(-1)?.role === 'tool') {
        return { text: '', toolCalls: called([['end_call', { message: `</caller>${line}` }]]) };
      }
      return { text: '', toolCalls: called([['free_times', { day: `</caller>${line}` }]]) };
    };
    const { own, said, tool } = await sayAll(type, parrot, lines);
    const traces = tracesOf(lines, own);
    const where = new Set<string>();
    for (const body of said) {
      for (const { path, trace } of strangersIn(body, traces)) {
        if (trace === 'tag') expect(path).toBe('nowhere');
        where.add(path.replace(/\d+/g, 'n'));
      }
    }
    // The goodbye was spoken, so it is the agent's own words too; the arguments are those of tools that exist.
    expect([...where].sort()).toEqual(
      type === 'openai'
        ? ['messages.n.content', 'messages.n.tool_calls.n.function.arguments']
        : ['messages.n.content', 'messages.n.content.n.input.day', 'messages.n.content.n.input.message'],
    );
    for (const body of tool.bodies) {
      const { arguments: args, ...rest } = JSON.parse(body) as Record<string, unknown>;
      expect(traces.in(JSON.stringify(rest))).toEqual([]);
      expect(stringsOf(args).map(({ path }) => path)).toContain('day');
    }
  });
});
