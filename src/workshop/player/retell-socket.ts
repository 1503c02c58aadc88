import type { Connect, Connection } from './connection.ts';
import type { Faults } from './faults.ts';
import type { Timeline } from './timeline.ts';

/** Numbers of the platform (protocols, connect and close). */
const FIRST_ATTEMPTS = 3;
const ATTEMPT_EVERY_MS = 3_000;
const REDIAL_AFTER_MS = 500;
const MAX_RECONNECTS = 4;
const PING_EVERY_MS = 2_000;
const PING_DEADLINE_MS = 5_000;
const MAX_PING_RECONNECTS = 2;

export type SocketError =
  | 'error_llm_websocket_open'
  | 'error_llm_websocket_lost_connection'
  | 'error_llm_websocket_runtime'
  | 'error_llm_websocket_corrupt_payload';

export interface PlayedFrame {
  readonly from: 'platform' | 'server';
  readonly atMs: number;
  readonly text: string;
}

export interface RetellSocketEvents {
  onOpen(again: boolean): void;
  onFrame(text: string): void;
  /** The server closed with 1000: a hang-up. */
  onHungUp(): void;
  onError(error: SocketError, detail: string): void;
}

/** The platform's socket of one call: dials, redials as the platform does, keeps alive, logs frames. */
export class RetellSocket {
  readonly #connect: Connect;
  readonly #target: { readonly agent: string; readonly callId: string };
  readonly #timeline: Timeline;
  readonly #events: RetellSocketEvents;
  readonly #faults: Faults;
  readonly #log: PlayedFrame[] | null;
  readonly #onFrame: ((frame: PlayedFrame) => void) | null;
  #connection: Connection | null = null;
  #generation = 0;
  #pinging = false;
  #lastPongMs = 0;
  #pingReconnects = 0;
  #over = false;
  reconnects = 0;

  constructor(
    connect: Connect,
    target: { readonly agent: string; readonly callId: string },
    timeline: Timeline,
    events: RetellSocketEvents,
    options: {
      readonly faults: Faults;
      /** Where frames are kept; null keeps none. */
      readonly log: PlayedFrame[] | null;
      readonly onFrame?: (frame: PlayedFrame) => void;
    },
  ) {
    this.#connect = connect;
    this.#target = target;
    this.#timeline = timeline;
    this.#events = events;
    this.#faults = options.faults;
    this.#log = options.log;
    this.#onFrame = options.onFrame ?? null;
  }

  get connected(): boolean {
    return this.#connection !== null;
  }

  open(): void {
    this.#dial(1, false);
    for (const atMs of this.#faults.dropSocketAtMs ?? []) this.#timeline.at(atMs, () => this.drop());
  }

  /** Lost while there is no connection, as on the wire. */
  send(text: string): void {
    if (this.#connection === null) return;
    for (let times = this.#faults.duplicateEvents === true ? 2 : 1; times > 0; times--) {
      this.#note('platform', text);
      this.#connection?.send(text);
    }
  }

  /** Pings every two seconds from now on (`auto_reconnect`). */
  keepAlive(): void {
    this.#lastPongMs = this.#timeline.nowMs();
    if (this.#pinging) return;
    this.#pinging = true;
    this.#ping();
  }

  ponged(): void {
    this.#lastPongMs = this.#timeline.nowMs();
  }

  /** The network fails. */
  drop(): void {
    this.#connection?.terminate();
  }

  /** The call is over. */
  close(code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#generation++;
    this.#connection?.close(code);
    this.#connection = null;
  }

  #dial(attempt: number, again: boolean): void {
    const generation = ++this.#generation;
    const isCurrent = (): boolean => !this.#over && generation === this.#generation;
    // A server may speak before the promise of the connection has resolved.
    let early: (() => void)[] | null = [];
    const inOrder = (what: () => void): void => {
      if (!isCurrent()) return;
      if (early === null) what();
      else early.push(what);
    };
    this.#connect(this.#target, {
      onFrame: (text, binary) => inOrder(() => this.#frame(text, binary)),
      onClose: (code) => inOrder(() => this.#closed(code)),
    }).then(
      (connection) => {
        if (!isCurrent()) {
          connection.terminate();
          return;
        }
        this.#connection = connection;
        this.#lastPongMs = this.#timeline.nowMs();
        this.#events.onOpen(again);
        const held = early ?? [];
        early = null;
        for (const what of held) if (isCurrent()) what();
      },
      (error: unknown) => {
        if (!isCurrent()) return;
        const detail = error instanceof Error ? error.message : 'no connection';
        if (attempt < FIRST_ATTEMPTS) {
          this.#timeline.after(ATTEMPT_EVERY_MS, () => this.#dial(attempt + 1, again));
        } else {
          this.#fail(again ? 'error_llm_websocket_lost_connection' : 'error_llm_websocket_open', detail);
        }
      },
    );
  }

  #frame(text: string, binary: boolean): void {
    this.#note('server', text);
    if (binary) this.corrupt('a binary frame');
    else this.#events.onFrame(text);
  }

  #note(from: PlayedFrame['from'], text: string): void {
    if (this.#log === null && this.#onFrame === null) return;
    const frame = { from, atMs: this.#timeline.nowMs(), text };
    this.#log?.push(frame);
    this.#onFrame?.(frame);
  }

  /** A payload that the platform cannot read ends the call. */
  corrupt(detail: string): void {
    this.#connection?.close(1007);
    this.#connection = null;
    this.#fail('error_llm_websocket_corrupt_payload', detail);
  }

  #closed(code: number): void {
    this.#connection = null;
    if (code === 1000) this.#events.onHungUp();
    else if (code === 1006) this.#redial();
    else this.#fail(code === 1005 ? 'error_llm_websocket_open' : 'error_llm_websocket_runtime', `closed with ${code}`);
  }

  #redial(): void {
    if (this.reconnects >= MAX_RECONNECTS) {
      this.#fail('error_llm_websocket_runtime', 'lost too often');
      return;
    }
    this.reconnects++;
    this.#timeline.after(REDIAL_AFTER_MS, () => this.#dial(1, true));
  }

  #fail(error: SocketError, detail: string): void {
    if (!this.#over) this.#events.onError(error, detail);
  }

  #ping(): void {
    this.#timeline.after(PING_EVERY_MS, () => {
      if (this.#connection !== null) {
        if (this.#timeline.nowMs() - this.#lastPongMs > PING_DEADLINE_MS) {
          if (this.#pingReconnects++ >= MAX_PING_RECONNECTS) {
            this.#fail('error_llm_websocket_lost_connection', 'no answer to pings');
            return;
          }
          this.drop();
        } else {
          this.send(JSON.stringify({ interaction_type: 'ping_pong', timestamp: this.#timeline.epochMs() }));
        }
      }
      this.#ping();
    });
  }
}
