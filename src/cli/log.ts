import Table from 'cli-table3';
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { CATEGORIES, type Category, DECISIONS, type Decision, OUTCOMES, type Outcome } from '../guard/types.ts';
import { type CallFilter, MAX_LISTED } from '../records/call-access.ts';
import { numberKey } from '../records/call-key.ts';
import { type Log, logRow, shownRecord } from '../records/log.ts';
import { printable, printableJson } from '../records/printable.ts';
import type { CallRecord } from '../records/record.ts';
import { RecordsError } from '../records/records-error.ts';
import type { RecordsLogger } from '../records/records-logger.ts';
import { timeline } from '../records/timeline.ts';
import { since } from './flag-values.ts';
import { readingRecords } from './reading-records.ts';

interface CommonOptions {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly numbers?: boolean;
}

interface ListOptions extends CommonOptions {
  readonly agent?: string;
  readonly outcome?: Outcome;
  readonly decision?: Decision;
  readonly category?: Category;
  readonly since?: number;
  readonly number?: string;
  readonly limit: number;
}

/** `hangup-guard log [list | show <call-id>]`. Exit code 1 when something is not there, 2 for wrong usage. */
export function logCommand(): Command {
  const log = new Command('log').description('show recorded calls: who was hung up on, when and why');
  log.exitOverride(exitWithUsage);
  common(log.command('list', { isDefault: true }).description('list calls, newest first (the default)'))
    .option('--agent <name>', 'only calls of this agent')
    .addOption(new Option('--outcome <outcome>', 'only calls that ended so').choices(OUTCOMES))
    .addOption(new Option('--decision <decision>', 'only calls with this decision').choices(DECISIONS))
    .addOption(new Option('--category <category>', 'only calls of this category').choices(CATEGORIES))
    .option('--since <time>', 'only calls since then: 30m, 24h, 7d, or a date such as 2026-01-31', since)
    .option('--number <number>', 'only calls of this caller, such as +12135550143', parseNumber)
    .option('--limit <n>', `at most this many calls, up to ${MAX_LISTED}`, parseLimit, 50)
    .addHelpText(
      'after',
      examples([
        'log --since 24h --outcome hung_up',
        'log --decision would_hang_up --agent dental',
        'log --json | jq .reason',
      ]),
    )
    .action((options: ListOptions) => reading(options, (open) => listCalls(open, options)));
  common(log.command('show').description('show one call as a timeline').argument('<call-id>', 'as in the list'))
    .addHelpText('after', examples(['log show call_4f2a', 'log show call_4f2a --json --numbers']))
    .action((callId: string, options: CommonOptions) => reading(options, (open) => showCall(open, callId, options)));
  return log.addHelpText('after', examples(['log', 'log list --help', 'log show call_4f2a']));
}

function common(command: Command): Command {
  return command
    .option('--data-dir <dir>', 'where calls are recorded', './data')
    .option('--json', 'JSON instead of text: a line per call in the list, one object for a single call')
    .option('--numbers', "callers' numbers in full, and in JSON the event log");
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  hangup-guard ${line}`).join('\n')}\n`;
}

function exitWithUsage(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? 0 : 2);
}

async function reading(options: CommonOptions, read: (log: Log) => Promise<void>): Promise<void> {
  try {
    await readingRecords(options.dataDir, stderrLogger, read);
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    fail(error.message);
  }
}

async function listCalls(log: Log, options: ListOptions): Promise<void> {
  const { dataDir: _dir, json, numbers, ...filter } = options;
  const records = await log.list(filter satisfies CallFilter);
  if (json) {
    for (const record of records) print(printableJson(shownRecord(record, numbers ?? false)));
  } else if (records.length === 0) {
    print('No calls match.');
  } else {
    print(tableOf(records, numbers ?? false));
    if (records.length === options.limit) print(pc.dim(`The newest ${options.limit}; --limit shows more.`));
  }
}

async function showCall(log: Log, callId: string, { json, numbers = false }: CommonOptions): Promise<void> {
  const record = await log.get(callId);
  if (record === null) {
    const name = printable(callId, 100);
    const why = (await log.isOpen(callId))
      ? 'has no record yet: it is still running, or its process died before a decision'
      : 'is not recorded here';
    fail(`call ${name} ${why}. "hangup-guard log list" shows what is; --data-dir names another directory.`);
    return;
  }
  if (json) print(printableJson(shownRecord(record, numbers), 2));
  else process.stdout.write(timeline(record, { numbers, styles: pc }));
}

function tableOf(records: readonly CallRecord[], numbers: boolean): string {
  const head = ['call', 'when', 'agent', 'caller', 'outcome', 'decision', 'category', 'points', 'length', 'saved'];
  const table = new Table({
    head: head.map((name) => pc.bold(name)),
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: head.map((_, column) => (column < 7 ? 'left' : 'right')),
  });
  for (const record of records) {
    const row = logRow(record, numbers);
    const outcome = record.outcome === 'hung_up' ? pc.red(row.outcome) : row.outcome;
    const decision = record.decision === 'would_hang_up' ? pc.yellow(row.decision) : row.decision;
    table.push([
      row.callId,
      row.when,
      row.agent,
      row.caller,
      outcome,
      decision,
      row.category,
      row.points,
      row.length,
      row.saved,
    ]);
  }
  return table.toString();
}

function parseNumber(text: string): string {
  const number = numberKey(text);
  if (number === undefined) throw new InvalidArgumentError('Use a number such as +12135550143.');
  return number;
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LISTED) {
    throw new InvalidArgumentError(`Use a whole number from 1 to ${MAX_LISTED}.`);
  }
  return limit;
}

const stderrLogger: RecordsLogger = {
  info() {},
  warn: (_fields, message) => void process.stderr.write(`warning: ${message}\n`),
  error: (_fields, message) => void process.stderr.write(`error: ${message}\n`),
};

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): void {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 1;
}
