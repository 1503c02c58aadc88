import type { Hold } from '../player/virtual-clock.ts';

/** Work by the wall that virtual time waits for. */
export interface HeldWork {
  /** For `VirtualClock.holdFor`. */
  readonly hold: Hold;
  /** Time stands still until `work` has ended. What is begun first comes back first, whichever the wall let end first. */
  held<T>(work: Promise<T>): Promise<T>;
}

/** Keeps account of work that is under way. In order, so that timers set after it are the same in every run. */
export function heldWork(): HeldWork {
  const open = new Set<Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  return {
    hold: () => (open.size === 0 ? undefined : Promise.allSettled(open)),
    async held(work) {
      // Without the results: each would hold on to those of all before it.
      const over = Promise.allSettled([work, last]).then(() => undefined);
      last = over;
      open.add(over);
      await over;
      open.delete(over);
      return work;
    },
  };
}
