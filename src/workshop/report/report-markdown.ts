import { diffMarkdown } from '../eval/diff-markdown.ts';
import { code as codeOf, plain as plainOf } from '../eval/markdown.ts';
import { WRONG_KINDS } from '../eval/run.ts';
import { momentOf, resultOf, verdictOf } from './call-facts.ts';
import type { ReportInput } from './report-input.ts';
import { caveats, standing, verdictSentence } from './verdict-sentence.ts';
import { figure, percent, plain } from './words.ts';

const MAX_LISTED = 20;

/** Nothing that a caller or a data set says becomes markup. */
const text = (raw: string): string => plainOf(raw, 600);
const code = (raw: string): string => codeOf(raw, 200);

/** The report for a pull request, short: gates, numbers, wrong calls, flips. */
export function reportMarkdown(input: ReportInput): string {
  const { run } = input.run;
  const parts = [
    `## ${standing(input) === 'failed' ? '❌' : '✅'} hangup-guard eval ${text(run.id)}`,
    text(verdictSentence(input)),
    `> ${text(input.summary.measuredNote)}`,
    ...caveats(input).map((one) => `> ${text(one)}`),
    ...gates(input),
    numbers(input),
    ...wrong(input),
    ...(input.against === undefined ? [] : [diffMarkdown(input.against.diff).trimEnd()]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function gates({ run: { run } }: ReportInput): string[] {
  if (run.gates.length === 0) return [];
  const rows = run.gates.map(
    ({ name, wanted, seen, passed }) =>
      `| ${passed ? '✅' : '❌'} ${text(plain(name))} | ${text(wanted)} | ${text(seen)} |`,
  );
  return [['| gate | wanted | seen |', '|---|---|---|', ...rows].join('\n')];
}

function numbers({ summary, against }: ReportInput): string {
  const rows: [string, (of: typeof summary) => string][] = [
    ['people cut off', ({ people }) => `${people.cut} of ${people.calls} (at most ${percent(people.cutAtMost)})`],
    ['people asked a question', ({ people }) => String(people.probed)],
    ['people left without a reply', ({ people }) => String(people.unanswered)],
    ['machines caught', ({ machines }) => `${machines.caught} of ${machines.calls}`],
    ['… while still talking', ({ machines }) => String(machines.live)],
    [
      'median words / turns / seconds',
      ({ machines }) =>
        `${figure(machines.medianWords)} / ${figure(machines.medianTurns)} / ${figure(machines.medianS, 1)}`,
    ],
    ['mistakes, in wasted calls', ({ confusion }) => String(confusion.reduce((sum, { price }) => sum + price, 0))],
  ];
  const before = against?.summary;
  const head = before === undefined ? ['| | this run |', '|---|---|'] : ['| | before | this run |', '|---|---|---|'];
  const lines = rows.map(([name, of]) => {
    const earlier = before === undefined ? '' : ` ${of(before)} |`;
    return `| ${name} |${earlier} ${of(summary)} |`;
  });
  return [...head, ...lines].join('\n');
}

function wrong({ run: { calls } }: ReportInput): string[] {
  const found = WRONG_KINDS.flatMap((kind) => calls.filter((call) => resultOf(call) === kind));
  if (found.length === 0) return ['Every call came out as expected, or as known.'];
  const lines = found.slice(0, MAX_LISTED).map((call) => {
    const { key, wrong } = call;
    const at = momentOf(wrong?.turn, wrong?.callMs);
    return `- **${wrong?.kind}** ${code(key)} (${text(at)}), ${text(verdictOf(call))}: ${text((wrong?.differences ?? []).slice(0, 3).join('; '))}`;
  });
  return [`### What went wrong`, [...lines, ...left(found.length)].join('\n')];
}

function left(of: number): string[] {
  return of > MAX_LISTED ? [`- … and ${of - MAX_LISTED} more`] : [];
}
