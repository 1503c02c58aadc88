import type { CallRecord } from '../../records/record.ts';
import { RecordsError } from '../../records/records-error.ts';
import { otherVersions, type ReplayParts, replayPolicies, versionsNow } from './replay-policies.ts';
import { replayRecord } from './replay-record.ts';

/**
 * `same`, `differs`; `no-events`: the text might not be kept, or the record was too long; `cut`: the log ends before the
 * call did; `no-agent`: the configuration does not know the agent; `damaged`: the record or its log cannot be read.
 */
export const REPLAY_RESULTS = ['same', 'differs', 'no-events', 'cut', 'no-agent', 'damaged'] as const;
export type ReplayResult = (typeof REPLAY_RESULTS)[number];

export interface ReplayedCall {
  readonly callId: string;
  readonly result: ReplayResult;
  readonly differences: readonly string[];
  /** What differs from the versions that it was recorded under: then a difference is no fault. */
  readonly otherVersions: readonly { readonly name: string; readonly text: string }[];
}

/** A call whose record cannot be read. */
export interface DamagedRecord {
  readonly callId: string;
  readonly damaged: true;
}

/** Replays records one by one as they come; the process stays responsive. */
export async function* replayMany(
  records: AsyncIterable<CallRecord | DamagedRecord>,
  parts: ReplayParts,
): AsyncGenerator<ReplayedCall> {
  const policyFor = replayPolicies(parts);
  const now = versionsNow(parts);
  for await (const record of records) {
    if ('damaged' in record) {
      yield { callId: record.callId, result: 'damaged', differences: [], otherVersions: [] };
      continue;
    }
    const others = otherVersions(now, record).filter(({ name }) => name !== 'config' || parts.sameConfig !== true);
    yield { callId: record.callId, otherVersions: others, ...replayed(record, policyFor(record)) };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function replayed(
  record: CallRecord,
  policy: ReturnType<ReturnType<typeof replayPolicies>>,
): Pick<ReplayedCall, 'result' | 'differences'> {
  const none = { differences: [] };
  if (record.events === undefined) return { result: 'no-events', ...none };
  if (policy === null) return { result: 'no-agent', ...none };
  try {
    const { differences, cut } = replayRecord(record, policy);
    if (cut) return { result: 'cut', ...none };
    return { result: differences.length === 0 ? 'same' : 'differs', differences };
  } catch (error) {
    if (error instanceof RecordsError && error.code === 'bad-events') return { result: 'damaged', ...none };
    throw error;
  }
}
