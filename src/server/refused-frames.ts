import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Refusals of one socket that are logged one by one; a hostile peer may not fill the disk. */
const MOST_LOGGED = 100;

/**
 * Counts the refused frames of one socket, all of them, and logs the first ones with a constant reason. What the frame
 * held is told to nobody.
 */
export function refusedFrames(
  callId: string,
  { metrics, log }: { readonly metrics: Metrics; readonly log: CallLog },
): (reason: string, bytes?: number) => void {
  let seen = 0;
  return (reason, bytes) => {
    metrics.refused.inc({ what: 'frame', reason });
    seen++;
    if (seen <= MOST_LOGGED) log.warn({ callId, reason, ...(bytes === undefined ? {} : { bytes }) }, 'frame refused');
    if (seen === MOST_LOGGED) log.warn({ callId }, 'further refused frames of this socket are only counted');
  };
}
