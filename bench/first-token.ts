/**
 * Time to the first token of the openai responder beside a bare node:http client, against one loopback server that
 * answers at once, so that what is seen is the client's own cost. The two take turns request by request, and swap who
 * goes first, so that a busy machine slows both.
 *
 *     npx tsx bench/first-token.ts [rounds] [utterances in the transcript]
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { openaiResponder } from '../src/responders/openai.ts';
import { buildMessages } from '../src/responders/prompt.ts';
import type { AgentBrief, TurnRequest } from '../src/responders/responder.ts';

const rounds = Number(process.argv[2] ?? 1000);
const utterances = Number(process.argv[3] ?? 20);
const WARM_UP = 200;

const sse = (choice: object) => `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, ...choice }] })}\n\n`;
const answer = [
  ...'Sure, I can book that for you. What time would suit you best?'
    .split(/(?<= )/)
    .map((content) => sse({ delta: { content }, finish_reason: null })),
  sse({ delta: {}, finish_reason: 'stop' }),
  'data: [DONE]\n\n',
];
const server = http.createServer((req, res) => {
  req.resume().once('end', () => {
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    res.write(answer[0]);
    setImmediate(() => res.end(answer.slice(1).join('')));
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

const agentBrief: AgentBrief = {
  name: 'default',
  language: 'en',
  scope: 'booking tables at a restaurant',
  prompt: 'You are Ada, the receptionist.',
};
const request: TurnRequest = {
  turn: 1,
  kind: 'reply',
  language: 'en',
  transcript: Array.from({ length: utterances }, (_, i) => ({
    role: i % 2 === 0 ? 'caller' : 'agent',
    text: `This is utterance ${i}, about as long as people speak before the other one does.`,
  })),
};

const responder = openaiResponder({ name: 'model', model: 'm', apiKey: 'k', baseUrl: url });
const session = responder.open({
  facts: { callId: 'c', agent: 'default', platform: 'bench', direction: 'inbound', noText: false },
  agent: agentBrief,
  relay: { onFrame() {}, onClosed() {} },
});
if (session.kind !== 'turns') throw new Error('not a turn session');
const never = new AbortController().signal;

async function viaResponder(): Promise<number> {
  const startedAt = performance.now();
  let first = 0;
  if (session.kind !== 'turns') return 0;
  for await (const piece of session.answer(request, never)) {
    if (piece.type === 'text') first ||= performance.now() - startedAt;
  }
  return first;
}

const agent = new http.Agent({ keepAlive: true });
const body = JSON.stringify({ model: 'm', stream: true, messages: buildMessages(agentBrief, request) });
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

function viaBareHttp(): Promise<number> {
  const startedAt = performance.now();
  let first = 0;
  return new Promise((resolve, reject) => {
    const req = http.request(`${url}/chat/completions`, { method: 'POST', agent, headers }, (res) => {
      res.on('data', (data: Buffer) => {
        if (first === 0 && data.includes('"content"')) first = performance.now() - startedAt;
      });
      res.once('end', () => resolve(first));
      res.once('error', reject);
    });
    req.once('error', reject);
    req.end(body);
  });
}

const times = { responder: [] as number[], bare: [] as number[] };
for (let i = -WARM_UP; i < rounds; i += 1) {
  const measured = { responder: 0, bare: 0 };
  const order = i % 2 === 0 ? (['responder', 'bare'] as const) : (['bare', 'responder'] as const);
  for (const who of order) measured[who] = await (who === 'bare' ? viaBareHttp() : viaResponder());
  if (i < 0) continue;
  times.responder.push(measured.responder);
  times.bare.push(measured.bare);
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

const ms = (value: number) => `${value.toFixed(3)} ms`;
console.log(`time to first token, ${rounds} requests each, ${utterances} utterances`);
for (const who of ['bare', 'responder'] as const) {
  console.log(`${who.padEnd(10)} p50 ${ms(percentile(times[who], 0.5))}  p95 ${ms(percentile(times[who], 0.95))}`);
}
console.log(`difference p50 ${ms(percentile(times.responder, 0.5) - percentile(times.bare, 0.5))}`);

responder.close();
agent.destroy();
server.close();
