import { readEventLog } from '../../records/event-log.ts';
import type { CallRecord } from '../../records/record.ts';
import { RecordsError } from '../../records/records-error.ts';

/** Call time at which each utterance of the transcript began and ended, by its index. */
export type SpokenAt = ReadonlyMap<number, { readonly startMs: number; readonly endMs: number }>;

/** From the word timings in the event log; empty where there is none, or it is damaged: a timeline does without. */
export function spokenAt(record: CallRecord | null): SpokenAt {
  const times = new Map<number, { startMs: number; endMs: number }>();
  if (record?.events === undefined) return times;
  try {
    for (const event of readEventLog(record.events)) {
      if (event.type === 'transcript-cut') {
        for (const index of times.keys()) if (index >= event.length) times.delete(index);
      }
      if (event.type !== 'caller-said' && event.type !== 'agent-said') continue;
      const startMs = event.words[0]?.startMs;
      const endMs = event.words.at(-1)?.endMs;
      if (startMs !== undefined && endMs !== undefined) times.set(event.index, { startMs, endMs });
    }
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
  }
  return times;
}
