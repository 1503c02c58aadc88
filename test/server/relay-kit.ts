import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { RawFrame } from '../../src/responders/responder.ts';
import { type GuardUnderTest, guardUnderTest, newCallId } from './guard-kit.ts';
import { type Behaviour, printed, type UpstreamServer, upstreamServer } from './relay-upstream-server.ts';
import { INBOUND } from './retell-client.ts';

/** The platform waits this long for an upgrade. */
const HANDSHAKE_MS = 7_000;

/** The platform's end of one call, socket after socket, which notes all that it sees. */
export class Line {
  /** What was seen, in order: `open`, `refused`, every frame byte for byte, `closed 1000`. */
  readonly trace: string[] = [];
  /** When each line of the trace was written. */
  readonly atMs: number[] = [];
  /** Text frames of all sockets. */
  readonly texts: string[] = [];
  readonly #url: string;
  #socket: WebSocket | null = null;
  #pings = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** One attempt. False: refused. */
  dial(): Promise<boolean> {
    const socket = new WebSocket(this.#url, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
    this.#socket = socket;
    return new Promise((resolve) => {
      let opened = false;
      socket.on('open', () => {
        opened = true;
        this.#note('open');
        resolve(true);
      });
      socket.on('message', (data, binary) => {
        this.#note(printed({ data: data as Buffer, binary }));
        if (!binary) this.texts.push(String(data));
      });
      socket.on('error', () => {});
      socket.on('close', (code) => {
        this.#note(opened ? `closed ${code}` : 'refused');
        resolve(false);
      });
    });
  }

  /** Sends an object as JSON, a text, or a frame as it is. */
  send(what: object | string | RawFrame): void {
    if (typeof what === 'object' && 'binary' in what) this.#open.send(what.data, { binary: what.binary });
    else this.#open.send(typeof what === 'string' ? what : JSON.stringify(what));
  }

  details(changes: object = {}): void {
    this.send({ interaction_type: 'call_details', call: { ...INBOUND, ...changes } });
  }

  update(transcript: readonly object[]): void {
    this.send({ interaction_type: 'update_only', transcript });
  }

  ask(responseId: number, transcript: readonly object[], type = 'response_required'): void {
    this.send({ interaction_type: type, response_id: responseId, transcript });
  }

  /** All that was sent before, by either side, has arrived when the upstream's echo of a ping is back. */
  async settled(): Promise<void> {
    const timestamp = ++this.#pings;
    this.send({ interaction_type: 'ping_pong', timestamp });
    const echo = JSON.stringify({ response_type: 'ping_pong', timestamp });
    await this.until(() => this.texts.includes(echo), `the echo of ping ${timestamp}`);
  }

  /** An orderly close; without a code when none is given. */
  close(code?: number): void {
    this.#open.close(code);
  }

  terminate(): void {
    this.#socket?.terminate();
  }

  /** Waits for the end of the socket. */
  async closed(): Promise<void> {
    await this.until(() => this.#socket?.readyState === WebSocket.CLOSED, 'the close of the socket');
  }

  async until(holds: () => boolean, what = String(holds), ms = 5_000): Promise<void> {
    const end = performance.now() + ms;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}; saw ${this.#recently()}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  #recently(): string {
    const last = this.trace.slice(-20).map((one) => one.slice(0, 200));
    return `${this.trace.length} lines, at last\n${last.join('\n')}`;
  }

  get #open(): WebSocket {
    if (!this.#socket) throw new Error('not dialled');
    return this.#socket;
  }

  #note(what: string): void {
    this.trace.push(what);
    this.atMs.push(performance.now());
  }
}

export interface RelayUnderTest extends GuardUnderTest {
  readonly upstream: UpstreamServer;
  /** The line of a call through the guard. */
  line(callId?: string): Line;
}

/** The settings of a guard in front of a custom-LLM server. */
export const relayConfig = (url: string, changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  responders: { up: { type: 'relay', url } },
  agents: { default: { responder: 'up' } },
  ...changes,
});

/** A custom-LLM server with a real guard in front of it. */
export async function relayUnderTest(
  behave: Behaviour,
  changes: Record<string, unknown> = {},
  options: Parameters<typeof guardUnderTest>[1] = {},
): Promise<RelayUnderTest> {
  const upstream = await upstreamServer(behave);
  const guard = await guardUnderTest(relayConfig(upstream.url, changes), options);
  const address = `ws://127.0.0.1:${guard.guard.port}/llm-websocket/default`;
  return { ...guard, upstream, line: (callId = newCallId()) => new Line(`${address}/${callId}`) };
}

/** What one conversation plays with; the same with and without a guard in between. */
export interface Stage {
  readonly line: Line;
  readonly upstream: UpstreamServer;
  /** Lets the guard's clock run, where there is one: its timers must change nothing. */
  pass(ms: number): Promise<void>;
}

export interface Traces {
  /** What the platform saw. */
  readonly platform: readonly string[];
  /** What the upstream saw, a list a connection. */
  readonly upstream: readonly (readonly string[])[];
  readonly line: Line;
}

/**
 * Plays a conversation against the bare upstream and through a guard. Both ends see the same, byte for byte.
 * `faulty`: the guard fails on purpose; otherwise it may log no error.
 */
export async function expectNoDifference(
  behave: Behaviour,
  conversation: (stage: Stage) => Promise<void>,
  { changes = {}, faulty = false }: { changes?: Record<string, unknown>; faulty?: boolean } = {},
): Promise<{ bare: Traces; guarded: Traces }> {
  const callId = newCallId();
  const server = await upstreamServer(behave);
  const relay = await relayUnderTest(behave, changes);
  const [bare, guarded] = await Promise.all([
    traced({ line: new Line(`${server.url}/${callId}`), upstream: server, pass: async () => {} }, conversation),
    traced({ line: relay.line(callId), upstream: relay.upstream, pass: (ms) => relay.clock.pass(ms) }, conversation),
  ]);
  expect(guarded.platform).toEqual(bare.platform);
  expect(guarded.upstream).toEqual(bare.upstream);
  const errors = relay.logs().filter(({ level }) => Number(level) >= 50);
  expect(errors).toHaveLength(faulty ? 1 : 0);
  return { bare, guarded };
}

async function traced(stage: Stage, conversation: (stage: Stage) => Promise<void>): Promise<Traces> {
  const { line, upstream } = stage;
  await conversation(stage);
  line.terminate();
  await line.until(
    () => upstream.connections.every((one) => one.closeCode() !== null),
    'the end of all sockets of the upstream',
  );
  return {
    platform: line.trace,
    upstream: upstream.connections.map((one) => [
      one.target,
      ...one.received.map(printed),
      `closed ${one.closeCode()}`,
    ]),
    line,
  };
}
