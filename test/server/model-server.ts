import type { ServerResponse } from 'node:http';
import { afterEach } from 'vitest';
import { chunk, head, sse, sseServer } from '../responders/sse-server.ts';

/** One request that the guard's responder made; the test answers it as it likes. */
export interface ModelRequest {
  readonly body: Record<string, unknown>;
  /** Sends pieces of the answer. */
  say(...pieces: string[]): void;
  /** Ends the answer in order. */
  end(...pieces: string[]): void;
  fail(status: number): void;
  /** Breaks the connection in the middle. */
  breakOff(): void;
  /** The guard has given the request up. */
  readonly cancelled: () => boolean;
}

export interface ModelServer {
  /** To be spread into a config. */
  readonly config: { responders: Record<string, unknown>; agents: Record<string, unknown> };
  readonly requests: ModelRequest[];
  /** Connections that the guard holds to it. */
  connections(): number;
  /** The nth request, once it has come. */
  request(n: number): Promise<ModelRequest>;
}

const open: (() => void)[] = [];

/** A chat-completions server on loopback that waits to be told what to answer. */
export async function modelServer(agent: Record<string, unknown> = {}): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  const server = await sseServer((res: ServerResponse, body) => {
    let gone = false;
    res.on('close', () => {
      gone = !res.writableEnded;
    });
    const say = (...pieces: string[]): void => {
      if (!res.headersSent) head(res);
      for (const content of pieces) res.write(chunk({ content }));
    };
    requests.push({
      body,
      say,
      end: (...pieces) => {
        if (!res.headersSent) head(res);
        res.end(sse(pieces));
      },
      fail: (status) => {
        res.writeHead(status, { 'content-type': 'application/json' });
        res.end('{"error":{"message":"no"}}');
      },
      breakOff: () => void res.destroy(),
      cancelled: () => gone,
    });
  });
  open.push(server.close);
  return {
    config: {
      responders: { model: { type: 'openai', model: 'test', base_url: server.url } },
      agents: { default: { responder: 'model', ...agent } },
    },
    requests,
    connections: () => server.sockets.size,
    async request(n) {
      const end = performance.now() + 3_000;
      while (requests.length <= n) {
        if (performance.now() > end) throw new Error(`no request ${n} came to the model`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return requests[n] as ModelRequest;
    },
  };
}

afterEach(() => {
  for (const close of open.splice(0)) close();
});
