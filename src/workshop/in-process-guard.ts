import type { Clock } from '../clock.ts';
import { type Config, parseConfig, type Secrets } from '../config.ts';
import { numberHistory } from '../memory/number-history.ts';
import { memoryRecords } from '../records/memory-records.ts';
import type { CallRecord } from '../records/record.ts';
import { createLog } from '../server/log.ts';
import { type Guard, type GuardOptions, startGuard } from '../server/start-guard.ts';
import type { Wire, WireEnd } from '../server/wire.ts';
import type { BeforeCall } from './player/scenario.ts';

const DAY_MS = 86_400_000;

export interface LocalGuard {
  readonly guard: Guard;
  connect(agent: string, callId: string, wire: Wire): WireEnd;
  close(): Promise<void>;
  /** Tells its memory of earlier calls of a number. */
  remember(number: string, before: readonly BeforeCall[]): void;
  /** The record of a call that is over; null while it is not. */
  record(callId: string): CallRecord | null;
}

export interface LocalGuardOptions extends Pick<GuardOptions, 'wrapModel' | 'toolFetch' | 'onStep'> {
  /** Default: the built-in configuration, enforcing. */
  readonly config?: Config;
  readonly secrets?: Secrets;
  /** Absent: no port is opened; the guard is reached by `connect` alone. */
  readonly port?: number;
}

/** The built-in configuration, enforcing: what is played where no other is named. */
export function enforcing(): Config {
  return parseConfig('mode: enforce\n', 'built-in');
}

/**
 * A guard for demo, fixtures and measurements: everything in memory. Of a number it knows what `remember` tells it, not
 * the calls that it takes itself.
 */
export async function localGuard(clock: Clock, options: LocalGuardOptions = {}): Promise<LocalGuard> {
  const { config = enforcing(), secrets = {}, port, ...rest } = options;
  const records = memoryRecords({ clock, seedsOnly: true });
  const guard = await startGuard({
    ...rest,
    config: { ...config, listen: { ...config.listen, host: '127.0.0.1', port: port ?? 0 } },
    secrets,
    records,
    log: createLog('silent'),
    clock,
    listen: port !== undefined,
  });
  return {
    guard,
    connect: guard.connect,
    close: () => guard.close(),
    remember: (number, before) => {
      const rows = before.map(({ outcome, category, daysAgo }) => ({
        outcome,
        category: category ?? null,
        startedAt: clock.now() - daysAgo * DAY_MS,
        endedAt: clock.now() - daysAgo * DAY_MS,
      }));
      const history = numberHistory(rows);
      if (history) records.seedHistory(number, history);
    },
    record: (callId) => records.ended(callId),
  };
}

/** Reads the record of a call that has just ended: it is written when the socket has closed, which may take a moment. */
export async function recordOnceWritten(read: () => CallRecord | null): Promise<CallRecord | null> {
  for (let i = 0; i < 40; i++) {
    const record = read();
    if (record) return record;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return null;
}
