import { type Command, InvalidArgumentError, Option } from 'commander';
import { findConfigFile } from '../config.ts';
import { PRESETS, type Preset } from '../guard/policy.ts';
import type { EvalPlan } from '../workshop/eval/run.ts';
import { CliError, EXIT } from './errors.ts';

/** The flags of `eval`, as they were given. */
export interface EvalFlags {
  readonly config?: string;
  readonly weights?: string;
  readonly preset?: Preset;
  readonly agents?: string[];
  readonly prompts?: string[];
  readonly responders?: string[];
  readonly repeats: number;
  readonly seed: string;
  readonly asrNoise?: boolean;
  readonly name?: string[];
  readonly tag?: string[];
  readonly kind?: string[];
  readonly language?: string[];
  readonly direction?: string[];
  readonly category?: string[];
  readonly data?: string;
  readonly sets?: string[];
  readonly exclude?: string[];
  readonly limit?: number;
  readonly asRecordings?: boolean;
  readonly concurrency: number;
  readonly record?: boolean;
  /** False with `--no-cache`. */
  readonly cache: boolean;
  readonly gates?: string;
  readonly dir: string;
  readonly keep: number;
  readonly fresh?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly report?: string;
}

const MOST_REPEATS = 1_000;
const MOST_CONCURRENT = 200;

export function addEvalFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration (default: guard.yaml where there is one)')
    .option('--weights <file>', 'weights in place of the configured ones')
    .addOption(new Option('--preset <preset>', 'in place of the configured one').choices(Object.keys(PRESETS)))
    .option('--agents <names>', 'play every call for each of these agents of the configuration', list)
    .option('--prompts <dirs>', 'play every call with each of these directories of prompts', list)
    .option('--responders <names>', 'let each of these responders of the configuration answer', list)
    .option('--repeats <n>', 'play every call so many times, each with a seed of its own', upTo(MOST_REPEATS), 1)
    .option('--seed <seed>', 'the same seed gives the same calls', '1')
    .option('--asr-noise', 'the ASR mishears 5-15% of the words')
    .option('--name <patterns>', 'only calls whose name holds one of these; * stands for anything', list)
    .option('--tag <tags>', 'only calls with one of these tags', list)
    .option('--kind <kinds>', 'only recording, person or silent', list)
    .option('--language <tags>', 'only callers who speak one of these', list)
    .option('--direction <directions>', 'only inbound, outbound or web', list)
    .option('--category <categories>', 'only calls that are expected to be one of these', list)
    .option('--data <dir>', 'directory of JSONL data sets, in place of fixtures where no path is given')
    .option('--sets <names>', 'only these files of --data, by the start of their names', list)
    .option('--exclude <names>', 'not these files of --data', list)
    .option('--limit <n>', 'rows a file, drawn by the seed', upTo(Number.MAX_SAFE_INTEGER))
    .option('--as-recordings', 'play the callers of dialogues as recordings of a conversation')
    .option('--concurrency <n>', 'calls at a time; changes nothing but how long it takes', upTo(MOST_CONCURRENT), 8)
    .option('--record', 'ask models for the answers that are not recorded, and keep them')
    .option('--no-cache', 'ask models for every answer, and keep none')
    .option('--gates <file>', 'what the run must keep to (default: eval-gates.yaml here, else that of the package)')
    .option('--dir <dir>', 'where runs and answers of models are kept', './evals')
    .option('--keep <n>', 'runs that are kept; older ones are deleted', upTo(100_000), 50)
    .option('--fresh', 'do not go on with an interrupted run')
    .option('--watch', 'go on: play again what an edit of fixtures, prompts, weights or configuration touches')
    .option('--json', 'print JSON')
    .option('--report <file>', 'the report as HTML (default: report.html beside the run)');
}

/** What the flags ask for, with the fixtures that stand where no path is given. */
export function planOf(paths: readonly string[], flags: EvalFlags, defaultFixtures: string): EvalPlan {
  if (flags.data === undefined && (flags.sets ?? flags.exclude ?? flags.limit) !== undefined) {
    throw new CliError('--sets, --exclude and --limit choose among the files of --data', 'add --data DIR', EXIT.usage);
  }
  if (flags.record === true && !flags.cache) {
    throw new CliError('--record keeps answers, --no-cache keeps none', 'give one of the two', EXIT.usage);
  }
  if (flags.watch === true && flags.json === true) {
    throw new CliError('--watch is for people, --json for programs', 'give one of the two', EXIT.usage);
  }
  return {
    fixtures: paths.length > 0 || flags.data !== undefined ? paths : [defaultFixtures],
    data: flags.data ?? null,
    sets: flags.sets ?? [],
    exclude: flags.exclude ?? [],
    limit: flags.limit ?? null,
    only: {
      names: flags.name ?? [],
      tags: flags.tag ?? [],
      kinds: flags.kind ?? [],
      languages: flags.language ?? [],
      directions: flags.direction ?? [],
      categories: flags.category ?? [],
    },
    agents: flags.agents ?? [],
    prompts: flags.prompts ?? [],
    responders: flags.responders ?? [],
    repeats: flags.repeats,
    seed: flags.seed,
    asrNoise: flags.asrNoise === true,
    asRecordings: flags.asRecordings === true,
    // Named even where it was only found: what the run was played under must be found again from elsewhere.
    config: flags.config ?? findConfigFile() ?? null,
    weights: flags.weights ?? null,
  };
}

/** A command line that asks for the same plan. */
export function commandOf(plan: EvalPlan, more: readonly string[]): string {
  const words: string[] = ['hangup-guard', 'eval', ...plan.fixtures];
  const flag = (name: string, value: string | number | null | readonly string[] | boolean): void => {
    if (value === null || value === false || (Array.isArray(value) && value.length === 0)) return;
    words.push(`--${name}`, ...(value === true ? [] : [[value].flat().join(',')]));
  };
  flag('config', plan.config);
  flag('weights', plan.weights);
  flag('agents', plan.agents);
  flag('prompts', plan.prompts);
  flag('responders', plan.responders);
  flag('repeats', plan.repeats === 1 ? null : plan.repeats);
  flag('seed', plan.seed === '1' ? null : plan.seed);
  flag('asr-noise', plan.asrNoise);
  flag('name', plan.only.names);
  flag('tag', plan.only.tags);
  flag('kind', plan.only.kinds);
  flag('language', plan.only.languages);
  flag('direction', plan.only.directions);
  flag('category', plan.only.categories);
  flag('data', plan.data);
  flag('sets', plan.sets);
  flag('exclude', plan.exclude);
  flag('limit', plan.limit);
  flag('as-recordings', plan.asRecordings);
  return [...words, ...more].map(quoted).join(' ');
}

/** For a POSIX shell. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function list(value: string): string[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('Names are needed, with commas between them.');
  return names;
}

function upTo(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < 1 || number > most) {
      const bound = most === Number.MAX_SAFE_INTEGER ? 'above 0' : `from 1 to ${most}`;
      throw new InvalidArgumentError(`A whole number ${bound} is needed.`);
    }
    return number;
  };
}
