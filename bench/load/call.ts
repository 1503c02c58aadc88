import { request } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { clientFrame, closeFrame, readServerFrames } from './ws-frame.ts';

const HANDSHAKE_MS = 10_000;
const PING_PONG_MS = 2_000;

export interface CallEvents {
  /** The first content of the answer to a turn, `ms` after the turn was asked for. */
  first?(content: string, ms: number): void;
  /** The answer is complete. */
  done?(): void;
}

/** What the server did wrong, or what ended the call. */
export interface CallEnd {
  readonly callId: string;
  readonly why: string;
}

/** One call of the load: a socket that obeys the server's `config`, asks for turns and sees how they are answered. */
export class LoadCall {
  readonly callId: string;
  frames = 0;
  answered = 0;
  cutIns = 0;
  /** The server asked for `transcript_with_tool_calls`. */
  tools = false;
  ended: CallEnd | null = null;
  readonly #events: CallEvents;
  #socket: Socket | null = null;
  #asked = 0;
  #askedAt = 0;
  #began = 0;
  #pings: NodeJS.Timeout | undefined;
  #closing = false;

  constructor(callId: string, events: CallEvents = {}) {
    this.callId = callId;
    this.#events = events;
  }

  /** Bytes that the server has not taken yet. */
  get backlog(): number {
    return this.#socket?.writableLength ?? 0;
  }

  /** Opens the socket at `ws://…/llm-websocket/<agent>`; rejects when the server refuses. */
  async open(base: string): Promise<void> {
    const url = `${base.replace(/^ws/, 'http')}/${this.callId}`;
    const socket = await new Promise<Socket>((resolve, reject) => {
      const upgrade = request(url, {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': Buffer.from(this.callId.padEnd(16).slice(0, 16)).toString('base64'),
        },
        timeout: HANDSHAKE_MS,
      });
      upgrade.once('upgrade', (_response, opened, head) => {
        if (head.length > 0) opened.unshift(head);
        resolve(opened as Socket);
      });
      upgrade.once('response', ({ statusCode }) =>
        reject(new Error(`the server refused a call with HTTP ${statusCode}`)),
      );
      upgrade.once('timeout', () => upgrade.destroy(new Error('the server did not answer the handshake')));
      upgrade.once('error', reject);
      upgrade.end();
    });
    this.#socket = socket;
    socket.setNoDelay(true);
    const read = readServerFrames({
      text: (text) => this.#read(text),
      closed: (code) => this.#end(`the server closed with ${code}`),
      ping: (payload) => this.write(clientFrame(payload, 0x8a)),
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (error) {
        this.#end(error instanceof Error ? error.message : 'unreadable frame');
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#end('the connection was dropped'));
  }

  /** Sends a frame made by `clientFrame`. */
  write(wire: Buffer): void {
    this.#socket?.write(wire);
  }

  /** Sends a frame that asks for a turn. */
  ask(wire: Buffer, turn: number): void {
    this.#asked = turn;
    this.#began = 0;
    this.#askedAt = performance.now();
    this.write(wire);
  }

  /** The caller hangs up. */
  close(): void {
    this.#closing = true;
    clearInterval(this.#pings);
    this.#socket?.end(closeFrame(1000));
    this.#socket?.setTimeout(2_000, () => this.#socket?.destroy());
  }

  #end(why: string): void {
    clearInterval(this.#pings);
    if (!this.#closing) this.ended ??= { callId: this.callId, why };
    this.#socket?.destroy();
  }

  /** By marks in the text where they suffice: the load must be cheap. */
  #read(text: string): void {
    this.frames++;
    if (text.includes('"response_type":"response"')) this.#response(text);
    else if (text.includes('"response_type":"config"')) this.#config(text);
    else if (text.includes('"response_type":"agent_interrupt"')) this.cutIns++;
    if (text.includes('"end_call":true')) this.#end('the server hung up');
  }

  #response(text: string): void {
    const {
      response_id: id,
      content,
      content_complete: complete,
    } = JSON.parse(text) as {
      response_id: number;
      content: string;
      content_complete: boolean;
    };
    if (id !== this.#asked || id === 0) return;
    const ms = performance.now() - this.#askedAt;
    if (this.#began !== id && content !== '') {
      this.#began = id;
      this.#events.first?.(content, ms);
    }
    if (complete) {
      this.answered++;
      this.#events.done?.();
    }
  }

  #config(text: string): void {
    const { config } = JSON.parse(text) as {
      config: { auto_reconnect?: boolean; call_details?: boolean; transcript_with_tool_calls?: boolean };
    };
    this.tools = config.transcript_with_tool_calls === true;
    if (config.call_details === true) {
      const call = {
        call_type: 'phone_call',
        from_number: `+1213555${String(Math.abs(hash(this.callId)) % 10_000).padStart(4, '0')}`,
        to_number: '+12135550100',
        direction: 'inbound',
        call_id: this.callId,
        agent_id: 'agent_bench',
        call_status: 'registered',
        metadata: {},
        retell_llm_dynamic_variables: {},
        opt_out_sensitive_data_storage: false,
      };
      this.write(clientFrame(Buffer.from(JSON.stringify({ interaction_type: 'call_details', call }))));
    }
    if (config.auto_reconnect === true) {
      this.#pings = setInterval(() => {
        this.write(clientFrame(Buffer.from(JSON.stringify({ interaction_type: 'ping_pong', timestamp: Date.now() }))));
      }, PING_PONG_MS);
      this.#pings.unref();
    }
  }
}

function hash(text: string): number {
  let value = 7;
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) | 0;
  return value;
}
