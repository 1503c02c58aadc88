import Table from 'cli-table3';
import { printable } from '../../records/printable.ts';
import type { MissingAnswers } from '../answers/answers-book.ts';
import type { LoadedRun } from './run.ts';
import type { RunSummary } from './summary.ts';
import { bounded, counted, percent, seconds, wrapped } from './text-lines.ts';
import { knownText, wrongText } from './wrong-text.ts';

export interface SummaryTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Records the answers that are missing. */
  readonly recordCommand: string;
  /** What those answers were for, where it is known. */
  readonly missing?: readonly MissingAnswers[];
}

/** A run for a terminal, without colours: people who were cut first, gates last. */
export function summaryText(loaded: LoadedRun, summary: RunSummary, options: SummaryTextOptions): string {
  const { run } = loaded;
  const width = Math.max(40, options.width);
  const lines = [
    ...wrongText(loaded, width),
    ...spaced(knownText(loaded.calls, summary.noLongerMissed, width)),
    ...callsTable(summary),
    ...confusionTable(summary, run.stamp.prices.currency),
    ...modelLines(summary, run.stamp.prices.currency),
    ...flakyLines(summary, run.plan.repeats),
    ...wrapped(summary.measuredNote, width),
    ...missingLines(summary, loaded, options),
    '',
    ...gateLines(loaded, width),
  ];
  return lines.join('\n');
}

const SIDES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines: it stays narrow. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const made = new Table({
    head: [...head],
    chars: SIDES,
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) made.push([...row]);
  return [
    ...made
      .toString()
      .split('\n')
      .map((line) => line.trimEnd()),
    '',
  ];
}

function callsTable({ calls, asExpected, knownMisses, people, machines }: RunSummary): string[] {
  const share = (some: number, all: number): string => (all === 0 ? '–' : `${some} (${percent(some / all)})`);
  const number = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '–';
  const lines = [`${counted(calls, 'call')}, ${asExpected} as expected, ${knownMisses} known not to be`, ''];
  if (people.calls > 0) {
    lines.push(
      ...table(
        ['to be served', 'calls', 'cut', 'at most (95%)', 'probed', 'no reply'],
        [
          [
            '',
            String(people.calls),
            share(people.cut, people.calls),
            percent(people.cutAtMost),
            share(people.probed, people.calls),
            String(people.unanswered),
          ],
        ],
      ),
    );
  }
  if (machines.calls > 0) {
    lines.push(
      ...table(
        ['to be hung up on', 'calls', 'caught', 'as what it is', 'words', 'turns', 'seconds'],
        [
          [
            'medians over all',
            String(machines.calls),
            share(machines.caught, machines.calls),
            share(machines.rightCategory, machines.calls),
            number(machines.medianWords, 0),
            number(machines.medianTurns, 0),
            number(machines.medianS, 1),
          ],
        ],
      ),
    );
  }
  return lines;
}

function confusionTable({ confusion }: RunSummary, currency: string): string[] {
  if (confusion.length === 0) return [];
  const money = confusion.some((cell) => cell.money !== null);
  const head = ['expected', 'came out as', 'calls', 'price', ...(money ? [currency] : [])];
  const rows = confusion.map((cell) => [
    cell.expected,
    cell.seen,
    String(cell.calls),
    String(cell.price),
    ...(money ? [cell.money?.toFixed(2) ?? '–'] : []),
  ]);
  const [title = '', ...cells] = table(head, rows).slice(0, -1);
  return [title, ...bounded(cells, (line) => [line]), 'price: in wasted calls', ''];
}

function modelLines({ models, cost, latency, maxDeadAirMs }: RunSummary, currency: string): string[] {
  const waits = latency === null ? '' : `answers began after ${latency.p50Ms} ms (p50), ${latency.p95Ms} ms (p95); `;
  const air = `${waits}longest silence while one was owed ${seconds(maxDeadAirMs)}`;
  if (models.length === 0) return [air, ''];
  const rows = models.map((use) => [
    `${use.purpose} ${printable(use.model, 60)}`,
    String(use.requests),
    String(use.inputTokens),
    String(use.cachedTokens),
    String(use.outputTokens),
    use.cost?.toFixed(4) ?? '–',
  ]);
  const total = cost === null ? 'cost unknown: a model without prices answered' : `cost ${cost.toFixed(4)} ${currency}`;
  return [...table(['model', 'requests', 'tokens in', 'cached', 'out', 'cost'], rows).slice(0, -1), total, air, ''];
}

function flakyLines({ flaky, flipRate }: RunSummary, repeats: number): string[] {
  if (flipRate === null) return [];
  if (flaky.length === 0) return [`Every call had the same verdict in all ${repeats} repeats.`, ''];
  return [
    `Flaky (${percent(flipRate)} of the calls):`,
    ...bounded(flaky, ({ key, flipRate: rate, verdicts }) => [
      `  ${printable(key, 200)}: ${percent(rate)} of ${repeats} flipped (${verdicts.join(', ')})`,
    ]),
    '',
  ];
}

function missingLines({ unrecorded }: RunSummary, { calls }: LoadedRun, options: SummaryTextOptions): string[] {
  if (unrecorded === 0) return [];
  const { width, recordCommand, missing = [] } = options;
  const answers = calls.reduce((sum, call) => sum + call.unrecorded, 0);
  const [need, count] = unrecorded === 1 ? ['call needs', 'counts'] : ['calls need', 'count'];
  const why = bounded(missing, ({ responder, model, endpoint, purpose, requests, promptUnknown }) => {
    const where = endpoint ?? "the vendor's own endpoint";
    const unknown = promptUnknown ? '; its prompt was edited or never recorded: none of its answers is there' : '';
    return wrapped(
      `  ${purpose} by ${responder} (${printable(model, 60)} at ${where}): ${requests} missing${unknown}`,
      width,
    );
  });
  return [
    '',
    ...wrapped(
      `${unrecorded} ${need} answers of a model that are not recorded, and ${count} nowhere (${answers} are missing):`,
      width,
    ),
    ...why,
    'To record them:',
    `  ${recordCommand}`,
  ];
}

function gateLines({ run }: LoadedRun, width: number): string[] {
  if (run.finishedAt === null) return [`This run is not complete: of ${run.cases} calls some were not played.`];
  if (run.gates.length === 0) return ['No gates.'];
  const name = Math.max(...run.gates.map((gate) => gate.name.length));
  const wanted = Math.max(...run.gates.map((gate) => gate.wanted.length));
  const lines = run.gates.map(
    (gate) =>
      `  ${gate.passed ? 'passed' : 'FAILED'}  ${gate.name.padEnd(name)}  ${gate.wanted.padEnd(wanted)}  ${gate.seen}`,
  );
  const failed = run.gates.filter(({ passed }) => !passed).length;
  const title = failed === 0 ? 'All gates passed:' : `${failed} of ${counted(run.gates.length, 'gate')} failed:`;
  return [title, ...lines.flatMap((line) => (line.length > width ? [line.replace(/ {2,}/g, ' ')] : [line]))];
}

function spaced(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [...lines, ''];
}
