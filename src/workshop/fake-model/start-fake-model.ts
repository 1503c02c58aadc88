import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { secretEquals } from '../../config/secrets.ts';
import { anthropicDialect } from './anthropic-dialect.ts';
import { BadRequest, type Dialect } from './dialect.ts';
import type { FaultPlan } from './fault-plan.ts';
import { type FaultName, faultOf } from './faults.ts';
import { listModels } from './list-models.ts';
import { framesOf, makeReply } from './make-reply.ts';
import type { DialectName, Mind } from './mind.ts';
import { openaiDialect } from './openai-dialect.ts';
import { promptCache } from './prompt-cache.ts';
import { readJson } from './read-json.ts';
import { receptionist } from './receptionist.ts';
import { sendPlan } from './send-plan.ts';
import { planWire } from './wire-plan.ts';

const DIALECT_OF = new Map([openaiDialect, anthropicDialect].map((dialect) => [dialect.path, dialect]));
const MODELS = '/v1/models';
const MAX_SOCKETS = 10_000;

export interface FakeModelOptions {
  /** Default 0: a free one. */
  readonly port?: number;
  /** Requests without it are answered with 401. Default: none is needed. */
  readonly key?: string;
  /** Default: the scripted receptionist. */
  readonly mind?: Mind;
  readonly fault?: FaultPlan;
  /** Milliseconds from the request to the first token. Default 0. */
  readonly firstTokenMs?: number;
  /** Milliseconds from a token to the next. Default 0. */
  readonly tokenMs?: number;
  /** Tokens in one event of a stream. Default 1. */
  readonly tokensPerChunk?: number;
  /** How long a stall lasts. Default 30 s. */
  readonly stallMs?: number;
  /** What a 429 says to wait. Default 1 s. */
  readonly retryAfterS?: number;
  /** Shortest prefix that the prompt cache keeps. Default 1024 tokens. */
  readonly cacheFromTokens?: number;
  /** How many of the last requests are kept. Default 100. */
  readonly keep?: number;
}

/** A request that came, without its headers: they hold the key. */
export interface SeenRequest {
  /** Counts from 0. */
  readonly number: number;
  readonly dialect: DialectName;
  readonly body: unknown;
  readonly fault: FaultName | undefined;
}

export interface FakeModel {
  readonly port: number;
  /** `base_url` of a responder, by its type. */
  readonly baseUrl: Readonly<Record<DialectName, string>>;
  /** The last requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Totals: `cancelled` are those whose client left before the end. */
  counts(): {
    readonly requests: number;
    readonly faults: number;
    readonly refused: number;
    readonly cancelled: number;
  };
  openSockets(): number;
  /** Requests that came and are not answered to the end. */
  openRequests(): number;
  /** Destroys every socket and stops listening. */
  close(): Promise<void>;
}

/**
 * A server on 127.0.0.1 that speaks chat completions as OpenAI does and messages as Anthropic does, for demos, tests and
 * measurements. It is not a model: a mind answers, by default with the lines of the scripted receptionist.
 */
export async function startFakeModel(options: FakeModelOptions = {}): Promise<FakeModel> {
  const { mind = receptionist, keep = 100, tokensPerChunk = 1, retryAfterS = 1 } = options;
  const pace = {
    firstTokenMs: options.firstTokenMs ?? 0,
    tokenMs: options.tokenMs ?? 0,
    stallMs: options.stallMs ?? 30_000,
  };
  const cache = promptCache(options.cacheFromTokens ?? 1024);
  const requests: SeenRequest[] = [];
  const counts = { requests: 0, faults: 0, refused: 0, cancelled: 0 };

  const fail = (
    response: ServerResponse,
    dialect: Dialect,
    status: number,
    message: string,
    sent: object = {},
  ): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...sent });
    response.end(JSON.stringify(dialect.failure(status, message)));
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = performance.now();
    const dialect = dialectOf(request);
    if (options.key !== undefined && !secretEquals(dialect.key(request.headers), options.key)) {
      counts.refused += 1;
      fail(response, dialect, 401, 'Incorrect API key provided.');
      return;
    }
    const path = pathOf(request);
    if (path === MODELS && request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(listModels(dialect.name)));
      return;
    }
    if (path !== dialect.path || request.method !== 'POST') {
      const known = [...DIALECT_OF.keys()].map((one) => `POST ${one}`).join(' and ');
      fail(response, dialect, 404, `This is a fake model for tests; it knows ${known}.`);
      return;
    }
    const body = await readJson(request);
    const asked = dialect.read(body);
    const number = counts.requests++;
    const fault = options.fault?.({ number, dialect: dialect.name, stream: asked.stream });
    requests.push({ number, dialect: dialect.name, body, fault });
    if (requests.length > keep) requests.shift();
    if (fault !== undefined) counts.faults += 1;
    const { status, answer: twist, wire } = fault === undefined ? {} : faultOf(fault);
    if (wire === 'reset') {
      request.socket.resetAndDestroy();
    } else if (status !== undefined || (wire === 'error-mid' && !asked.stream)) {
      const late = status === 429 ? { 'retry-after': String(retryAfterS) } : {};
      fail(response, dialect, status ?? 500, 'A fault that was asked for.', late);
    } else {
      const thought = await mind(asked.ask);
      const reply = makeReply(twist?.(thought, asked.ask) ?? thought, asked, number, cache);
      // An answer that is not streamed comes when its last token would have.
      const whole = { ...pace, firstTokenMs: pace.firstTokenMs + reply.counts.output * pace.tokenMs, tokenMs: 0 };
      const frames = framesOf(reply, dialect, tokensPerChunk);
      const plan = planWire(frames, asked.stream ? pace : whole, wire, dialect);
      const type = asked.stream ? 'text/event-stream; charset=utf-8' : 'application/json';
      const headers = { 'content-type': type, 'cache-control': 'no-cache', [dialect.idHeader]: `req_fake${number}` };
      if (!(await sendPlan(response, { status: 200, headers }, plan, startedAt))) counts.cancelled += 1;
    }
  };

  const sockets = new Set<Socket>();
  let open = 0;
  const server = createServer((request, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    // The client may go at any time; that is its right.
    response.on('error', () => {});
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      const dialect = dialectOf(request);
      const wrong = error instanceof BadRequest;
      if (wrong) counts.refused += 1;
      fail(response, dialect, wrong ? 400 : 500, wrong ? error.message : 'The fake mind failed.');
    });
  });
  server.maxConnections = MAX_SOCKETS;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    baseUrl: { openai: `http://127.0.0.1:${port}/v1`, anthropic: `http://127.0.0.1:${port}` },
    requests,
    counts: () => ({ ...counts }),
    openSockets: () => sockets.size,
    openRequests: () => open,
    async close() {
      server.close();
      await Promise.all([...sockets].map((socket) => new Promise((gone) => socket.destroy().once('close', gone))));
    },
  };
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*$/s, '');
}

/** By the path; both APIs list models under the same one, where a header of Anthropic's tells them apart. */
function dialectOf(request: IncomingMessage): Dialect {
  const other = request.headers['anthropic-version'] === undefined ? openaiDialect : anthropicDialect;
  return DIALECT_OF.get(pathOf(request)) ?? other;
}
