import { Command, Option } from 'commander';
import pc from 'picocolors';
import { suggest } from '../config/suggest.ts';
import { type Config, ConfigError, findConfigFile, formatProblem, loadConfig } from '../config.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { agentView } from '../prompts/agent-view.ts';
import { pasteText, viewText } from '../prompts/agent-view-text.ts';
import { budgetWarnings, promptTokens } from '../prompts/budget.ts';
import { retellPaste } from '../prompts/retell-paste.ts';
import { loadPrompts } from '../prompts.ts';
import { CliError, EXIT } from './errors.ts';

const SHOWN = ['system', 'guard', 'classifier'] as const;

interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

interface ShowOptions extends CommonOptions {
  readonly agent: string;
  readonly prompt?: (typeof SHOWN)[number];
  readonly for?: 'retell-llm';
}

/** `hangup-guard prompts list | check | show`. Exit code 1 when `check` finds a problem, 2 for wrong usage. */
export function promptsCommand(): Command {
  const prompts = new Command('prompts').description('show and check what models are told');
  common(prompts.command('list').description('list the prompts in use: those of the package, and your own over them'))
    .option('--json', 'JSON instead of text')
    .addHelpText('after', examples(['prompts list', 'prompts list --json | jq ".[].hash"']))
    .action((options: CommonOptions, command: Command) => list(options, command));
  common(prompts.command('check').description('check variables, sections and budgets; exit code 1 when one is wrong'))
    .addHelpText('after', examples(['prompts check', 'prompts check --config guard.yaml']))
    .action((options: CommonOptions, command: Command) => check(options, command));
  common(prompts.command('show').description('print exactly what the model of an agent gets'))
    .option('-a, --agent <name>', 'agent of the configuration', 'default')
    .addOption(new Option('--prompt <prompt>', 'only the text of this one').choices(SHOWN))
    .addOption(
      new Option('--for <platform>', "texts to paste into an agent on the platform's own model")
        .choices(['retell-llm'])
        .conflicts('prompt'),
    )
    .option('--json', 'JSON instead of text')
    .addHelpText(
      'after',
      examples([
        'prompts show --agent dental                      system prompt, tools, a quoted caller, tokens',
        'prompts show --agent dental --prompt system > system.txt',
        'prompts show --agent dental --json | jq .tokens',
        'prompts show --agent dental --for retell-llm     to paste; --json is the body for its API',
      ]),
    )
    .action((options: ShowOptions, command: Command) => show(options, command));
  return prompts.addHelpText(
    'after',
    examples(['prompts list', 'prompts check', 'prompts show --agent dental', 'prompts show --for retell-llm']),
  );
}

function common(command: Command): Command {
  return command.option('-c, --config <file>', 'configuration (default: guard.yaml where there is one)');
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  hangup-guard ${line}`).join('\n')}\n`;
}

function configOf({ config }: CommonOptions): Config {
  return loadConfig(config ?? findConfigFile(), { knownSignals: SIGNAL_NAMES });
}

function print(command: Command, text: string): void {
  command.configureOutput().writeOut?.(text.endsWith('\n') ? text : `${text}\n`);
}

const asJson = (value: unknown) => JSON.stringify(value, null, 2);

async function list(options: CommonOptions, command: Command): Promise<void> {
  const prompts = loadPrompts(configOf(options).prompts_dir);
  const counts = await promptTokens(prompts);
  const rows = prompts.files.map((file) => {
    const count = Object.hasOwn(counts, file.id) ? counts[file.id as keyof typeof counts] : null;
    return { ...file, tokens: count?.tokens ?? null, exact: count?.exact ?? null };
  });
  if (options.json) return print(command, asJson(rows));
  const head = ['name', 'version', 'hash', 'tokens', 'from', 'file', 'purpose'];
  const cells = rows.map((row) => [
    row.name,
    row.version,
    row.hash,
    // Texts that the agent speaks go to no model.
    row.tokens === null ? '–' : `${row.exact ? '' : '~'}${row.tokens}`,
    row.from,
    row.file,
    row.purpose,
  ]);
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const styled = process.stdout.isTTY === true;
  print(command, [styled ? pc.bold(line(head)) : line(head), ...cells.map(line)].join('\n'));
}

async function check(options: CommonOptions, command: Command): Promise<void> {
  const config = configOf(options);
  try {
    const prompts = loadPrompts(config.prompts_dir);
    const warnings = [...prompts.warnings, ...(await budgetWarnings(prompts))];
    for (const name of Object.keys(config.agents)) await agentView(config, name, prompts);
    for (const warning of warnings) print(command, `warning: ${formatProblem(warning)}`);
    const agents = Object.keys(config.agents).length;
    print(command, `${prompts.files.length} prompts and ${agents} ${agents === 1 ? 'agent' : 'agents'}: no problem`);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, 'mend the lines above; docs/prompts.md helps');
    throw error;
  }
}

async function show(options: ShowOptions, command: Command): Promise<void> {
  const config = configOf(options);
  const names = Object.keys(config.agents);
  if (!names.includes(options.agent)) {
    const hint = suggest(options.agent, names) ?? `agents are: ${names.join(', ')}`;
    throw new CliError(`there is no agent "${options.agent}"`, hint, EXIT.usage);
  }
  const prompts = loadPrompts(config.prompts_dir);
  if (options.for === 'retell-llm') {
    const paste = retellPaste(prompts, config.agents[options.agent]?.scope ?? '');
    return print(command, options.json ? asJson(paste) : pasteText(paste));
  }
  const view = await agentView(config, options.agent, prompts);
  if (options.prompt !== undefined) {
    const text = view[options.prompt];
    return print(command, options.json ? asJson({ prompt: options.prompt, text }) : text);
  }
  print(command, options.json ? asJson(view) : viewText(view, process.stdout.isTTY === true));
}
