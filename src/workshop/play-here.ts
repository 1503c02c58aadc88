import type { Config } from '../config.ts';
import type { CallRecord } from '../records/record.ts';
import { enforcing, type LocalGuardOptions, localGuard } from './in-process-guard.ts';
import { connectInProcess } from './player/connect-in-process.ts';
import type { Connect } from './player/connection.ts';
import { lockstep } from './player/lockstep.ts';
import type { PlayOptions } from './player/play-call.ts';
import { playMany } from './player/play-many.ts';
import type { PlayResult } from './player/play-result.ts';
import { numberOf, type Scenario } from './player/scenario.ts';
import { type Hold, VirtualClock } from './player/virtual-clock.ts';

/** A call that was played, and what the guard recorded of it; null: it wrote nothing within `AFTERMATH_MS`. */
export interface PlayedHere {
  readonly scenario: Scenario;
  readonly result: PlayResult;
  readonly record: CallRecord | null;
}

export interface PlayHereOptions extends Omit<PlayOptions, 'connect' | 'clock'> {
  readonly concurrency: number;
  readonly clock?: VirtualClock;
  readonly guard?: Omit<LocalGuardOptions, 'port'>;
  /** Work by the wall that virtual time waits for, such as requests to a model. */
  readonly hold?: Hold;
  /** Called once a call and its record are complete. */
  readonly onCall?: (call: PlayedHere) => void;
  /** True: no more calls are begun. */
  readonly stopped?: () => boolean;
  /** True: over real WebSockets on loopback, in virtual time all the same. Absent: frames are handed over in process. */
  readonly overSocket?: boolean;
  /** Around the way into the guard. */
  readonly through?: (connect: Connect) => Connect;
}

/** In virtual time a guard gets this long after a call to finish its record. */
const AFTERMATH_MS = 180_000;
const LOOK_EVERY_MS = 1_000;

/**
 * Plays scenarios against a guard in this process, all on one virtual clock: what `play`, `eval` and the tests of
 * fixtures do. Same options, same result, to the millisecond. The guard is closed at the end.
 */
export async function playHere(scenarios: readonly Scenario[], options: PlayHereOptions): Promise<PlayedHere[]> {
  const { clock = new VirtualClock(), hold, onCall, overSocket = false, through = (connect) => connect } = options;
  if (hold !== undefined) clock.holdFor(hold);
  const config = withLists(options.guard?.config ?? enforcing(), scenarios);
  const guard = await localGuard(clock, { ...options.guard, config, ...(overSocket ? { port: 0 } : {}) });
  const played = new Map<Scenario, PlayedHere>();
  try {
    const connect = overSocket ? connectInStep() : connectInProcess(guard.connect);
    await clock.run(
      playMany(scenarios, {
        ...options,
        connect: through(connect),
        clock,
        before: (scenario) => {
          const number = numberOf(scenario);
          if (number !== undefined && scenario.before.length > 0) guard.remember(number, scenario.before);
        },
        after: async (scenario, result) => {
          const call = { scenario, result, record: await recordOf(result.callId) };
          played.set(scenario, call);
          onCall?.(call);
        },
      }),
    );
    return scenarios.flatMap((scenario) => played.get(scenario) ?? []);
  } finally {
    await guard.close();
  }

  function connectInStep(): Connect {
    const socket = lockstep(guard.guard.url);
    clock.holdFor(socket.hold);
    return socket.connect;
  }

  /** Whole seconds of the clock: then every call begins on one, and comes out the same however many are beside it. */
  async function recordOf(callId: string): Promise<CallRecord | null> {
    for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
      await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS - (clock.now() % LOOK_EVERY_MS), resolve));
      const record = guard.record(callId);
      if (record !== null || waitedMs >= AFTERMATH_MS) return record;
    }
  }
}

/** The lists of the configuration, with the numbers of the scenarios that are to be on them. */
function withLists(config: Config, scenarios: readonly Scenario[]): Config {
  const lists = { ...config.lists };
  for (const scenario of scenarios) {
    const number = numberOf(scenario);
    const { listed } = scenario;
    if (listed !== undefined && number !== undefined) lists[listed] = [...lists[listed], { number }];
  }
  return { ...config, lists };
}
