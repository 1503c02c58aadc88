import type { CallState } from '../guard/state.ts';
import type { RunnerEvent } from '../guard/types.ts';
import type { RawFrame, Upstream } from '../responders/responder.ts';
import { readUpstreamFrame, type UpstreamSpeech } from './upstream-frame.ts';
import type { Wire } from './wire.ts';

/** An upstream that reads nothing is given up, and with it the platform's socket: it dials again. */
const MOST_BUFFERED = 4 * 1024 * 1024;

interface RelayParts {
  readonly feed: (event: RunnerEvent) => void;
  readonly state: () => CallState;
  readonly send: (data: Buffer, binary: boolean) => void;
  /** The upstream has used this id for an interruption. */
  readonly interrupted: (id: number) => void;
  /** Speech of the upstream that was kept back. */
  readonly dropped: () => void;
}

/**
 * The custom-LLM server behind the guard, for one call: frames pass both ways as they are, while the core watches.
 * Only what the guard says itself changes that: a turn that it takes is not handed to the upstream, and the upstream's
 * speech is kept back where it would undo what the guard has said. Whoever closes, the other side is closed alike.
 */
export class CallRelay {
  readonly #parts: RelayParts;
  #wire: Wire | null = null;
  #upstream: Upstream | null = null;
  /** A request of the platform that waits until the core says who answers it. */
  #held: { readonly turn: number; readonly frame: RawFrame } | null = null;
  /** The request that the upstream was last handed. */
  #given = -1;
  /** The upstream's answer to this one comes too late: the guard has spoken in its place. */
  #taken = -1;

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /** Joins a socket of the platform with its partner; an earlier partner is dropped as its socket was. */
  attach(wire: Wire, upstream: Upstream): void {
    this.#upstream?.terminate();
    this.#wire = wire;
    this.#upstream = upstream;
    this.#held = null;
    this.#given = -1;
    this.#taken = -1;
    upstream.opened.catch(() => this.#gone(upstream, 1006));
    upstream.listen({
      frame: (frame) => {
        if (this.#upstream === upstream) this.#fromUpstream(frame);
      },
      closed: (code) => this.#gone(upstream, code),
    });
  }

  /** Passes a frame of the platform on. */
  pass(frame: RawFrame): void {
    const upstream = this.#upstream;
    if (!upstream) return;
    upstream.send(frame);
    if (upstream.buffered > MOST_BUFFERED) this.#gone(upstream, 1006);
  }

  /** A request was passed on before the core was shown it. */
  passed(turn: number): void {
    this.#given = turn;
  }

  /** Keeps a request until the core says who answers; an older one that still waits is void. */
  hold(turn: number, frame: RawFrame): void {
    this.#held = { turn, frame };
  }

  /** The upstream shall answer. */
  answer(turn: number): void {
    if (this.#held?.turn !== turn) return;
    const { frame } = this.#held;
    this.#held = null;
    this.#given = turn;
    this.pass(frame);
  }

  /** The core does not care for this request: it goes the way it would without a guard. */
  answerUnlessTaken(turn: number): void {
    const { phase, turn: current } = this.#parts.state();
    if (this.#held?.turn !== turn || phase !== 'open') return;
    const waits = current?.id === turn && (current.state === 'open' || current.state === 'held');
    if (!waits && (current?.id !== turn || turn !== this.#taken)) this.answer(turn);
  }

  /** The guard has spoken: under the platform's request `turn`, or (null) by cutting in on what the upstream says. */
  taken(turn: number | null): void {
    this.#taken = turn ?? this.#given;
    if (this.#held?.turn === turn) this.#held = null;
  }

  /** The platform's socket is gone. */
  platformClosed(code: number): void {
    const upstream = this.#upstream;
    this.#upstream = null;
    this.#wire = null;
    if (code === 1006) upstream?.terminate();
    else upstream?.close(code);
  }

  /** Drops the upstream abnormally. */
  drop(): void {
    this.platformClosed(1006);
  }

  #fromUpstream(frame: RawFrame): void {
    const speech = frame.binary ? null : readUpstreamFrame(frame.data);
    if (speech && this.#isKeptBack(speech)) {
      this.#parts.dropped();
      return;
    }
    this.#parts.send(frame.data, frame.binary);
    if (speech?.interruptId !== undefined) this.#parts.interrupted(speech.interruptId);
    if (speech?.turn === undefined) return;
    const { turn, ended, transferred } = speech;
    const current = this.#parts.state().turn;
    if (current?.id !== turn || current.state !== 'replying') return;
    if (!current.started && speech.spoken) this.#parts.feed({ type: 'reply-started', turn });
    if (speech.complete) {
      this.#parts.feed({
        type: 'replied',
        turn,
        result: 'completed',
        ...(ended ? { ended } : {}),
        ...(transferred ? { transferred } : {}),
      });
    }
  }

  /** Speech that would be said after the goodbye, in place of the closing sentence, or twice for one request. */
  #isKeptBack(speech: UpstreamSpeech): boolean {
    const { phase, asked } = this.#parts.state();
    if (phase === 'deciding' || phase === 'latched') return true;
    if (speech.turn === undefined) return asked?.kind === 'closing';
    return speech.turn === this.#taken;
  }

  #gone(upstream: Upstream, code: number): void {
    if (this.#upstream !== upstream) return;
    const wire = this.#wire;
    this.#upstream = null;
    this.#wire = null;
    upstream.terminate();
    // An orderly end by the agent itself.
    const turn = this.#parts.state().turn?.id ?? 0;
    if (code === 1000) this.#parts.feed({ type: 'replied', turn, result: 'completed', ended: true });
    if (code === 1006) wire?.terminate();
    else wire?.close(code);
  }
}
