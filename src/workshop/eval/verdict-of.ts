import type { CallRecord } from '../../records/record.ts';
import type { EvalCall } from './run.ts';

/** `hang_up robocall_menu`, `none`; `failed` where there is no record. */
export function verdictOf({ record }: Pick<EvalCall, 'record'>): string {
  if (record === null) return 'failed';
  return record.decision === 'none' ? 'none' : `${record.decision} ${record.category ?? 'without a category'}`;
}

/** `: hung up as robocall_menu`; empty where nothing was decided. */
export function decisionText(record: CallRecord | null): string {
  if (record === null || record.decision === 'none') return '';
  return `: ${record.decision === 'hang_up' ? 'hung up' : 'would hang up'} as ${record.category ?? 'nothing'}`;
}
