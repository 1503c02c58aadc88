import { type ClientOptions, WebSocket } from 'ws';
import { FrameQueue } from './relay-queue.ts';
import type { RawFrame, Upstream } from './responder.ts';

export interface RelayTiming {
  /** The platform gives an attempt up after 7 s: by then it must know. */
  readonly openMs: number;
  /** How long an orderly close may take, from either side's close frame. */
  readonly closeMs: number;
  readonly pingMs: number;
}

const TIMING: RelayTiming = { openMs: 6_000, closeMs: 2_000, pingMs: 20_000 };

const OPTIONS: ClientOptions = {
  perMessageDeflate: false,
  maxPayload: 16 * 1024 * 1024,
  followRedirects: false,
};

/** Why an upstream could not be opened. Says nothing of its URL. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  /** Where it answered HTTP instead of taking the socket. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

type Listener = Parameters<Upstream['listen']>[0];

/**
 * One socket to a custom-LLM server. It is pinged every 20 s, so that whatever stands between does not cut a silent
 * call off; a missing pong has no consequence, for the platform has keep-alives of its own that pass through.
 */
export class UpstreamSocket implements Upstream {
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  /** Frames for the upstream; empty once it is open. */
  readonly #toSend = new FrameQueue();
  /** Frames of the upstream; empty once somebody listens. */
  readonly #received = new FrameQueue();
  #listener: Listener | null = null;
  #closedWith: number | null = null;
  #dropped = false;

  /** @param onClosed called once, when the socket is gone. */
  constructor(url: URL, onClosed: () => void, timing: Partial<RelayTiming> = {}) {
    const { openMs, closeMs, pingMs } = { ...TIMING, ...timing };
    // `closeTimeout` is too new for the types.
    const options: ClientOptions & { readonly closeTimeout: number } = { ...OPTIONS, closeTimeout: closeMs };
    const socket = new WebSocket(url, options);
    this.#socket = socket;
    let ping: NodeJS.Timeout | undefined;
    this.opened = new Promise((resolve, reject) => {
      // The handshake as a whole: a server that sends a byte now and then is not kept waiting for either.
      const late = setTimeout(() => {
        reject(new UpstreamError(`the upstream did not take the socket within ${openMs} ms`));
        socket.terminate();
      }, openMs);
      socket.on('open', () => {
        clearTimeout(late);
        ping = setInterval(() => socket.readyState === WebSocket.OPEN && socket.ping(), pingMs);
        ping.unref();
        for (const frame of this.#toSend.drain()) this.send(frame);
        resolve();
      });
      socket.on('unexpected-response', (_request, response) => {
        const status = response.statusCode;
        reject(new UpstreamError(`the upstream answered the handshake with ${status}`, status));
        socket.terminate();
      });
      // After `open` there is nothing to reject any more, and the close follows.
      socket.on('error', (error: Error & { code?: string }) => {
        reject(new UpstreamError(`the upstream could not be reached: ${error.code ?? error.message}`));
      });
      socket.on('close', (code) => {
        clearTimeout(late);
        clearInterval(ping);
        this.#toSend.drain();
        onClosed();
        this.#closed(code);
      });
    });
    // Whoever gave up waiting need not hear of it.
    this.opened.catch(() => {});
    socket.on('message', (data, binary) => this.#frame({ data: data as Buffer, binary }));
  }

  listen(to: Listener): void {
    this.#listener = to;
    for (const frame of this.#received.drain()) if (!this.#dropped) to.frame(frame);
    if (this.#closedWith !== null) to.closed(this.#closedWith);
  }

  send(frame: RawFrame): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(frame.data, { binary: frame.binary });
    else if (this.#socket.readyState === WebSocket.CONNECTING && !this.#toSend.add(frame)) this.terminate();
  }

  close(code: number): void {
    if (code === 1005) this.#socket.close();
    else if (isSendable(code)) this.#socket.close(code);
    else this.terminate();
  }

  terminate(): void {
    this.#dropped = true;
    this.#socket.terminate();
  }

  get buffered(): number {
    return this.#toSend.bytes + this.#socket.bufferedAmount;
  }

  #frame(frame: RawFrame): void {
    // What was read together with the last frame still arrives after a terminate.
    if (this.#dropped) return;
    if (this.#listener) this.#listener.frame(frame);
    else if (!this.#received.add(frame)) this.terminate();
  }

  #closed(code: number): void {
    this.#closedWith = code;
    this.#listener?.closed(code);
  }
}

/** Codes that may stand in a close frame (RFC 6455, 7.4); the others are only ever reported. */
function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
}
