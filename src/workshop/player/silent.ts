import type { Caller, CallerLink } from './caller.ts';

/** How long a line stays open on which nobody speaks. */
export const SILENT_STAY_MS = 90_000;

/** Nobody: an open line. */
export class Silent implements Caller {
  readonly #link: CallerLink;
  readonly saidAllMs = null;

  constructor(link: CallerLink) {
    this.#link = link;
  }

  pickUp(): void {
    this.#link.timeline.after(SILENT_STAY_MS, () => this.#link.leave());
  }

  agentStarted(): void {
    // Nobody listens.
  }

  agentQuiet(): void {
    // Nobody listens.
  }

  reminded(): void {
    // Nobody listens.
  }
}
