/**
 * Time to the first token, and CPU of a whole answer, of the model clients beside a bare node:http client, against
 * loopback servers in another process that answer at once: what is seen is the client's own cost. All take turns request
 * by request, in changing order, so that a busy machine slows them alike.
 *
 *     npx tsx bench/first-token.ts [rounds] [utterances in the transcript] [tokens of the answer]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { anthropicClient } from '../src/responders/anthropic.ts';
import type { ModelClient } from '../src/responders/model-client.ts';
import { openaiClient } from '../src/responders/openai.ts';
import { buildMessages } from '../src/responders/prompt.ts';

const rounds = Number(process.argv[2] ?? 1000);
const utterances = Number(process.argv[3] ?? 20);
const tokens = Number(process.argv[4] ?? 14);
const WARM_UP = 200;

const words = Array.from({ length: tokens }, (_, i) => `word${i} `);
const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const chunk = (choice: object) => data({ id: 'c', choices: [{ index: 0, ...choice }] });
const event = (type: string, value: object = {}) => `event: ${type}\n${data({ type, ...value })}`;
const answers: Record<string, string[]> = {
  '/v1/chat/completions': [
    ...words.map((content) => chunk({ delta: { content }, finish_reason: null })),
    `${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
  ],
  '/v1/messages': [
    event('message_start', { message: { usage: { input_tokens: 900, output_tokens: 1 } } }) +
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...words.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })),
    event('content_block_stop', { index: 0 }) +
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } }) +
      event('message_stop'),
  ],
};

if (process.send) {
  const server = http.createServer((req, res) => {
    const answer = answers[req.url ?? ''] ?? [];
    req.resume().once('end', () => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(answer.slice(0, 2).join(''));
      setImmediate(() => res.end(answer.slice(2).join('')));
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
} else {
  await measure();
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), { execArgv: process.execArgv });
  const [port] = (await once(server, 'message')) as [number];
  const url = `http://127.0.0.1:${port}`;
  const transcript = Array.from({ length: utterances }, (_, i) => ({
    role: i % 2 === 0 ? ('caller' as const) : ('agent' as const),
    text: `This is utterance ${i}, about as long as people speak before the other one does.`,
  }));
  const prompt = () => ({
    system: 'You are Ada, the receptionist.',
    tools: [],
    messages: buildMessages({ kind: 'reply', language: 'en', transcript, rounds: [] }, 'en'),
  });
  const clients = {
    openai: openaiClient({ name: 'openai', model: 'm', apiKey: 'k', baseUrl: `${url}/v1` }),
    anthropic: anthropicClient({ name: 'anthropic', model: 'm', apiKey: 'k', baseUrl: url }),
  };
  const agent = new http.Agent({ keepAlive: true });
  const body = JSON.stringify({ model: 'm', stream: true, ...prompt() });
  const contenders = {
    bare: () => viaBareHttp(`${url}/v1/chat/completions`, agent, body),
    openai: () => viaClient(clients.openai, prompt()),
    anthropic: () => viaClient(clients.anthropic, prompt()),
  };
  type Who = keyof typeof contenders;
  const all = Object.keys(contenders) as Who[];
  const first: Record<Who, number[]> = { bare: [], openai: [], anthropic: [] };
  const cpu: Record<Who, number> = { bare: 0, openai: 0, anthropic: 0 };
  for (let i = -WARM_UP; i < rounds; i += 1) {
    for (let k = 0; k < all.length; k += 1) {
      const who = all[(((i + k) % all.length) + all.length) % all.length] as Who;
      const before = process.cpuUsage();
      const ms = await contenders[who]();
      const used = process.cpuUsage(before);
      if (i < 0) continue;
      first[who].push(ms);
      cpu[who] += (used.user + used.system) / 1000;
    }
  }
  let sum = 0;
  const builtAt = performance.now();
  for (let i = 0; i < 2000; i += 1) sum += prompt().messages.length;
  const building = (performance.now() - builtAt) / 2000;

  const ms = (value: number) => `${value.toFixed(3)} ms`;
  console.log(`${rounds} requests each, ${utterances} utterances, ${tokens} tokens an answer`);
  for (const who of all) {
    const [p50, p95] = [percentile(first[who], 0.5), percentile(first[who], 0.95)];
    const over = ms(p50 - percentile(first.bare, 0.5));
    console.log(
      `${who.padEnd(10)} first token p50 ${ms(p50)} (+${over})  p95 ${ms(p95)}  CPU ${ms(cpu[who] / rounds)} an answer`,
    );
  }
  console.log(`building the ${sum / 2000} messages: ${ms(building)}`);

  for (const client of Object.values(clients)) client.close();
  agent.destroy();
  server.kill();
}

async function viaClient(client: ModelClient, request: Parameters<ModelClient['stream']>[0]): Promise<number> {
  const startedAt = performance.now();
  let first = 0;
  for await (const piece of client.stream(request, new AbortController().signal)) {
    if (piece.type === 'text') first ||= performance.now() - startedAt;
  }
  return first;
}

function viaBareHttp(url: string, agent: http.Agent, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const startedAt = performance.now();
  let first = 0;
  return new Promise((resolve, reject) => {
    const req = http.request(url, { method: 'POST', agent, headers }, (res) => {
      res.on('data', (part: Buffer) => {
        if (first === 0 && part.includes('"content"')) first = performance.now() - startedAt;
      });
      res.once('end', () => resolve(first));
      res.once('error', reject);
    });
    req.once('error', reject);
    req.end(body);
  });
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
