import { once } from 'node:events';
import { WebSocket } from 'ws';
import { breathe } from './manual-clock.ts';
import { type Frame, type FrameOf, readFrame } from './retell-schema.ts';

export interface Spoken {
  readonly role: string;
  readonly content: string;
  readonly words?: readonly { readonly word: string; readonly start: number; readonly end: number }[];
}

export const caller = (content: string, words?: Spoken['words']): Spoken => ({
  role: 'user',
  content,
  ...(words ? { words } : {}),
});
export const agent = (content: string): Spoken => ({ role: 'agent', content });

/** An ordinary inbound call, as `call_details` shows it. */
export const INBOUND = {
  call_type: 'phone_call',
  direction: 'inbound',
  from_number: '+12137771234',
  to_number: '+12137771235',
  call_status: 'registered',
  metadata: {},
};

/** Retell's end of one socket, by hand. Every frame that arrives is checked as strictly as Retell does. */
export class RetellClient {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  /** What Retell would have dropped or closed the socket for. */
  readonly wrong: string[] = [];
  readonly closed: Promise<number>;
  closeCode: number | null = null;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      try {
        if (isBinary) throw new Error('binary');
        this.frames.push(readFrame(String(data)));
      } catch (error) {
        this.wrong.push(`${String(data)}: ${String(error)}`);
      }
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        this.closeCode = code;
        resolve(code);
      });
    });
  }

  static async open(url: string, options: { autoPong?: boolean } = {}): Promise<RetellClient> {
    const client = new RetellClient(new WebSocket(url, { perMessageDeflate: false, ...options }));
    await once(client.socket, 'open');
    return client;
  }

  send(frame: object | string): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  details(changes: object = {}): void {
    this.send({ interaction_type: 'call_details', call: { ...INBOUND, ...changes } });
  }

  update(transcript: readonly unknown[], more: object = {}): void {
    this.send({ interaction_type: 'update_only', transcript, ...more });
  }

  ask(responseId: number, transcript: readonly unknown[], more: object = {}): void {
    this.send({ interaction_type: 'response_required', response_id: responseId, transcript, ...more });
  }

  remind(responseId: number, transcript: readonly unknown[]): void {
    this.send({ interaction_type: 'reminder_required', response_id: responseId, transcript });
  }

  of<T extends Frame['response_type']>(type: T): FrameOf<T>[] {
    return this.frames.filter((one): one is FrameOf<T> => one.response_type === type);
  }

  responses(id: number): FrameOf<'response'>[] {
    return this.of('response').filter((one) => one.response_id === id);
  }

  /** What was said under an id so far. */
  said(id: number): string {
    return this.responses(id)
      .map((one) => one.content)
      .join('');
  }

  isComplete(id: number): boolean {
    return this.responses(id).some((one) => one.content_complete);
  }

  async until(holds: () => boolean, what = String(holds), ms = 3_000): Promise<void> {
    const end = performance.now() + ms;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}; got ${JSON.stringify(this.frames)}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** The whole answer under an id, once complete. */
  async reply(id: number): Promise<string> {
    await this.until(() => this.isComplete(id), `an answer to ${id}`);
    return this.said(id);
  }

  /** All that was sent before has been read and answered when this echo is back. */
  async settled(): Promise<void> {
    const timestamp = Math.trunc(performance.now() * 1_000);
    this.send({ interaction_type: 'ping_pong', timestamp });
    await this.until(() => this.of('ping_pong').some((one) => one.timestamp === timestamp), 'the echo of a ping');
    await breathe();
  }
}
