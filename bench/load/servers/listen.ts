import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a team without a guard would say first; Retell's reference server does the same. */
const HELLO = [
  JSON.stringify({ response_type: 'config', config: { auto_reconnect: true, call_details: true } }),
  JSON.stringify({
    response_type: 'response',
    response_id: 0,
    content: 'Hello, how can I help?',
    content_complete: true,
  }),
];

/** A bare `ws` server on a free port of loopback; tells its address in the words of `hangup-guard serve`. */
export async function listen(onSocket: (socket: WebSocket, path: string) => void): Promise<void> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => socket.terminate());
    onSocket(socket, request.url ?? '/');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  announce(server.address() as AddressInfo);
}

export function announce({ port }: AddressInfo, scheme = 'ws', path = '/llm-websocket/{agent}'): void {
  process.stdout.write(`${JSON.stringify({ url_of_agent: `${scheme}://127.0.0.1:${port}${path}` })}\n`);
}

export function sayHello(socket: WebSocket): void {
  for (const frame of HELLO) socket.send(frame);
}

/** The parts of a frame that a bare server reads. */
export interface Asked {
  readonly interaction_type?: string;
  readonly response_id?: number;
  readonly timestamp?: number;
  readonly transcript?: readonly { readonly role: string; readonly content: string }[];
}

/** A whole or partial answer. */
export function response(id: number, content: string, complete: boolean): string {
  return JSON.stringify({ response_type: 'response', response_id: id, content, content_complete: complete });
}

/** Keep-alive, as every server has to answer it. True when the frame was one. */
export function answeredPing(socket: WebSocket, frame: Asked): boolean {
  if (frame.interaction_type !== 'ping_pong') return false;
  socket.send(JSON.stringify({ response_type: 'ping_pong', timestamp: frame.timestamp }));
  return true;
}
