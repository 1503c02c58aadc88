import { printable } from '../../records/printable.ts';
import type { EvidenceOfTurn } from '../../records/record.ts';
import { type EvalCall, type LoadedRun, WRONG_KINDS, type WrongKind } from './run.ts';
import { isKnownMiss } from './summarise.ts';
import { bounded, counted, seconds, wrapped } from './text-lines.ts';
import { decisionText } from './verdict-of.ts';

const TITLES: Readonly<Record<WrongKind, string>> = {
  cut: 'People wrongly hung up on',
  missed: 'Machines missed',
  category: 'Wrong categories',
  unanswered: 'People left without a reply',
  failed: 'Failed',
  other: 'Other differences',
};
const SHOWN_EVIDENCE = 3;
const QUOTE_CHARACTERS = 70;

/** Every call that is not as expected and not known to be so, worst first: where, and on what evidence. */
export function wrongText({ run, calls }: LoadedRun, width: number): string[] {
  const wrong = calls.filter((call) => call.wrong !== null && call.unrecorded === 0 && !isKnownMiss(call));
  return WRONG_KINDS.flatMap((kind) => {
    const ofKind = wrong.filter((call) => call.wrong?.kind === kind);
    if (ofKind.length === 0) return [];
    return [`${TITLES[kind]} (${ofKind.length}):`, ...bounded(ofKind, (call) => callText(call, run.stamp, width)), ''];
  });
}

function callText(call: EvalCall, stamp: LoadedRun['run']['stamp'], width: number): string[] {
  const { wrong, record } = call;
  if (wrong === null) return [];
  const known = call.knownMiss === null ? '' : ` (known: ${call.knownMiss})`;
  const lines = [`  ${printable(call.key, 200)}${known === '' ? '' : ` ${printable(known, 300)}`}`];
  lines.push(
    `    ${wrong.differences
      .slice(0, 6)
      .map((one) => printable(one, 200))
      .join('; ')}`,
  );
  const then = evidenceThen(call);
  if (wrong.turn !== null && wrong.callMs !== null) {
    const hangUp = stamp.variants.find(({ id }) => id === call.variant)?.thresholds.hangUp;
    const bound = hangUp === undefined ? '' : ` (hangs up from ${hangUp.toFixed(1)})`;
    const points = then === undefined ? '' : `, ${then.points.toFixed(1)} points${bound}`;
    lines.push(`    at caller turn ${wrong.turn}, ${seconds(wrong.callMs)}${points}${decisionText(record)}`);
  }
  const strongest = [...(then?.evidence ?? [])]
    .filter(({ shadow }) => shadow !== true)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, SHOWN_EVIDENCE);
  for (const one of strongest) {
    const quote = one.quote === undefined ? '' : ` “${printable(one.quote, QUOTE_CHARACTERS)}”`;
    const points = `${one.points >= 0 ? '+' : '−'}${Math.abs(one.points).toFixed(1)}`;
    lines.push(`      ${points.padStart(6)}  ${one.signal} ${one.level}: ${printable(one.reason, 160)}${quote}`);
  }
  return lines.flatMap((line) => wrapped(line, width, line.startsWith('      ') ? 8 : 2));
}

/** The evidence at the moment that a call went wrong. */
function evidenceThen({ wrong, record }: EvalCall): EvidenceOfTurn | undefined {
  const kept = record?.evidence ?? [];
  const at = wrong?.callMs ?? Number.POSITIVE_INFINITY;
  // Of several in one turn the last before it went wrong.
  return (
    kept.findLast(({ turn, callMs }) => turn === wrong?.turn && callMs <= at) ??
    kept.findLast((one) => one.callMs <= at)
  );
}

/** Known misses in one line, and those that are none any more. */
export function knownText(calls: readonly EvalCall[], noLonger: readonly string[], width: number): string[] {
  const known = calls
    .filter((call) => call.unrecorded === 0 && isKnownMiss(call))
    .map(({ key }) => printable(key, 200));
  const shown = known.slice(0, 10).join(', ');
  const more = known.length > 10 ? `, … and ${known.length - 10} more` : '';
  const lines = known.length === 0 ? [] : [`${counted(known.length, 'known miss', 'known misses')}: ${shown}${more}`];
  const gone = bounded(noLonger, (key) => [`As expected this time, though known to be missed: ${printable(key, 200)}`]);
  return [...lines, ...gone].flatMap((line) => wrapped(line, width));
}
