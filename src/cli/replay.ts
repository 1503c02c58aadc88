import { Command } from 'commander';
import pc from 'picocolors';
import { findConfigFile, loadConfig } from '../config.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { loadPrompts } from '../prompts.ts';
import type { Log } from '../records/log.ts';
import { printable, printableJson } from '../records/printable.ts';
import type { CallRecord } from '../records/record.ts';
import { RecordsError } from '../records/records-error.ts';
import { loadWeights } from '../weights-file.ts';
import { RunError } from '../workshop/eval/run-error.ts';
import { loadRun } from '../workshop/eval/run-store.ts';
import { type DamagedRecord, type ReplayedCall, replayMany } from '../workshop/replay/replay-many.ts';
import type { ReplayParts } from '../workshop/replay/replay-policies.ts';
import { replaySummary, replayText } from '../workshop/replay/replay-text.ts';
import { runParts } from '../workshop/replay/run-parts.ts';
import { CliError, EXIT } from './errors.ts';
import { count } from './flag-values.ts';
import { startProgress } from './progress.ts';
import { readingRecords, recordsCliError } from './reading-records.ts';

export interface ReplayDeps {
  readonly stdout?: { write(text: string): unknown };
  readonly setExitCode?: (code: number) => void;
}

interface ReplayFlags {
  readonly dataDir: string;
  readonly run?: string;
  readonly dir: string;
  readonly config?: string;
  readonly weights?: string;
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  hangup-guard replay                                     the newest recorded calls
  hangup-guard replay call_4f2a call_77b0 --data-dir ./data
  hangup-guard replay --run last                          every call of an eval run
  hangup-guard replay --weights weights.json --json | jq .differs

What a call was recorded under is compared first: where weights, configuration, prompts or code are others, a
difference is no fault. Exit code: 0 all the same, also where nothing could be replayed; 1 a call came out
differently or is damaged, or the records cannot be read; 2 wrong usage.
`;

/** The command `replay`: feeds recorded events to the core once more. */
export function replayCommand(deps: ReplayDeps = {}): Command {
  return new Command('replay')
    .description('replay recorded calls: the same events must lead to the same verdict')
    .argument('[call-id...]', 'calls of the data directory, or of --run; default: the newest that have events')
    .option('--data-dir <dir>', 'where calls are recorded', './data')
    .option('--run <run>', 'calls of an eval run instead: its id or the beginning of it, last, or its directory')
    .option('--dir <dir>', 'where eval runs are kept', './evals')
    .option('--config <file>', 'guard.yaml (default: that of the working directory; of a run, its own)')
    .option('--weights <file>', 'weights file in place of the configured one')
    .option('--limit <n>', 'at most this many calls', count, 1_000)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (callIds: string[], flags: ReplayFlags) => {
      const setExitCode = deps.setExitCode ?? ((code: number) => (process.exitCode = code));
      try {
        setExitCode(
          await (flags.run === undefined ? fromStore(deps, callIds, flags) : fromRun(deps, callIds, flags, flags.run)),
        );
      } catch (error) {
        if (error instanceof RunError) throw new CliError(error.message, error.hint, EXIT.usage);
        if (error instanceof RecordsError) throw recordsCliError(error);
        throw error;
      }
    });
}

async function fromStore(deps: ReplayDeps, callIds: readonly string[], flags: ReplayFlags): Promise<number> {
  const file = flags.config ?? findConfigFile();
  const config = loadConfig(file, { knownSignals: SIGNAL_NAMES });
  const parts: ReplayParts = {
    config,
    weights: loadWeights(flags.weights ?? config.weights_file),
    prompts: loadPrompts(config.prompts_dir),
  };
  return readingRecords(flags.dataDir, quiet, async (log) => {
    const newest = callIds.length > 0 ? null : await log.replayable(flags.limit);
    const ids = newest?.callIds ?? [...new Set(callIds)];
    return await show(
      deps,
      flags,
      ids.length,
      newest?.without ?? 0,
      replayMany(recordsOf(log, ids, newest === null), parts),
    );
  });
}

async function* recordsOf(
  log: Log,
  ids: readonly string[],
  named: boolean,
): AsyncGenerator<CallRecord | DamagedRecord> {
  for (const id of ids) {
    const record = await getOrDamaged(log, id);
    if (record !== null) yield record;
    // One that was there a moment ago has been erased.
    else if (named) throw unknownCall(id);
  }
}

async function getOrDamaged(log: Log, id: string): Promise<CallRecord | DamagedRecord | null> {
  try {
    return await log.get(id);
  } catch (error) {
    // The columns of a call are JSON that was written here.
    if (error instanceof SyntaxError) return { callId: id, damaged: true };
    throw error;
  }
}

async function fromRun(
  deps: ReplayDeps,
  callIds: readonly string[],
  flags: ReplayFlags,
  name: string,
): Promise<number> {
  const { run, calls } = await loadRun(flags.dir, name);
  const config = flags.config === undefined ? undefined : loadConfig(flags.config, { knownSignals: SIGNAL_NAMES });
  const partsOf = runParts(run, {
    ...(config === undefined ? {} : { config }),
    ...(flags.weights === undefined ? {} : { weightsFile: flags.weights }),
  });
  const wanted = new Set(callIds);
  const chosen = calls
    .filter(({ key, record }) => wanted.size === 0 || wanted.has(key) || wanted.has(record?.callId ?? ''))
    .slice(0, flags.limit);
  const [missing] = callIds.filter((id) => !chosen.some(({ key, record }) => key === id || record?.callId === id));
  if (missing !== undefined) throw unknownCall(missing);
  async function* replayed(): AsyncGenerator<ReplayedCall> {
    for (const { key, variant, record } of chosen) {
      const parts = partsOf(variant);
      if (record === null) continue;
      if (parts === null) yield { callId: key, result: 'no-agent', differences: [], otherVersions: [] };
      else for await (const call of replayMany(one(record), parts)) yield { ...call, callId: key };
    }
  }
  return show(deps, flags, chosen.length, 0, replayed());
}

async function* one(record: CallRecord): AsyncGenerator<CallRecord> {
  yield record;
}

const unknownCall = (id: string): CliError =>
  new CliError(`call ${printable(id, 100)} is not recorded here`, '"hangup-guard log list" shows what is', EXIT.usage);

async function show(
  deps: ReplayDeps,
  flags: ReplayFlags,
  total: number,
  without: number,
  replayed: AsyncIterable<ReplayedCall>,
): Promise<number> {
  const stdout = deps.stdout ?? process.stdout;
  const progress = startProgress('replaying', total, flags.json === true);
  const calls: ReplayedCall[] = [];
  try {
    for await (const call of replayed) {
      calls.push(call);
      progress.step();
    }
  } finally {
    progress.stop();
  }
  const summary = replaySummary(calls, without);
  stdout.write(flags.json === true ? `${printableJson({ ...summary, calls }, 2)}\n` : replayText(summary, calls, pc));
  return summary.differs > 0 || summary.notReplayed.damaged > 0 ? EXIT.finding : EXIT.ok;
}

const quiet = { info() {}, warn() {}, error() {} };
