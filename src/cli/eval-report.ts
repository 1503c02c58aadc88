import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { printableJson } from '../records/printable.ts';
import { diffMarkdown } from '../workshop/eval/diff-markdown.ts';
import { type ReportInput, reportHtml, reportJson, reportMarkdown } from '../workshop/report/index.ts';

/** Who writes which file. */
const WRITERS = {
  html: reportHtml,
  md: reportMarkdown,
  json: (input: ReportInput) => `${printableJson(reportJson(input), 1)}\n`,
  /** Nothing but the difference, for a pull request. */
  diff: ({ against }: ReportInput) => (against === undefined ? '' : diffMarkdown(against.diff)),
};

/** Writes a report for people, with the directories above it. It quotes callers: nobody else may read it. */
export function writeReport(kind: keyof typeof WRITERS, file: string, input: ReportInput): void {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  writeFileSync(file, WRITERS[kind](input), { mode: 0o600 });
}
