import type { Clock } from '../../clock.ts';
import type { Wire, WireEnd } from '../../server/wire.ts';
import type { VirtualClock } from '../player/virtual-clock.ts';
import type { FakeModel } from './start-fake-model.ts';

/**
 * Turns of the event loop without anything to do at the model, after which nothing is on its way to it or back. What is
 * written to loopback can be read in the next turn; a request and its answer take about ten.
 */
const QUIET_TURNS = 40;

type Connect = (agent: string, callId: string, wire: Wire) => WireEnd;

/** Virtual time for a guard in this process. */
export interface ModelTime {
  /** For the guard; the player keeps the virtual clock itself. */
  readonly clock: Clock;
  /** Around the way of calls into the guard. */
  connect(connect: Connect): Connect;
  /** As `VirtualClock.run`. */
  run<T>(until: Promise<T>): Promise<T>;
}

/**
 * Virtual time would not wait for real I/O. This one stands still whenever the guard has been given something to do, a
 * frame or a timer, until its requests to the model are answered: to the guard the model answers at once, however slow
 * the machine is. Waits of the guard in wall time (retries, time-outs of models) are not waited for.
 */
export function modelTime(clock: VirtualClock, model: Pick<FakeModel, 'counts' | 'openRequests'>): ModelTime {
  let toDo = () => {};
  const marking =
    <A extends unknown[]>(act: (...args: A) => void) =>
    (...args: A): void => {
      act(...args);
      toDo();
    };
  const quiet = async (): Promise<void> => {
    let seen = -1;
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      const { requests } = model.counts();
      if (requests !== seen || model.openRequests() > 0) turns = 0;
      seen = requests;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    clock: { now: () => clock.now(), after: (ms, fn) => clock.after(ms, marking(fn)) },
    connect: (connect) => (agent, callId, wire) => {
      const end = connect(agent, callId, wire);
      toDo();
      return {
        receive: marking((frame, binary) => end.receive(frame, binary)),
        closed: marking((code) => end.closed(code)),
      };
    },
    async run(until) {
      let over = false;
      const done = until.finally(() => {
        over = true;
      });
      done.catch(() => undefined);
      while (!over) {
        const next = new Promise<void>((resolve) => {
          toDo = resolve;
        });
        await quiet();
        if (!over) await clock.run(Promise.race([done, next]));
      }
      return done;
    },
  };
}

/** Virtual time for a guard that does no real I/O. */
export function pureTime(clock: VirtualClock): ModelTime {
  return {
    clock,
    connect: (connect) => connect,
    run: async (until) => {
      await clock.run(until);
      return until;
    },
  };
}
