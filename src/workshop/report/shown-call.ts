import { shownRecord } from '../../records/log.ts';
import type { EvalCall } from '../eval/run.ts';

const NOT_KEPT = '(text not kept: the caller opted out)';

/**
 * A call as a report may show it: numbers masked, no event log, and no text of a call whose text may not be kept.
 * Everything a report writes of a call has gone through here.
 */
export function shownCall(call: EvalCall): EvalCall {
  const { frames: _frames, ...played } = call.result;
  const record = call.record === null ? null : shownRecord(call.record, false);
  if (record?.noText !== true) return { ...call, result: played, record };
  const result = {
    ...played,
    transcript: played.transcript.map(({ role }) => ({ role, text: NOT_KEPT })),
    turns: played.turns.map((turn) => ({ ...turn, text: '' })),
  };
  return { ...call, result, record };
}
