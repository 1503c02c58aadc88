import type { Clock } from '../clock.ts';
import { loadConfig, parseConfig } from '../config.ts';
import { numberHistory } from '../memory/number-history.ts';
import { memoryRecords } from '../records/memory-records.ts';
import type { CallRecord } from '../records/record.ts';
import { createLog } from '../server/log.ts';
import { type Guard, startGuard } from '../server/start-guard.ts';
import type { Wire, WireEnd } from '../server/wire.ts';
import type { BeforeCall } from './player/scenario.ts';

const DAY_MS = 86_400_000;

export interface LocalGuard {
  readonly guard: Guard;
  connect(agent: string, callId: string, wire: Wire): WireEnd;
  close(): Promise<void>;
  /** Tells its memory of earlier calls of a number. */
  remember(number: string, before: readonly BeforeCall[]): void;
  record(callId: string): Promise<CallRecord | null>;
}

/**
 * A guard for demo, fixtures and measurements: enforcing, everything in memory. `config` is a file, `configText` the
 * text of one. Without `port` it opens none and is reached by `connect` alone.
 */
export async function localGuard(
  clock: Clock,
  options: { readonly config?: string; readonly configText?: string; readonly port?: number } = {},
): Promise<LocalGuard> {
  const { configText = 'mode: enforce\n' } = options;
  const config = options.config === undefined ? parseConfig(configText, 'built-in') : loadConfig(options.config);
  const records = memoryRecords({ clock });
  const guard = await startGuard({
    config: { ...config, listen: { ...config.listen, host: '127.0.0.1', port: options.port ?? 0 } },
    secrets: {},
    records,
    log: createLog('silent'),
    clock,
    listen: options.port !== undefined,
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
    record: async (callId) => records.records.find((record) => record.callId === callId) ?? null,
  };
}

/** Reads the record of a call that has just ended: it is written when the socket has closed, which may take a moment. */
export async function recordOnceWritten(read: () => Promise<CallRecord | null>): Promise<CallRecord | null> {
  for (let i = 0; i < 40; i++) {
    const record = await read();
    if (record) return record;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return null;
}
