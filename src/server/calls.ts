import type { Platform } from '../platforms/platform.ts';
import type { Upstream } from '../responders/responder.ts';
import { isCallId, type Refusal } from './admission.ts';
import type { CallParts } from './call-parts.ts';
import { LiveCall } from './live-call.ts';
import type { Wire, WireEnd } from './wire.ts';

/** The open calls of this process. */
export class Calls {
  readonly #live = new Map<string, LiveCall>();
  readonly #waiting: (() => void)[] = [];
  draining = false;

  get size(): number {
    return this.#live.size;
  }

  get(callId: string): LiveCall | undefined {
    return this.#live.get(callId);
  }

  /** Why a socket of this call would be refused; null when it may come. */
  refusal(callId: string, limits: { readonly calls: number; readonly socketsPerCall: number }): Refusal | null {
    if (!isCallId(callId)) return 'bad-call-id';
    const known = this.#live.get(callId);
    if (known) return known.sockets >= limits.socketsPerCall ? 'too-many-sockets' : null;
    if (this.draining) return 'draining';
    return this.#live.size >= limits.calls ? 'too-many-calls' : null;
  }

  /** Gives the socket to its call, which is opened when it is new. */
  attach(
    agent: string,
    callId: string,
    wire: Wire,
    parts: (platform: Platform) => CallParts,
    platform: Platform,
    upstream: Upstream | null,
  ): WireEnd {
    let call = this.#live.get(callId);
    if (!call) {
      const made = parts(platform);
      call = new LiveCall(
        {
          ...made,
          onOver: () => {
            this.#live.delete(callId);
            made.onOver();
            if (this.#live.size === 0) for (const resolve of this.#waiting.splice(0)) resolve();
          },
        },
        agent,
        callId,
      );
      this.#live.set(callId, call);
    }
    return call.attach(wire, upstream);
  }

  /** Resolves when no call is open. */
  async empty(): Promise<void> {
    if (this.#live.size === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Drops all sockets abnormally, so that the platform dials again elsewhere. */
  dropAll(): void {
    for (const call of [...this.#live.values()]) call.drop();
  }
}
