import Table from 'cli-table3';
import { LONG_WORDS, type MachineReport, type PeopleReport, type PlayReport } from './play-report.ts';

/** No more names than this in a list. */
const MAX_LISTED = 50;

/** The report as tables for a terminal, without colours. */
export function playReportText(report: PlayReport): string {
  const parts: string[] = [];
  const machines = new Table({
    head: [
      'to be hung up on',
      'calls',
      'caught',
      'live',
      'by silence',
      'median words',
      'median s',
      'live: words',
      'live: s',
    ],
    style: { head: [], border: [] },
  });
  const people = new Table({
    head: ['to be served', 'calls', 'probed', 'cut', 'cut, at most (95%)', 'left without a reply', 'longest dead air'],
    style: { head: [], border: [] },
  });
  for (const set of report.sets) {
    if (set.machines !== undefined) {
      machines.push([set.set, ...machineCells(set.machines)]);
      if (set.machines.long.calls > 0 && set.machines.short.calls > 0) {
        machines.push([`  ${LONG_WORDS} words or more`, ...machineCells(set.machines.long)]);
        machines.push([`  shorter`, ...machineCells(set.machines.short)]);
      }
      if (set.groups !== undefined) {
        const { groups, caughtMean, liveMean } = set.groups;
        machines.push([`  mean of ${groups} groups`, '', percent(caughtMean), percent(liveMean), '', '', '', '', '']);
      }
    }
    if (set.people !== undefined) people.push([set.set, ...peopleCells(set.people)]);
  }
  const peopleSets = report.sets.filter(({ kind }) => kind === 'people').length;
  if (peopleSets > 1) people.push(['all', ...peopleCells(report.people)]);
  if (machines.length > 0) parts.push(machines.toString(), 'Medians over all calls, a miss as infinity (–).');
  if (people.length > 0) parts.push(people.toString());
  parts.push(
    ...list(
      'Cut off',
      report.cut.map(({ set, id, callMs, callerWords, afterLastLine }) => {
        const when = afterLastLine ? ', after their last line' : '';
        return `${set} ${id}: after ${(callMs / 1_000).toFixed(1)} s and ${callerWords} words${when}`;
      }),
    ),
    ...list(
      'Left without a reply',
      report.unanswered.map(({ set, id, turns }) => `${set} ${id}: response ${turns.join(', ')}`),
    ),
    ...list(
      'Failed',
      report.failed.map(({ set, id, how }) => `${set} ${id}: ${how}`),
    ),
  );
  return parts.join('\n');
}

function machineCells(of: MachineReport): string[] {
  return [
    String(of.calls),
    share(of.caught, of.calls),
    share(of.live, of.calls),
    share(of.bySilence, of.calls),
    number(of.medianWords, 0),
    number(of.medianS, 1),
    number(of.liveMedianWords, 0),
    number(of.liveMedianS, 1),
  ];
}

function peopleCells(of: PeopleReport): string[] {
  return [
    String(of.calls),
    share(of.probed, of.calls),
    share(of.cut, of.calls),
    percent(of.cutUpperBound),
    String(of.unanswered),
    `${(of.maxDeadAirMs / 1_000).toFixed(1)} s`,
  ];
}

function list(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_LISTED ? [`  … and ${lines.length - MAX_LISTED} more (all with --json)`] : [];
  return [`${title} (${lines.length}):`, ...lines.slice(0, MAX_LISTED).map((line) => `  ${line}`), ...more];
}

function share(count: number, of: number): string {
  return of === 0 ? '–' : `${count} (${percent(count / of)})`;
}

function percent(of: number): string {
  return `${(of * 100).toFixed(of < 0.01 && of > 0 ? 2 : 1)}%`;
}

function number(value: number | null, digits: number): string {
  return value === null ? '–' : value.toFixed(digits);
}
