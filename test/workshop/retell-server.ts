import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../src/clock.ts';
import type { Wire, WireEnd } from '../../src/server/wire.ts';

/** A frame of the platform, as a test looks at it. */
export interface Asked {
  readonly interaction_type: string;
  readonly response_id?: number;
  readonly transcript?: readonly {
    readonly role: string;
    readonly content: string;
    readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
  }[];
  readonly transcript_with_tool_calls?: readonly { readonly role: string; readonly digit?: string }[];
  readonly turntaking?: string;
  readonly call?: Readonly<Record<string, unknown>>;
  readonly timestamp?: number;
}

/** What a trivial server does at each frame. */
export interface Script {
  onOpen?(say: (frame: Readonly<Record<string, unknown>>) => void, wire: Wire): void;
  onFrame(frame: Asked, say: (frame: Readonly<Record<string, unknown>>) => void, wire: Wire, callId: string): void;
}

export const GREETING = 'Good morning, Green Dental, how can I help you?';
export const ANSWER = 'All right, I have noted that. Is there anything else?';

export function reply(id: number, content: string, more: Readonly<Record<string, unknown>> = {}) {
  return { response_type: 'response', response_id: id, content, content_complete: true, ...more };
}

/** Always says the same. */
export const parrot: Script = {
  onOpen: (say) => {
    say({ response_type: 'config', config: { auto_reconnect: true, call_details: true } });
    say(reply(0, GREETING));
  },
  onFrame: (frame, say) => {
    if (frame.interaction_type === 'ping_pong') say({ response_type: 'ping_pong', timestamp: frame.timestamp });
    if (frame.response_id !== undefined) say(reply(frame.response_id, ANSWER));
  },
};

/** The same script for an in-process call. */
export function openScript(script: Script): (agent: string, callId: string, wire: Wire) => WireEnd {
  return (_agent, callId, wire) => {
    const say = (frame: Readonly<Record<string, unknown>>): void => wire.send(JSON.stringify(frame));
    script.onOpen?.(say, wire);
    return {
      receive: (frame: Buffer) => script.onFrame(JSON.parse(frame.toString()) as Asked, say, wire, callId),
      closed: () => undefined,
    };
  };
}

export interface TestServer {
  readonly url: string;
  readonly paths: string[];
  close(): Promise<void>;
}

/** The same script over real sockets. */
export async function serveScript(script: Script, _clock?: Clock): Promise<TestServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await once(server, 'listening');
  const paths: string[] = [];
  server.on('connection', (socket, request) => {
    paths.push(request.url ?? '');
    const wire: Wire = {
      send: (frame) => socket.send(frame),
      close: (code) => socket.close(code),
      terminate: () => socket.terminate(),
      get buffered() {
        return socket.bufferedAmount;
      },
    };
    const callId = new URL(request.url ?? '/', 'ws://test').pathname.split('/').at(-1) ?? '';
    const end = openScript(script)('default', callId, wire);
    socket.on('message', (data) => end.receive(Buffer.from(data as Buffer)));
    socket.on('close', (code) => end.closed(code));
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/llm-websocket/default?key=secret`,
    paths,
    close: async () => {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
