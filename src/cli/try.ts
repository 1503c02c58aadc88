import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { e164, language as languageTag } from '../config/fields.ts';
import { lostCustomerCosts } from '../config.ts';
import { PRESETS, thresholds } from '../guard/policy.ts';
import { pointsOf, toPoints } from '../guard/weights.ts';
import { printable } from '../records/printable.ts';
import { loadWeights } from '../weights-file.ts';
import { heldModels } from '../workshop/answers/held-models.ts';
import { ANSWERS_BY } from '../workshop/fake-model/answers-by.ts';
import { FixtureError } from '../workshop/fixture-files.ts';
import type { ProbeTexts } from '../workshop/player/probe-texts.ts';
import type { BeforeCall, Scenario } from '../workshop/player/scenario.ts';
import { type TriedCall, tryCall } from '../workshop/try/try-call.ts';
import { CliError, EXIT, type ExitCode } from './errors.ts';
import { type TryFront, tryFront } from './try-front.ts';
import { pipedLines, terminalLines } from './try-lines.ts';
import { parseBefore, type TryFlags, type TrySetup, trySetup } from './try-setup.ts';
import type { TryStyle } from './try-style.ts';

export interface TryDeps {
  /** What the guard may ask, so that the caller of a fixture can answer. */
  readonly probeTexts: () => ProbeTexts;
  readonly stdin?: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout?: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr?: { write(text: string): unknown };
  readonly setExitCode?: (code: ExitCode) => void;
}

const MOST_BEFORE = 50;

const EXAMPLES = `
Examples:
  hangup-guard try                                            be the caller: type, see what the guard makes of it
  hangup-guard try --from +13035550136 --before hung_up:recorded_message:2
  hangup-guard try --fixture fixtures/robocall-car-warranty.yaml --after 3    take over in the middle
  printf 'hello\\n/gap 2.5 /recording Press one now\\n' | hangup-guard try --json | jq -c '[.callMs, .points]'

/help within it lists what can be typed besides text. Time stands still while you type; whatever the configuration
says, the guard enforces here, and nothing is recorded.
Exit code: 0; 1 with --fail-on-hang-up when a call was hung up on; 2 wrong usage, or a piped line was refused.
`;

/** The command \`try\`: be the caller of a guard in this process. */
export function tryCommand(deps: TryDeps): Command {
  return new Command('try')
    .description('be the caller: type lines, see evidence, points and rung after each')
    .option('--from <number>', "the caller's number (default: one drawn by the seed)", number)
    .addOption(new Option('--direction <direction>', 'who called whom').choices(['inbound', 'outbound', 'web']))
    .option('--agent <name>', 'agent of the configuration that is called')
    .option('-c, --config <file>', 'configuration (default: guard.yaml where there is one)')
    .option('--weights <file>', 'points of evidence, over the configuration')
    .addOption(new Option('--preset <preset>', 'what a lost customer costs').choices(Object.keys(PRESETS)))
    .addOption(
      new Option('--responder <type>', 'who answers: the script, or a loopback fake model over that API').choices(
        ANSWERS_BY,
      ),
    )
    .option('--language <tag>', 'language of the call, the agent speaks it too', language)
    .option('--before <call>', 'an earlier call, as outcome:category:days ago; may be repeated', before, [])
    .option('--fixture <file>', 'the caller of this fixture begins, with its number, history and direction')
    .option('--after <n>', 'take over after so many of its lines (default: all but the last)', lines)
    .option('--seed <seed>', 'the same seed and lines give the same call', '1')
    .option('--json', 'a line of JSON a step, and one at the end')
    .option('--fail-on-hang-up', 'exit with 1 when the guard hung up')
    .option('--no-color', 'no colours')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: TryFlags) => {
      const setExitCode = deps.setExitCode ?? ((code: ExitCode) => (process.exitCode = code));
      try {
        setExitCode(await run(deps, flags));
      } catch (error) {
        if (!(error instanceof FixtureError)) throw error;
        throw new CliError(error.message, undefined, EXIT.usage);
      }
    });
}

