import { Command } from 'commander';
import { type EvalDeps, explaining } from './eval-deps.ts';
import { addEvalFlags, type EvalFlags } from './eval-flags.ts';
import {
  type DiffFlags,
  diffKept,
  type KeptFlags,
  listKept,
  type ReportFlags,
  reportKept,
  showKept,
} from './eval-kept.ts';
import { runAndReport } from './eval-run.ts';
import { watchAndReport } from './eval-watch.ts';

const EXAMPLES = `
Examples:
  hangup-guard eval                                          every fixture, against a guard in this process
  hangup-guard eval --weights mine.json                      what other weights would do
  hangup-guard eval --prompts prompts,prompts-b --record     two sets of prompts, answered by the configured model
  hangup-guard eval --repeats 5 --asr-noise --kind person    what is flaky
  hangup-guard eval --data ../data --sets robocalls,callers
  hangup-guard eval --prompts prompts --watch                play again what an edit touches, until Ctrl-C
  hangup-guard eval diff last~1 last                         who came out otherwise, and why

Models answer from recordings in <dir>/answers; --record asks for what is missing. HTTP tools are never called.
Ctrl-C stops after the calls under way; the same command goes on. RUN is an id, its beginning, last, last~1 or a path.
Exit code: 0 every gate passed, 1 a gate failed, 2 wrong usage, 130 stopped.
`;

/** The command `eval`: plays calls, judges them, keeps the run; and shows and compares kept runs. */
export function evalCommand(deps: EvalDeps): Command {
  const command = new Command('eval').description('play fixtures, judge every call, keep the run, compare runs');
  const run = addEvalFlags(command.command('run', { isDefault: true }))
    .description('play and judge (the default)')
    .argument('[paths...]', 'fixture files or directories (default: ./fixtures, else those of the package)')
    .action((paths: string[], flags: EvalFlags) =>
      explaining(async () => {
        if (flags.watch === true) await watchAndReport(deps, paths, flags);
        else await runAndReport(deps, paths, flags);
      }),
    );
  kept(command, 'list', 'the runs that are kept')
    .option('--json', 'print JSON')
    .action((flags: KeptFlags) => explaining(async () => listKept(deps, flags)));
  kept(command, 'show', 'what came of a run')
    .argument('<run>')
    .option('--json', 'print JSON')
    .action((name: string, flags: KeptFlags) => explaining(() => showKept(deps, name, flags)));
  kept(command, 'report', 'write a run, or the difference of two, as a file')
    .argument('<run>')
    .option('--against <run>', 'what it is compared with')
    .option('--html <file>', 'a page for a browser')
    .option('--md <file>', 'Markdown, for a pull request')
    .option('--json <file>', 'everything as JSON')
    .action((name: string, flags: ReportFlags) => explaining(() => reportKept(deps, name, flags)));
  kept(command, 'diff', 'what differs between two runs: flips first, with their cause')
    .argument('<a>', 'the earlier run')
    .argument('<b>', 'the later run')
    .option('--fail-on-flip', 'exit 1 when a call came out otherwise')
    .option('--json', 'print JSON')
    .option('--md <file>', 'write Markdown, for a pull request')
    .action((a: string, b: string, flags: DiffFlags) => explaining(() => diffKept(deps, a, b, flags)));
  return command.addHelpText('after', () => `\nOptions of a run:\n${optionsOf(run)}\n${EXAMPLES}`);
}

function kept(command: Command, name: string, description: string): Command {
  return command.command(name).description(description).option('--dir <dir>', 'where runs are kept', './evals');
}

/** The flags of the default command: who asks for help with `eval` wants these. */
function optionsOf(run: Command): string {
  const help = run.createHelp();
  const options = help.visibleOptions(run).filter(({ long }) => long !== '--help');
  const width = Math.max(...options.map((option) => help.optionTerm(option).length));
  return options
    .map((option) => `  ${help.optionTerm(option).padEnd(width)}  ${help.optionDescription(option)}`)
    .join('\n');
}
