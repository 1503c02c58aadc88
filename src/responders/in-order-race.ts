/** What ended a wait: its limit, or the answer is not wanted any more. */
export type Cut = 'late' | 'stopped';

/** The waits of one answer, one after the other, with one timer and one listener for all of them. */
export interface Race {
  /** Settles like `promise`; resolves with `late` at the limit and with `stopped` on an abort, if they come first. */
  against<T>(promise: Promise<T>): Promise<T | Cut>;
  /** Sets the limit in wall milliseconds from now, in place of the last; null takes it away. */
  limit(ms: number | null): void;
  /** The limit begins anew. */
  rewind(): void;
  /** Waits without regard to the limit. */
  pause(ms: number): Promise<'rested' | 'stopped'>;
  stop(): void;
  /** Frees timer and listener. */
  end(): void;
}

/**
 * A promise and an abort signal, by hand: `Promise.race` against a long-lived promise keeps a reaction for every token,
 * and AbortSignal.any keeps its sources' listeners on Node 20.
 */
export function race(signal: AbortSignal): Race {
  let wake: ((cut: Cut) => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let late = false;
  let stopped = signal.aborted;
  const onLimit = () => {
    late = true;
    wake?.('late');
  };
  const stop = () => {
    stopped = true;
    wake?.('stopped');
  };
  signal.addEventListener('abort', stop, { once: true });

  return {
    against: (promise) =>
      new Promise((resolve, reject) => {
        promise.then(resolve, reject);
        wake = resolve;
        if (stopped) resolve('stopped');
        else if (late) resolve('late');
      }),
    limit(ms) {
      late = false;
      clearTimeout(timer);
      timer = ms === null ? undefined : setTimeout(onLimit, ms);
    },
    rewind() {
      late = false;
      timer?.refresh();
    },
    pause: (ms) =>
      new Promise((resolve) => {
        const rest = setTimeout(resolve, ms, 'rested');
        wake = (cut) => {
          if (cut === 'late') return;
          clearTimeout(rest);
          resolve('stopped');
        };
        if (stopped) wake('stopped');
      }),
    stop,
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
  };
}
