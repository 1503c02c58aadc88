import { reportOf } from '../guard/report.ts';
import type { CallState } from '../guard/state.ts';
import { seconds, signed } from '../records/log.ts';
import { printable } from '../records/printable.ts';
import type { CallRecord } from '../records/record.ts';
import { timeline } from '../records/timeline.ts';
import type { TriedCall } from '../workshop/try/try-call.ts';
import { percent, type TryStyle, wrap } from './try-style.ts';

const INDENT = 13;

/** What happened when; of a call that is not over the moments only. */
export function timelineText(state: CallState, record: CallRecord | null, style: TryStyle): string {
  if (record !== null) return timeline(record, { numbers: true, styles: style.colors });
  const unknown = { guard: '', code: '', weights: '', config: '', prompts: '' };
  const far: CallRecord = {
    ...reportOf(state),
    mode: 'enforce',
    outcome: 'completed',
    startedAt: 0,
    endedAt: state.callMs,
    savedMs: 0,
    savedMoney: null,
    latency: [],
    versions: unknown,
  };
  const [, moments = ''] = timeline(far, { numbers: true, styles: style.colors }).split('\n\n');
  return `${moments.trim() === '' ? 'Nothing has happened yet.' : moments}\n`;
}

/** How a call ended, and why. */
export function endText({ result, record, state }: TriedCall, style: TryStyle): string {
  const { bold, red, green } = style.colors;
  const hungUp = record?.decision === 'hang_up';
  const how = hungUp
    ? red(`The guard hung up after ${seconds(result.callMs)}.`)
    : green(`${endings[result.endedBy]} after ${seconds(result.callMs)}.`);
  const lines = style.interactive ? [bold(how)] : ['', bold(how)];
  const add = (name: string, value: string): void =>
    void lines.push(wrap(`  ${name}`, printable(value), style, INDENT));
  if (record === null) {
    add('record', 'none was written');
    return `${lines.join('\n')}\n`;
  }
  const category = record.category === null ? '' : `, ${record.category}`;
  add(
    'decision',
    `${record.decision}${category}, ${signed(record.points)} points, ${percent(record.probability)} likely unwanted`,
  );
  if (record.reason !== undefined) add('reason', record.reason);
  if (record.decidedCallMs !== undefined) {
    const facts = [
      ['sent', record.sent],
      ['confirmed', record.confirmed],
    ].map(([name, yes]) => (yes === true ? name : `not ${name}`));
    add(
      'decided',
      `turn ${record.decidedTurn ?? '–'}, ${seconds(record.decidedCallMs)}, ${facts.join(', ')}; ${record.callerWords} words of the caller`,
    );
  }
  for (const { kind, callMs, result: answer, why } of record.probes)
    add('asked', `${seconds(callMs)} "${kind}": ${answer}, ${why}`);
  if (record.protectedBy !== undefined) add('protected', record.protectedBy);
  if (state?.freePass === true) add('free pass', 'this number was hung up on before: one call is let through');
  for (const fault of record.faults) add('fault', fault);
  if (result.endedBy === 'error') add('error', result.how);
  return `${lines.join('\n')}\n`;
}

const endings = {
  agent: 'The agent ended the call',
  caller: 'The caller left',
  transfer: 'The call was transferred',
  error: 'The call failed',
  timeout: 'The call was ended: it took too long',
} as const;
