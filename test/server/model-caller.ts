import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { agent, caller, RetellClient, type Spoken } from './retell-client.ts';

const frameOfTool = z.discriminatedUnion('response_type', [
  z.strictObject({
    response_type: z.literal('tool_call_invocation'),
    tool_call_id: z.string().min(1),
    name: z.string().min(1),
    arguments: z.string().transform((text) => JSON.parse(text) as unknown),
  }),
  z.strictObject({
    response_type: z.literal('tool_call_result'),
    tool_call_id: z.string().min(1),
    content: z.string(),
    successful: z.boolean().optional(),
  }),
]);

/** A caller's side of one call, with what the platform is told of tools and when each answer was first heard. */
export class ModelCaller extends RetellClient {
  readonly callId: string;
  readonly tools: z.infer<typeof frameOfTool>[] = [];
  readonly #askedAt = new Map<number, number>();
  readonly #heardMs = new Map<number, number>();
  /** How many frames had come when it was sure that the guard had read of a newer turn, by the older one's id. */
  readonly #superseded = new Map<number, number>();

  constructor(url: string, callId: string) {
    super(new WebSocket(url, { perMessageDeflate: false }));
    this.callId = callId;
    this.socket.on('message', (data) => {
      const last = this.frames.at(-1);
      if (last?.response_type === 'response' && last.content !== '' && !this.#heardMs.has(last.response_id)) {
        this.#heardMs.set(last.response_id, performance.now() - (this.#askedAt.get(last.response_id) ?? 0));
      }
      // The client that reads frames before this knows no frames of tools.
      if (!this.wrong.at(-1)?.startsWith(String(data))) return;
      const read = frameOfTool.safeParse(JSON.parse(String(data)));
      if (!read.success) return;
      this.wrong.pop();
      this.tools.push(read.data);
    });
  }

  override ask(id: number, transcript: readonly unknown[], more: object = {}): void {
    this.#askedAt.set(id, performance.now());
    super.ask(id, transcript, more);
  }

  /** Asks for a turn while the one before it is still being answered, and waits until the guard has read it. */
  async bargeIn(id: number, transcript: readonly unknown[]): Promise<void> {
    this.ask(id, transcript);
    await this.settled();
    this.#superseded.set(id - 1, this.frames.length);
  }

  /** Wall milliseconds from the request to the first words of its answer. */
  heardMs(id: number): number {
    return this.#heardMs.get(id) ?? Number.POSITIVE_INFINITY;
  }

  get asked(): readonly number[] {
    return [...this.#askedAt.keys()];
  }

  /** How many frames had come when `id` was certainly out of date; infinite: it never was. */
  lastFrameOf(id: number): number {
    return this.#superseded.get(id) ?? Number.POSITIVE_INFINITY;
  }
}

/** The transcript of a call whose nth turn is asked for with these words: the last are not answered yet. */
export const saidTo = (client: ModelCaller, ...words: string[]): Spoken[] => [
  agent(client.said(0)),
  ...words.flatMap((one, i) => {
    const answer = i < words.length - 1 ? client.said(i + 1) : '';
    return answer === '' ? [caller(one)] : [caller(one), agent(answer)];
  }),
];

/** The laws of every call, whatever the model does: see "what it must show" of the models. */
export function expectLawful(client: ModelCaller): void {
  expect(client.wrong).toEqual([]);
  const frames = client.frames.flatMap((frame, at) => (frame.response_type === 'response' ? [{ ...frame, at }] : []));
  let newest = 0;
  for (const { response_id: id, at } of frames) {
    expect(id, 'no word of an older turn behind one of a newer').toBeGreaterThanOrEqual(newest);
    newest = id;
    expect(at, `no word of turn ${id} once a newer one was read`).toBeLessThan(client.lastFrameOf(id));
  }
  for (const id of new Set(frames.map((frame) => frame.response_id))) {
    const ends = frames.filter((frame) => frame.response_id === id).map((frame) => frame.content_complete);
    expect(ends.indexOf(true), `nothing behind the end of turn ${id}`).toBe(ends.includes(true) ? ends.length - 1 : -1);
    if (!ends.includes(true)) expect(client.lastFrameOf(id), `turn ${id} is complete`).toBeLessThan(Infinity);
  }
  for (const id of client.asked) {
    if (client.lastFrameOf(id) < Infinity) continue;
    expect(client.heardMs(id), `turn ${id} is heard by 4 s`).toBeLessThan(4_000);
    expect(client.isComplete(id), `turn ${id} is complete`).toBe(true);
  }
}
