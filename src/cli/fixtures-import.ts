import { Command, InvalidArgumentError, Option } from 'commander';
import { CliError, EXIT } from './errors.ts';
import { confirmFixture } from './fixtures-confirm.ts';
import type { ImportFlags } from './fixtures-import-flags.ts';
import { KINDS } from './fixtures-list.ts';
import { checkName } from './fixtures-new.ts';
import { FIXTURES_DIR } from './fixtures-paths.ts';
import { readCall, readRows } from './fixtures-sources.ts';
import { type Terminal, terminal } from './fixtures-terminal.ts';

export interface ImportDeps {
  readonly terminal: Terminal;
}

const MOST_ROWS = 1_000;
const MOST_REPLACEMENTS = 200;

/** `fixtures import`: a recorded call or rows of a data set, scrubbed, then written when a person has confirmed. */
export function fixturesImportCommand(deps: Partial<ImportDeps>): Command {
  const person = deps.terminal ?? terminal;
  return new Command('import')
    .description('make a fixture of a recorded call or of rows of a data set: scrubbed, then confirmed by you')
    .addOption(new Option('--call <call-id>', 'a recorded call, as in "log list"').conflicts('jsonl'))
    .option('--data-dir <dir>', 'where calls are recorded', './data')
    .option('--jsonl <file>', 'rows {id, turns | text, label}')
    .option('--id <id>', 'only this row of --jsonl')
    .option('--limit <n>', `at most this many rows, up to ${MOST_ROWS}`, rows, 10)
    .option('--dir <dir>', 'directory to write to', FIXTURES_DIR)
    .option('--name <name>', 'name of the fixture (default: imported- and eight digits)')
    .addOption(new Option('--kind <kind>', 'kind of caller (default: as the call looks)').choices(KINDS))
    .option('--language <tag>', 'language of the caller (default: as the words look)')
    .addOption(new Option('--expect <decision>', 'what was right, whatever was done').choices(['hang_up', 'none']))
    .option('--replace <old=new>', 'replace this too, in whatever case (repeatable)', replacement, [])
    .option('--confirmed', 'write without asking: "I have read it, and it holds nothing of a real person"')
    .option('--dry-run', 'only print what would be written')
    .option('--json', 'JSON instead of text; asks nothing, so add --dry-run or --confirmed')
    .addHelpText(
      'after',
      `
Numbers, e-mail addresses, links, digits (written, spoken, pressed), names and street addresses are replaced, the
same by the same. That finds what has a form; a name in small letters has none. So read it before you confirm, and
name what is left with --replace. A call of somebody who opted out of storage is refused.

Examples:
  hangup-guard fixtures import --call call_4f2a
  hangup-guard fixtures import --call call_4f2a --expect none --name person-cut-off-reading
  hangup-guard fixtures import --call call_4f2a --replace "Bluebird Bakery=Corner Bakery" --dry-run
  hangup-guard fixtures import --jsonl calls.jsonl --id row-17 --confirmed
`,
    )
    .action(async (flags: ImportFlags, command: Command) => {
      checkFlags(flags, person);
      if (flags.call !== undefined) {
        const source = await readCall(flags.call, flags.dataDir);
        await confirmFixture(source, flags, person, command);
        return;
      }
      for (const source of await readRows(flags.jsonl ?? '', flags)) {
        await confirmFixture(source, flags, person, command);
      }
    });
}

function checkFlags(flags: ImportFlags, person: Terminal): void {
  if (flags.call === undefined && flags.jsonl === undefined) {
    throw new CliError('nothing to import', 'name a recorded call with --call, or a file with --jsonl', EXIT.usage);
  }
  if (flags.id !== undefined && flags.jsonl === undefined) {
    throw new CliError('--id chooses a row of --jsonl', 'add --jsonl FILE', EXIT.usage);
  }
  if (flags.name !== undefined) {
    checkName(flags.name);
    if (flags.jsonl !== undefined && flags.id === undefined && flags.limit > 1) {
      throw new CliError('--name can name one fixture only', 'choose a row with --id', EXIT.usage);
    }
  }
  if (flags.json === true && person.isTty && flags.dryRun !== true && flags.confirmed !== true) {
    throw new CliError('--json asks nothing', 'add --dry-run to look, then --confirmed to write', EXIT.usage);
  }
}

function rows(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    throw new InvalidArgumentError(`Use a whole number from 1 to ${MOST_ROWS}.`);
  }
  return limit;
}

function replacement(text: string, before: ImportFlags['replace']): ImportFlags['replace'] {
  const at = text.indexOf('=');
  const from = text.slice(0, at).trim();
  if (at < 1 || from === '') throw new InvalidArgumentError('Use "Old words=New words".');
  if (before.length >= MOST_REPLACEMENTS) throw new InvalidArgumentError(`At most ${MOST_REPLACEMENTS}.`);
  return [...before, { from, to: text.slice(at + 1).trim() }];
}
