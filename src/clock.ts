/** Time as the shell sees it. The core never asks; the player and the tests bring their own. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `fn` once after `ms`; returns a function that takes it back. Must not keep the process alive by itself. */
  after(ms: number, fn: () => void): () => void;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * A clock that runs `rate` times as fast as the wall. For demos and measurements, where guard and player share it;
 * never for real calls.
 */
export function scaledClock(rate: number): Clock {
  if (!(rate > 0)) throw new RangeError(`clock rate must be above 0, not ${rate}`);
  const start = Date.now();
  const origin = performance.now();
  return {
    now: () => start + (performance.now() - origin) * rate,
    after: (ms, fn) => wallClock.after(ms / rate, fn),
  };
}
