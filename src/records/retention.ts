import type { Clock } from '../clock.ts';
import { causeOf } from './records-error.ts';
import type { RecordsLogger } from './records-logger.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export interface RetentionOptions {
  /** Days that a call is kept, counted from its start; above 0. */
  readonly days: number;
  readonly clock: Clock;
  readonly logger: RecordsLogger;
  /** Deletes what began before that epoch ms; answers how many calls that were. */
  readonly deleteBefore: (time: number) => Promise<number>;
}

/**
 * Deletes old calls now and once a day. Failures are logged and tried again the next day.
 * @returns the end of it: nothing new starts, and the run under way is waited for.
 * @throws RangeError when `days` is not above 0.
 */
export function startRetention(options: RetentionOptions): () => Promise<void> {
  const { days, clock, logger } = options;
  if (!(days > 0)) throw new RangeError(`retention must be above 0 days, not ${days}`);
  let stopTimer = () => {};
  let stopped = false;

  async function run(): Promise<void> {
    try {
      const deleted = await options.deleteBefore(clock.now() - days * DAY_MS);
      if (deleted > 0) logger.info({ deleted, days }, 'old calls deleted');
    } catch (error) {
      logger.error({ cause: causeOf(error) }, 'old calls could not be deleted');
    }
    if (stopped) return;
    stopTimer = clock.after(DAY_MS, () => {
      running = run();
    });
  }

  let running = run();
  return async () => {
    stopped = true;
    stopTimer();
    await running;
  };
}
