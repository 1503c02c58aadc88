import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { findConfigFile, loadConfig } from '../config.ts';
import { PRESETS, type Preset } from '../guard/policy.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { printableJson } from '../records/printable.ts';
import { RecordsError } from '../records/records-error.ts';
import { loadWeights } from '../weights-file.ts';
import { RunError } from '../workshop/eval/run-error.ts';
import { loadRun } from '../workshop/eval/run-store.ts';
import { rescoreMany, rowOfRecord, type Tally } from '../workshop/rescore/rescore-many.ts';
import { rescoreText, shownMoved } from '../workshop/rescore/rescore-text.ts';
import { pagesOf } from '../workshop/rescore/store-pages.ts';
import { type Otherwise, targetsFor } from '../workshop/rescore/targets.ts';
import { CliError, EXIT } from './errors.ts';
import { count, since } from './flag-values.ts';
import { startProgress } from './progress.ts';
import { readingRecords, recordsCliError } from './reading-records.ts';

export interface RescoreDeps {
  readonly stdout?: { write(text: string): unknown };
}

interface RescoreFlags {
  readonly dataDir: string;
  readonly run?: string;
  readonly dir: string;
  readonly weights?: string;
  readonly preset?: Preset;
  readonly lostCustomerCosts?: number;
  readonly prior?: number;
  readonly config?: string;
  readonly since?: number;
  readonly limit?: number;
  readonly numbers?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  hangup-guard rescore --preset eager                     who would have been hung up on with another preset
  hangup-guard rescore --lost-customer-costs 200 --since 30d
  hangup-guard rescore --weights weights.json --json | jq .counts
  hangup-guard rescore --config new.yaml --run last       prior, price, weights and actions of a configuration

Whatever is not named stays as each call was recorded, but the weights: without --weights they are those of the
configuration in use. "unknown": a question would have come elsewhere, and nobody knows what the caller would have
answered. Exit code: 0 done, whatever came of it; 1 the records are damaged; 2 wrong usage.
`;

/** The command `rescore`: judges recorded calls under other numbers, without playing them. */
export function rescoreCommand(deps: RescoreDeps = {}): Command {
  return new Command('rescore')
    .description('try other weights or thresholds on recorded calls: who would be hung up on, who spared')
    .option('--data-dir <dir>', 'where calls are recorded', './data')
    .option('--run <run>', 'calls of an eval run instead: its id or the beginning of it, last, or its directory')
    .option('--dir <dir>', 'where eval runs are kept', './evals')
    .option('--weights <file>', 'weights file')
    .addOption(
      new Option('--preset <preset>', 'price of a lost customer by name')
        .choices(Object.keys(PRESETS))
        .conflicts('lostCustomerCosts'),
    )
    .option('--lost-customer-costs <n>', 'one lost customer costs as much as so many wasted calls', above0)
    .option('--prior <p>', 'share of bad calls, between 0 and 1', share)
    .option('--config <file>', 'all of these as a guard.yaml has them, and what is done about each category')
    .option('--since <time>', 'only calls since then: 30m, 24h, 7d, or a date such as 2026-01-31', since)
    .option('--limit <n>', 'at most so many calls, the newest', count)
    .option('--numbers', "callers' numbers in full")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: RescoreFlags) => {
      const otherwise = otherwiseOf(flags);
      try {
        const tally =
          flags.run === undefined ? await ofStore(flags, otherwise) : await ofRun(flags, flags.run, otherwise);
        print(deps, flags, tally);
      } catch (error) {
        if (error instanceof RunError) throw new CliError(error.message, error.hint, EXIT.usage);
        if (error instanceof RecordsError) throw recordsCliError(error);
        throw error;
      }
    });
}

function otherwiseOf(flags: RescoreFlags): Otherwise {
  const { weights, preset, lostCustomerCosts, prior, config: file } = flags;
  if ([weights, preset, lostCustomerCosts, prior, file].every((one) => one === undefined)) {
    throw new CliError('say what is to be otherwise', 'such as --preset eager, or --weights weights.json', EXIT.usage);
  }
  // Weights are not in a record: where none are named they are those in use.
  const config = loadConfig(file ?? findConfigFile(), { knownSignals: SIGNAL_NAMES });
  const costs = preset === undefined ? lostCustomerCosts : PRESETS[preset];
  return {
    weights: loadWeights(weights ?? config.weights_file).weights,
    ...(costs === undefined ? {} : { lostCustomerCosts: costs }),
    ...(prior === undefined ? {} : { prior }),
    ...(file === undefined ? {} : { config }),
  };
}

function ofStore(flags: RescoreFlags, otherwise: Otherwise): Promise<Tally> {
  return readingRecords(flags.dataDir, quiet, async (log) => {
    const { since: from, limit } = flags;
    const total = Math.min(await log.countTrails(from), limit ?? Number.POSITIVE_INFINITY);
    const progress = startProgress('rescoring', total, flags.json === true);
    const range = { ...(from === undefined ? {} : { since: from }), ...(limit === undefined ? {} : { limit }) };
    try {
      return await rescoreMany(pagesOf(log, range), targetsFor(otherwise), (count) => progress.step(count));
    } finally {
      progress.stop();
    }
  });
}

async function ofRun(flags: RescoreFlags, name: string, otherwise: Otherwise): Promise<Tally> {
  const { calls } = await loadRun(flags.dir, name);
  const rows = calls.flatMap(({ key, record }) => (record === null ? [] : { ...rowOfRecord(record), call_id: key }));
  const chosen = rows.filter(({ started_at }) => started_at >= (flags.since ?? 0)).slice(0, flags.limit);
  async function* page() {
    yield chosen;
  }
  return rescoreMany(page(), targetsFor(otherwise));
}

function print(deps: RescoreDeps, flags: RescoreFlags, tally: Tally): void {
  const stdout = deps.stdout ?? process.stdout;
  const numbers = flags.numbers === true;
  if (flags.json !== true) {
    stdout.write(rescoreText(tally, { numbers, styles: pc }));
    return;
  }
  const { moved, ...counted } = tally;
  stdout.write(`${printableJson({ ...counted, moved: shownMoved(moved, numbers) }, 2)}\n`);
}

const quiet = { info() {}, warn() {}, error() {} };

function above0(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 1e9)) throw new InvalidArgumentError('A number above 0 is needed.');
  return number;
}

function share(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < 1)) throw new InvalidArgumentError('A number between 0 and 1 is needed, such as 0.1.');
  return number;
}
