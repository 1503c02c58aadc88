import type { Flip } from '../eval/diff.ts';
import { verdictOf } from './call-facts.ts';
import type { ReportInput } from './report-input.ts';
import { shownCall } from './shown-call.ts';
import { verdictSentence } from './verdict-sentence.ts';

/** The report for programs: what the page shows and more, without event logs and with numbers masked. */
export function reportJson(input: ReportInput): object {
  const { run, summary, against } = input;
  const { texts: _texts, ...stamp } = run.run.stamp;
  return {
    format: 1,
    run: { ...run.run, stamp },
    verdict: verdictSentence(input),
    summary,
    gates: run.run.gates,
    calls: run.calls.map(shownCall),
    ...(against === undefined
      ? {}
      : {
          against: {
            run: against.run.run.id,
            summary: against.summary,
            diff: {
              ...against.diff,
              flips: against.diff.flips.map(withoutCalls),
              moved: against.diff.moved.map(({ a: _a, b: _b, ...rest }) => rest),
            },
          },
        }),
  };
}

/** Both calls of a flip are looked up by their key; here only what became of them. */
function withoutCalls({ a, b, ...rest }: Flip): object {
  return { ...rest, from: verdictOf(a), to: verdictOf(b) };
}
