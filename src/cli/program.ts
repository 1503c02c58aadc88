import { Command, CommanderError } from 'commander';
import { packageVersion } from '../version.ts';
import { EXIT, explainError } from './errors.ts';

/** A command of the program. `hidden` ones work but are not listed in the help. */
export interface CliCommand {
  readonly make: () => Command;
  readonly hidden?: boolean;
}

export interface CliOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const EXAMPLES = `
Examples:
  hangup-guard demo                                  see the guard at work, without any key
  hangup-guard init                                  write a commented guard.yaml
  hangup-guard doctor                                what is missing, and what happens when a part is down
  hangup-guard serve --config guard.yaml             guard the calls of a voice platform
  hangup-guard eval                                  play every fixture and judge it; eval diff compares two runs
  hangup-guard try                                   be the caller in the terminal
  hangup-guard replay --run last                     the recorded events lead to the same verdicts
  hangup-guard rescore --preset eager                recorded calls under other thresholds
  hangup-guard fixtures list                         which calls there are to play
  hangup-guard play fixtures --url ws://host/path    act as the voice platform against a server
  hangup-guard eval                                  every fixture played and judged, kept, compared with earlier
  hangup-guard prompts show --agent default          exactly what the model gets, with tokens
  hangup-guard log list                              the last calls and what became of them

Exit codes: 0 fine, 1 the run failed or found something, 2 wrong usage or configuration.
`;

/** The program with its commands. Errors and help go to `output`; nothing exits the process. */
export function buildProgram(commands: readonly CliCommand[], output: CliOutput): Command {
  const program = new Command('hangup-guard')
    .description('Hangs up on recordings, robocalls and machines, and leaves customers alone.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('hint: --help shows how it is used')
    .exitOverride()
    .configureOutput({
      writeOut: output.out,
      writeErr: output.err,
      outputError: (text, write) => write(text.replace(/\n\(Did you mean (.+?)\?\)/, '\nhint: did you mean $1?')),
    });
  for (const { make, hidden } of commands) program.addCommand(inherit(make(), program), { hidden: hidden ?? false });
  return program;
}

/** Commands made elsewhere take over how the program ends and prints. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(child, command);
  return command;
}

/** Runs a command line (without `node` and the script) and returns the exit code; never throws. */
export async function runCli(
  commands: readonly CliCommand[],
  argv: readonly string[],
  output: CliOutput,
): Promise<number> {
  try {
    await buildProgram(commands, output).parseAsync(argv, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    // Commander has printed its own message already; it ends --help and --version this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { text, exitCode } = explainError(error);
    output.err(text);
    return exitCode;
  }
}
