import { performance } from 'node:perf_hooks';
import { LoadCall } from './call.ts';
import type { ServerProcess } from './server-process.ts';
import type { TapeFrame } from './tape.ts';

const OPEN_AT_A_TIME = 40;
const HEATING_CALLS = 40;
const TICK_MS = 2;
/** After a slice, so that what it began does not run into the other server's. */
const SETTLE_MS = 150;
const CLOSES_MS = 400;
/** The profiler's own beginning is not the server's work. */
const PROFILER_STARTS_MS = 500;
let opened = 0;

export interface Load {
  readonly calls: number;
  /** Call `i` plays tape `i % tapes.length`. */
  readonly tapes: readonly (readonly TapeFrame[])[];
  /** Call `i` begins `i / calls` of this later than the first one: calls are not in step. */
  readonly spreadMs: number;
}

/** What one server did in one slice of time. */
export interface Slice {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly events: number;
  readonly turns: number;
  readonly bytes: number;
}

/** What went wrong over all slices; a load that cannot keep pace measures itself. */
export interface Faults {
  /** Calls that the server ended: an ordinary customer's should not be. */
  readonly lost: readonly string[];
  readonly cutIns: number;
  readonly unanswered: number;
  /** By how much frames left late, 99th percentile. */
  readonly lateMs: number;
}

/** Calls against one server, played from tapes in slices; between them the calls stay open and silent. */
export class Player {
  readonly server: ServerProcess;
  readonly calls: readonly LoadCall[];
  readonly #load: Load;
  readonly #due: readonly { readonly call: LoadCall; readonly frame: TapeFrame; readonly atMs: number }[];
  readonly #late: number[] = [];
  #next = 0;
  #playedMs = 0;
  #asked = 0;

  constructor(server: ServerProcess, load: Load) {
    const { calls, tapes, spreadMs } = load;
    this.server = server;
    this.#load = load;
    this.calls = Array.from({ length: calls }, () => new LoadCall(`call_bench_${process.pid}_${opened++}`));
    this.#due = this.calls
      .flatMap((call, i) =>
        (tapes[i % tapes.length] ?? []).map((frame) => ({ call, frame, atMs: frame.atMs + (spreadMs * i) / calls })),
      )
      .sort((a, b) => a.atMs - b.atMs);
  }

  async open(): Promise<void> {
    for (let i = 0; i < this.calls.length; i += OPEN_AT_A_TIME) {
      await Promise.all(this.calls.slice(i, i + OPEN_AT_A_TIME).map((call) => call.open(this.server.url)));
    }
  }

  /** Other calls of the same kind, played so much faster: a server that has run for hours has compiled its code. */
  async heat(ms: number, pace: number): Promise<void> {
    const others = new Player(this.server, { ...this.#load, calls: Math.min(HEATING_CALLS, this.#load.calls) });
    await others.open();
    await others.slice(ms, undefined, pace);
    await others.close();
  }

  /** Plays on for so long, and measures the server meanwhile. With `profile`, a CPU profile is written to that file. */
  async slice(ms: number, profile?: string, pace = 1): Promise<Slice> {
    const stopProfile = profile === undefined ? undefined : await this.server.profile();
    if (stopProfile) await new Promise((done) => setTimeout(done, PROFILER_STARTS_MS));
    let [events, turns, bytes] = [0, 0, 0];
    const fromMs = this.#playedMs;
    const cpuBefore = await this.server.cpuMs();
    const beganAt = performance.now();
    for (;;) {
      const wallMs = performance.now() - beganAt;
      const nowMs = fromMs + Math.min(wallMs, ms) * pace;
      for (let item = this.#due[this.#next]; item && item.atMs <= nowMs; item = this.#due[++this.#next]) {
        const { call, frame, atMs } = item;
        if (call.ended) continue;
        if (frame.asks === 0) call.write(frame.wire);
        else call.ask(frame.wire, frame.asks);
        this.#late.push(nowMs - atMs);
        events++;
        bytes += frame.wire.length;
        if (frame.asks > 0) turns++;
      }
      if (wallMs >= ms) break;
      await new Promise((done) => setTimeout(done, TICK_MS));
    }
    this.#playedMs = fromMs + ms;
    this.#asked += turns;
    await new Promise((done) => setTimeout(done, SETTLE_MS));
    const cpuMs = (await this.server.cpuMs()) - cpuBefore;
    const wallMs = performance.now() - beganAt;
    if (profile !== undefined) await stopProfile?.(profile);
    return { cpuMs, wallMs, events, turns, bytes };
  }

  faults(): Faults {
    this.#late.sort((a, b) => a - b);
    return {
      lost: this.calls.flatMap(({ ended }) => (ended ? [ended.why] : [])),
      cutIns: this.calls.reduce((sum, { cutIns }) => sum + cutIns, 0),
      unanswered: this.#asked - this.calls.reduce((sum, { answered }) => sum + answered, 0),
      lateMs: this.#late[Math.floor(this.#late.length * 0.99)] ?? 0,
    };
  }

  async close(): Promise<void> {
    for (const call of this.calls) call.close();
    await new Promise((done) => setTimeout(done, CLOSES_MS));
  }
}
