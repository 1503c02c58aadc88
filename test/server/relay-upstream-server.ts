import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RawFrame } from '../../src/responders/responder.ts';

export interface Received extends RawFrame {
  readonly atMs: number;
}

/** A frame as a string that equals another's when every byte does; comparing large Buffers takes seconds. */
export const printed = ({ data, binary }: RawFrame): string =>
  `${binary ? 'binary' : 'text'} ${data.toString('latin1')}`;

/** One socket as the custom-LLM server sees it. */
export interface UpstreamConnection {
  /** Path and query of the request. */
  readonly target: string;
  readonly socket: WebSocket;
  readonly received: Received[];
  /** The code it was closed with; null while it is open. */
  closeCode(): number | null;
}

/** What a server does with a connection, and when it is told that time passes for its model. */
export type Behaviour = (connection: UpstreamConnection) => { tick?(): void };

export interface UpstreamServer {
  readonly port: number;
  /** As it would be written into the settings of an agent. */
  readonly url: string;
  readonly connections: UpstreamConnection[];
  /** The nth connection, once it is there. */
  connection(n: number): Promise<UpstreamConnection>;
  /** Lets the model of every connection say its next word. */
  tick(): void;
  /** The process dies: sockets break without a close frame, and nobody listens. */
  kill(): Promise<void>;
  /** A new process on the same port. */
  restart(): Promise<void>;
}

const running: UpstreamServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.kill();
});

/** Plays nothing, and keeps what comes. */
export const silent: Behaviour = () => ({});

/** Sends frames as soon as the socket is open. */
export const playing =
  (frames: readonly RawFrame[]): Behaviour =>
  ({ socket }) => {
    for (const { data, binary } of frames) socket.send(data, { binary });
    return {};
  };

/** A custom-LLM server on a free port of loopback. Killed after the test. */
export async function upstreamServer(behave: Behaviour, path = '/llm-websocket'): Promise<UpstreamServer> {
  const connections: UpstreamConnection[] = [];
  const ticks = new Set<() => void>();
  let streams = new Set<Duplex>();
  let http: Server | null = null;

  const accept = (socket: WebSocket, target: string): void => {
    const received: Received[] = [];
    let code: number | null = null;
    const connection = { target, socket, received, closeCode: () => code };
    connections.push(connection);
    // Before the behaviour's own listener, so that what it answers has been noted.
    socket.on('message', (data, binary) => {
      received.push({ data: data as Buffer, binary, atMs: performance.now() });
    });
    socket.on('error', () => {});
    const { tick } = behave(connection);
    if (tick) ticks.add(tick);
    socket.on('close', (closeCode) => {
      code = closeCode;
      if (tick) ticks.delete(tick);
    });
  };

  const listen = async (port: number): Promise<void> => {
    const server = createServer((_request, response) => void response.writeHead(404).end());
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
    server.on('connection', (stream) => {
      streams.add(stream);
      stream.on('close', () => streams.delete(stream));
    });
    server.on('upgrade', (request, stream, head) => {
      sockets.handleUpgrade(request, stream, head, (socket) => accept(socket, request.url ?? ''));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    http = server;
  };
  await listen(0);
  const { port } = (http as unknown as Server).address() as AddressInfo;

  const upstream: UpstreamServer = {
    port,
    url: `ws://127.0.0.1:${port}${path}`,
    connections,
    async connection(n) {
      const end = performance.now() + 5_000;
      while (connections.length <= n) {
        if (performance.now() > end) throw new Error(`no connection ${n} came to the upstream`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return connections[n] as UpstreamConnection;
    },
    tick: () => {
      for (const tick of [...ticks]) tick();
    },
    async kill() {
      const dying = http;
      http = null;
      if (!dying) return;
      const closed = new Promise<void>((resolve) => dying.close(() => resolve()));
      for (const stream of streams) stream.destroy();
      streams = new Set();
      await closed;
    },
    restart: () => listen(port),
  };
  running.push(upstream);
  return upstream;
}

/**
 * Behaves like the platform's public reference server for Node: `config` first, the begin message when the call's
 * details come, an answer of several pieces to every request, older answers not stopped by a newer request, `end_call`
 * where the caller says goodbye, 1007 on a binary frame (which it reads nevertheless), 1011 when something fails.
 * Its model says one word of every open answer a `tick`.
 */
export const referenceServer: Behaviour = ({ socket }) => {
  const answers: Generator<object>[] = [];
  const send = (frame: object): void => socket.send(JSON.stringify(frame));
  send({ response_type: 'config', config: { auto_reconnect: true, call_details: true } });
  socket.on('message', (data, binary) => {
    try {
      if (binary) socket.close(1007, 'Text frames only.');
      read(JSON.parse(String(data)));
    } catch {
      socket.close(1011, 'Something failed.');
    }
  });
  const read = (request: Request): void => {
    switch (request.interaction_type) {
      case 'call_details':
        send(spoken(0, 'Thanks for calling, what can I do for you?', true));
        break;
      case 'ping_pong':
        send({ response_type: 'ping_pong', timestamp: request.timestamp });
        break;
      case 'response_required':
      case 'reminder_required':
        answers.push(answer(request));
        break;
    }
  };
  return {
    tick() {
      for (const one of [...answers]) {
        const { value, done } = one.next();
        if (done) answers.splice(answers.indexOf(one), 1);
        else send(value);
      }
    },
  };
};

interface Request {
  readonly interaction_type: string;
  readonly response_id: number;
  readonly timestamp: number;
  readonly transcript: readonly { readonly role: string; readonly content: string }[];
}

const spoken = (id: number, content: string, complete: boolean, end = false): object => ({
  response_type: 'response',
  response_id: id,
  content,
  content_complete: complete,
  end_call: end,
});

function* answer({ interaction_type: type, response_id: id, transcript }: Request): Generator<object> {
  const last = transcript.at(-1)?.content ?? '';
  if (/goodbye/i.test(last)) {
    yield spoken(id, 'Thank you, and goodbye.', true, true);
    return;
  }
  const words = type === 'reminder_required' ? 'Are you still with me?' : `About ${last.length} letters: let me see.`;
  for (const word of words.split(' ')) yield spoken(id, `${word} `, false);
  yield spoken(id, '', true);
}
