import Table from 'cli-table3';
import { callerOf, timeOf } from '../../records/log.ts';
import { printable } from '../../records/printable.ts';
import { MOST_LISTED, type Moved, RESULTS, type Tally } from './rescore-many.ts';

/** How to write emphasis. */
export interface Styles {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const TITLES: Readonly<Record<(typeof RESULTS)[number], string>> = {
  same: 'the same',
  spared: 'spared',
  hung_up: 'newly hung up on',
  category: 'other category',
  unknown: 'unknown',
};
/** What matters most comes first. */
const LISTED = ['hung_up', 'spared', 'category', 'unknown'] as const;
const ROWS_SHOWN = 50;
const UNKNOWN_SHOWN = 10;

/** Counts, minutes, and the calls that come out otherwise: who would newly be hung up on first. */
export function rescoreText(tally: Tally, options: { readonly numbers: boolean; readonly styles: Styles }): string {
  const { bold, dim } = options.styles;
  const { calls, counts, moreMs, lessMs, otherWeights } = tally;
  const lines = [bold(`${calls} calls rescored`)];
  for (const result of RESULTS) lines.push(`  ${TITLES[result].padEnd(18)}${String(counts[result]).padStart(8)}`);
  if (counts.hung_up + counts.spared > 0) {
    lines.push(`Minutes: ${minutes(moreMs)} more saved, ${minutes(lessMs)} less.`);
  }
  if (otherWeights > 0) lines.push(dim(`${otherWeights} calls were recorded under other weights than these.`));
  for (const result of LISTED) {
    const moved = tally.moved[result];
    const shown = moved.slice(0, result === 'unknown' ? UNKNOWN_SHOWN : ROWS_SHOWN);
    if (shown.length === 0) continue;
    lines.push('', bold(`${TITLES[result]}:`), tableOf(shown, options.numbers));
    const left = counts[result] - shown.length;
    if (left > 0) lines.push(dim(`and ${left} more; --json lists up to ${MOST_LISTED}.`));
  }
  if (counts.unknown > 0) {
    lines.push(dim('What is unknown can be played: hangup-guard eval plays fixtures under any weights and prices.'));
  }
  return `${lines.join('\n')}\n`;
}

function tableOf(moved: readonly Moved[], numbers: boolean): string {
  const table = new Table({
    head: ['call', 'when', 'caller', 'was', 'now', 'why'],
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { call, said } of moved) {
    const was = call.decision === 'none' ? 'served' : (call.category ?? '–');
    const now = said.result === 'unknown' ? '?' : (said.category ?? 'served');
    const cells = [call.call_id, timeOf(call.started_at), caller(call, numbers), was, now];
    table.push([...cells.map((text) => printable(text, 60)), printable(said.why, 160)]);
  }
  return table.toString();
}

/** For JSON: callers masked unless `numbers`. */
export function shownMoved(moved: Tally['moved'], numbers: boolean) {
  return LISTED.flatMap((result) =>
    moved[result].map(({ call, said }) => ({
      callId: call.call_id,
      agent: call.agent,
      caller: caller(call, numbers),
      startedAt: call.started_at,
      decision: call.decision,
      recordedAs: call.category,
      ...said,
    })),
  );
}

const caller = ({ caller_number, direction }: Moved['call'], numbers: boolean): string =>
  callerOf({ direction, ...(caller_number === null ? {} : { callerNumber: caller_number }) }, numbers);

const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
