import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ModelRequest } from '../../src/responders/model-client.ts';
import type {
  AgentBrief,
  ReplyPiece,
  TurnRequest,
  TurnResponder,
  TurnSession,
} from '../../src/responders/responder.ts';

/** A model server on loopback. `answer` gets the parsed request body. */
export async function sseServer(
  answer: (res: ServerResponse, body: Record<string, unknown>, req: IncomingMessage) => void | Promise<void>,
) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = http.createServer(async (req, res) => {
    const parts: Buffer[] = [];
    for await (const part of req) parts.push(part as Buffer);
    await answer(res, JSON.parse(Buffer.concat(parts).toString('utf8')) as Record<string, unknown>, req);
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    sockets,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export function head(res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream' });
}

export function event(data: unknown): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

export function chunk(delta: Record<string, unknown>, finish: string | null = null): string {
  return event({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
}

/** A whole ordinary answer. */
export function sse(text: string[], finish = 'stop'): string {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...text.map((content) => chunk({ content })),
    chunk({}, finish),
    event('[DONE]'),
  ].join('');
}

export const agent: AgentBrief = { name: 'default', language: 'en', system: 'You are Ada.', tools: [] };

export function open(responder: TurnResponder): TurnSession {
  return responder.open({
    facts: { callId: 'c1', agent: 'default', platform: 'test', direction: 'inbound', noText: false },
    agent,
  });
}

export const turn = (text = 'Hello, do you have a table?'): TurnRequest => ({
  turn: 1,
  kind: 'reply',
  language: 'en',
  transcript: [{ role: 'caller', text }],
  rounds: [],
});

/** A request to a model client with one message of the user. */
export const modelRequest = (content = 'Hello, do you have a table?'): ModelRequest => ({
  system: 'You are Ada.',
  tools: [],
  messages: [{ role: 'user', content }],
});

export async function collect(pieces: AsyncIterable<ReplyPiece>): Promise<ReplyPiece[]> {
  const all: ReplyPiece[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

export function textOf(pieces: readonly ReplyPiece[]): string {
  return pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
}

export async function until(holds: () => boolean, ms = 3000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
