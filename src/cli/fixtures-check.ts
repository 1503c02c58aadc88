import { Command } from 'commander';
import pc from 'picocolors';
import { printable, printableJson } from '../records/printable.ts';
import { checkFixtures } from '../workshop/fixtures/check.ts';
import type { Finding } from '../workshop/fixtures/fixture-finding.ts';
import { count, fixtureTotals, totalsLine } from '../workshop/fixtures/list.ts';
import { CliError } from './errors.ts';
import { fixturePaths, print, readingPaths } from './fixtures-paths.ts';

interface CheckFlags {
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `fixtures check`: exit code 1 when there is an error, 2 when a path cannot be read. */
export function fixturesCheckCommand(deps: { readonly fixturesDirectory: string }): Command {
  return new Command('check')
    .description('look for everything that is wrong with fixtures')
    .argument('[paths...]', 'files and directories (default: ./fixtures where there is one, else those of the package)')
    .option('--strict', 'warnings fail the check too')
    .option('--json', 'print findings and counts as JSON')
    .addHelpText(
      'after',
      `
Errors: faults of the schema, signals and languages that do not exist, fields that contradict each other, numbers
that somebody may have, data that looks like somebody's, histories of one number that differ.
Warnings: texts that are nearly the same, fields that do nothing.

Examples:
  hangup-guard fixtures check
  hangup-guard fixtures check fixtures/person-stutter.yaml
  hangup-guard fixtures check --json | jq '.findings[] | select(.severity == "error")'
`,
    )
    .action((paths: string[], flags: CheckFlags, command: Command) => {
      const { files, findings } = readingPaths(() => checkFixtures(fixturePaths(paths, deps.fixturesDirectory)));
      const totals = fixtureTotals(files.map(({ fixture }) => fixture));
      const errors = findings.filter(({ severity }) => severity === 'error').length;
      const warnings = findings.length - errors;
      const summary = `${totalsLine(totals)}; ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
      if (flags.json === true) {
        print(command, printableJson({ summary, errors, warnings, totals, findings }, 2));
      } else {
        for (const finding of findings) print(command, findingText(finding));
        print(command, summary);
      }
      if (errors > 0 || (flags.strict === true && warnings > 0)) {
        throw new CliError(
          'the fixtures have faults',
          'mend the lines above; "hangup-guard schema --fixture" has the form',
        );
      }
    });
}

/** `file:line: error: what (hint)` */
export function findingText({ severity, file, line, message, hint }: Finding): string {
  const colour = severity === 'error' ? pc.red : pc.yellow;
  const more = hint === undefined ? '' : pc.dim(` (${printable(hint)})`);
  return `${printable(file)}:${line}: ${colour(severity)}: ${printable(message, 1_000)}${more}`;
}
