import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen, type IBackoff } from 'cockatiel';

/** `closed`: in use; `open`: left alone; `half-open`: the next answer tests it, or one is just doing so. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What one answer says about its server. `inconclusive`: nothing, such as when the caller cut in. */
export type Result = 'answered' | 'failed' | 'inconclusive';

/** Reports the result of an admitted answer; calls after the first are ignored. */
export type Settle = (result: Result) => void;

export interface Breaker {
  state(): BreakerState;
  /** Whether `admit` would let an answer through now. */
  ready(): boolean;
  /** Lets an answer through, which must be settled; undefined while the server is left alone or being tested. */
  admit(): Settle | undefined;
}

const FAILURES = 5;

class Failed extends Error {}
class Inconclusive extends Error {}
/** As `Inconclusive`, for the one answer that tests a half-open breaker. */
class Untested extends Error {}

/**
 * Opens after five failures in a row and lets one answer test the server after `halfOpenAfterMs`. A policy of cockatiel
 * turned inside out, as an answer is a stream and no promise, with two of its habits taken away: in a half-open one,
 * further calls wait for the test (a caller cannot), and an error that does not count closes it.
 */
export function breaker(halfOpenAfterMs: number): Breaker {
  let testableAt = 0;
  // A test that told nothing is taken again by the next answer.
  const openFor = (error: Error | undefined): IBackoff<{ result: { error: Error } | { value: unknown } }> => {
    const duration = error instanceof Untested ? 0 : halfOpenAfterMs;
    testableAt = Date.now() + duration;
    return { duration, next: ({ result }) => openFor('error' in result ? result.error : undefined) };
  };
  const policy = circuitBreaker(
    handleWhen((error) => !(error instanceof Inconclusive)),
    {
      breaker: new ConsecutiveBreaker(FAILURES),
      halfOpenAfter: { next: ({ result }) => openFor('error' in result ? result.error : undefined) },
    },
  );
  const ready = (): boolean =>
    policy.state === CircuitState.Closed || (policy.state === CircuitState.Open && Date.now() >= testableAt);

  return {
    ready,
    state() {
      if (policy.state === CircuitState.Closed) return 'closed';
      return policy.state === CircuitState.HalfOpen || ready() ? 'half-open' : 'open';
    },
    admit() {
      if (!ready()) return undefined;
      const tests = policy.state === CircuitState.Open;
      let settle: Settle | undefined;
      const work = () =>
        new Promise<void>((resolve, reject) => {
          settle = (result) => {
            if (result === 'answered') resolve();
            else if (result === 'failed') reject(new Failed());
            else reject(tests ? new Untested() : new Inconclusive());
          };
        });
      // The work begins before `execute` returns, or not at all.
      policy.execute(work).catch(() => {});
      return settle;
    },
  };
}