async function run(deps: TryDeps, flags: TryFlags): Promise<ExitCode> {
  const { stdin = process.stdin, stdout = process.stdout, stderr = process.stderr } = deps;
  const setup = await trySetup(flags);
  const isTTY = stdin.isTTY === true && stdout.isTTY === true;
  const interactive = isTTY && flags.json !== true;
  const style = styleOf(setup, flags, stdout, interactive);
  const out = (text: string): void => void stdout.write(text);
  const source = interactive ? terminalLines(stdin as never, stdout as never) : pipedLines(stdin as never);
  const front = tryFront({
    source,
    interactive,
    json: flags.json === true,
    style,
    out,
    err: (text) => void stderr.write(text),
  });
  if (flags.json !== true) out(headText(setup, flags, interactive, style));
  try {
    const hungUp = await callAgain(deps, setup, flags, front);
    if (front.refused > 0 && !interactive) return EXIT.usage;
    return hungUp && flags.failOnHangUp === true ? EXIT.finding : EXIT.ok;
  } finally {
    source.close();
    await setup.answers.close();
  }
}

/** One call after the other, as long as the person likes; each knows of those before. True: one was hung up on. */
async function callAgain(deps: TryDeps, setup: TrySetup, flags: TryFlags, front: TryFront): Promise<boolean> {
  let hungUp = false;
  let scenario: Scenario = setup.scenario;
  for (let call = 1; ; call++) {
    const models = heldModels();
    const tried = await tryCall(
      scenario,
      {
        config: setup.config,
        secrets: setup.secrets,
        seed: flags.seed,
        callIdSalt: call === 1 ? '' : String(call),
        probeTexts: deps.probeTexts(),
        wrapModel: models.wrapModel,
        hold: models.hold,
        lead: setup.lead,
      },
      front,
    );
    front.ended(tried);
    hungUp ||= tried.record?.decision === 'hang_up';
    if (!(await front.again())) return hungUp;
    scenario = { ...scenario, before: [...scenario.before, earlier(tried)].slice(-MOST_BEFORE) };
  }
}

function earlier({ record }: TriedCall): BeforeCall {
  const category = record?.category ?? undefined;
  return { outcome: record?.outcome ?? 'failed', ...(category !== undefined && { category }), daysAgo: 0 };
}

function styleOf(
  { config }: TrySetup,
  { color }: TryFlags,
  stdout: NonNullable<TryDeps['stdout']>,
  interactive: boolean,
): TryStyle {
  const { weights } = loadWeights(config.weights_file);
  const { prior } = config;
  return {
    colors: pc.createColors(color && stdout.isTTY === true && pc.isColorSupported),
    width: Math.min(160, stdout.columns ?? 120),
    thresholds: thresholds(lostCustomerCosts(config), pointsOf(weights, 'probe-answers', 'closing-ignored')),
    groups: weights.groups,
    priorPoints: toPoints(prior / (1 - prior)),
    interactive,
  };
}

function headText({ scenario, about }: TrySetup, flags: TryFlags, interactive: boolean, { colors }: TryStyle): string {
  const { direction, from, to, before, agent, lines: led } = scenario;
  const who =
    direction === 'web'
      ? 'a web call'
      : direction === 'outbound'
        ? `a call to ${to ?? '?'}`
        : `a call from ${from ?? '?'}`;
  const known = before.length === 0 ? '' : `, ${before.length} earlier`;
  const leads = led.length === 0 ? '' : `The caller of the fixture says ${led.length} lines, then it is you.\n`;
  const hint = interactive ? 'You are the caller. /help lists commands, an empty line waits, Ctrl-D hangs up.\n' : '';
  const head = printable(`${who}${known}, agent ${agent}, ${about}, seed ${flags.seed}`);
  return `${colors.bold('hangup-guard try')}: ${head}\n${hint}${leads}\n`;
}

function number(text: string): string {
  if (!e164.safeParse(text).success) throw new InvalidArgumentError('Use a number such as +13035550136.');
  return text;
}

function language(text: string): string {
  if (!languageTag.safeParse(text).success)
    throw new InvalidArgumentError('Use a language tag such as en, es or pt-BR.');
  return text;
}

function lines(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('A whole number from 0 is needed.');
  return Number(text);
}

function before(text: string, others: readonly BeforeCall[]): readonly BeforeCall[] {
  if (others.length >= MOST_BEFORE) throw new InvalidArgumentError(`At most ${MOST_BEFORE} earlier calls.`);
  try {
    return [...others, parseBefore(text)];
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : 'wrong');
  }
}
