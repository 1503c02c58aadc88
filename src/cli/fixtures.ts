import { Command } from 'commander';
import { fixturesCheckCommand } from './fixtures-check.ts';
import { fixturesImportCommand, type ImportDeps } from './fixtures-import.ts';
import { fixturesListCommand } from './fixtures-list.ts';
import { fixturesNewCommand } from './fixtures-new.ts';

export interface FixturesDeps extends Partial<ImportDeps> {
  /** Read when no path is given and there is no ./fixtures. */
  readonly fixturesDirectory: string;
}

/** `hangup-guard fixtures check | list | new | import`. */
export function fixturesCommand(deps: FixturesDeps): Command {
  return new Command('fixtures')
    .description('check, list, write and import the calls that the guard is tried on')
    .addCommand(fixturesCheckCommand(deps))
    .addCommand(fixturesListCommand(deps))
    .addCommand(fixturesNewCommand())
    .addCommand(fixturesImportCommand(deps))
    .addHelpText(
      'after',
      `
Examples:
  hangup-guard fixtures check                        everything that is wrong, with file and line
  hangup-guard fixtures list --language es           which calls there are
  hangup-guard fixtures new person-lost-parcel       a commented file to fill in
  hangup-guard fixtures import --call call_4f2a      a recorded call, scrubbed, then confirmed by you
`,
    );
}
