import { type Config, findConfigFile, loadConfig, readSecrets, type Secrets } from '../config.ts';
import type { Preset } from '../guard/policy.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { CATEGORIES, type Direction, OUTCOMES } from '../guard/types.ts';
import { evalSecrets } from '../workshop/eval/eval-models.ts';
import { RunError } from '../workshop/eval/run-error.ts';
import { type Answers, type AnswersBy, answersBy } from '../workshop/fake-model/answers-by.ts';
import { fixtureScenario } from '../workshop/fixture.ts';
import { loadFixtures } from '../workshop/fixture-files.ts';
import { withNumbers } from '../workshop/player/call-facts.ts';
import type { BeforeCall, Scenario } from '../workshop/player/scenario.ts';
import { CliError, EXIT } from './errors.ts';

export interface TryFlags {
  readonly from?: string;
  readonly direction?: Direction;
  readonly agent?: string;
  readonly config?: string;
  readonly weights?: string;
  readonly preset?: Preset;
  readonly responder?: AnswersBy;
  readonly language?: string;
  readonly before: readonly BeforeCall[];
  readonly fixture?: string;
  readonly after?: number;
  readonly seed: string;
  readonly json?: boolean;
  readonly color: boolean;
  readonly failOnHangUp?: boolean;
}

/** What a session of `try` is played with. */
export interface TrySetup {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly answers: Answers;
  readonly scenario: Scenario;
  /** The fixture's caller begins. */
  readonly lead: boolean;
  /** Who answers the caller, and by which file. */
  readonly about: string;
}

/** @throws CliError for what cannot be tried, ConfigError and FixtureError for files. */
export async function trySetup(flags: TryFlags): Promise<TrySetup> {
  const file = flags.config ?? findConfigFile();
  const configured = loadConfig(file, { knownSignals: SIGNAL_NAMES });
  const { scenario, lead } = scenarioOf(flags);
  const answers = await answersBy(flags.responder ?? 'scripted');
  try {
    const config = withFlags(configured, scenario.agent, flags, answers);
    const { agents, responders } = config;
    const { responder = 'scripted' } = agents[scenario.agent] ?? {};
    const type = responders[responder]?.type;
    if (type === 'relay') {
      throw new CliError(
        `responder ${responder} is a server of your own: try cannot stop its clock while you type`,
        'name another: --responder scripted',
        EXIT.usage,
      );
    }
    const secrets = evalSecrets(config, [scenario.agent], { ...readSecrets(process.env), env: process.env }, true);
    const by = flags.responder === undefined || type === 'scripted' ? responder : `a fake model over the ${type} API`;
    return {
      config,
      secrets,
      answers,
      scenario,
      lead,
      about: `answered by ${by}, ${file ?? 'built-in configuration'}`,
    };
  } catch (error) {
    await answers.close();
    if (error instanceof RunError) throw new CliError(error.message, 'or: --responder scripted', EXIT.usage);
    throw error;
  }
}

function scenarioOf(flags: TryFlags): { scenario: Scenario; lead: boolean } {
  if (flags.after !== undefined && flags.fixture === undefined) {
    throw new CliError('--after is for --fixture', 'name one: --fixture fixtures/x.yaml --after 2', EXIT.usage);
  }
  const whole = flags.fixture === undefined ? blank : fixtureOf(flags.fixture);
  const most = whole.lines.length;
  const after = flags.after ?? Math.max(0, most - 1);
  if (after > most) {
    throw new CliError(`--after ${after}: the fixture has ${most} lines`, `from 0 to ${most}`, EXIT.usage);
  }
  const direction = flags.direction ?? whole.direction;
  if (direction === 'web' && (flags.from !== undefined || flags.before.length > 0)) {
    throw new CliError('a web call has no number', 'leave out --from and --before', EXIT.usage);
  }
  if (direction === 'outbound' && flags.before.length > 0) {
    throw new CliError('--before is for calls that come in', 'leave out one of --before and --direction', EXIT.usage);
  }
  const { from, to, ...rest } = whole;
  // The caller of an outbound call is whom it goes to.
  const [caller, line] = whole.direction === 'outbound' ? [to, from] : [from, to];
  const number = flags.from ?? caller;
  const numbers = direction === 'outbound' ? { from: line, to: number } : { from: number, to: line };
  const [scenario = whole] = withNumbers(
    [
      {
        ...rest,
        ...(direction !== 'web' && numbers.from !== undefined && { from: numbers.from }),
        ...(direction !== 'web' && numbers.to !== undefined && { to: numbers.to }),
        direction,
        agent: flags.agent ?? whole.agent,
        language: flags.language ?? whole.language,
        before: flags.before.length > 0 ? flags.before : whole.before,
        lines: whole.lines.slice(0, after),
        loop: false,
      },
    ],
    flags.seed,
  );
  return { scenario, lead: after > 0 };
}

const blank: Scenario = {
  id: 'typed',
  set: 'try',
  kind: 'person',
  language: 'en',
  agent: 'default',
  direction: 'inbound',
  optOut: false,
  sipHeaders: {},
  before: [],
  lines: [],
  probes: {},
  improvise: false,
  wordsTotal: 0,
};

function fixtureOf(path: string): Scenario {
  const [fixture, ...more] = loadFixtures(path);
  if (fixture === undefined || more.length > 0) {
    throw new CliError(
      '--fixture takes one fixture',
      'name a file, such as fixtures/robocall-car-warranty.yaml',
      EXIT.usage,
    );
  }
  return fixtureScenario(fixture);
}

function withFlags(config: Config, name: string, flags: TryFlags, answers: Answers): Config {
  const agent = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
  if (agent === undefined) {
    throw new CliError(
      'there is no such agent in the configuration',
      `agents: ${Object.keys(config.agents).join(', ')}`,
      EXIT.usage,
    );
  }
  const fake = answers.guard.config;
  const responder = fake?.agents.default?.responder ?? flags.responder ?? agent.responder;
  const { lost_customer_costs: costs, ...rest } = config;
  return {
    ...rest,
    // The point of it is to see what the guard does.
    mode: 'enforce',
    ...(flags.preset === undefined ? costs !== undefined && { lost_customer_costs: costs } : { preset: flags.preset }),
    ...(flags.weights !== undefined && { weights_file: flags.weights }),
    responders: Object.assign(Object.create(null), config.responders, fake?.responders),
    agents: Object.assign(Object.create(null), config.agents, {
      [name]: {
        ...agent,
        mode: 'enforce',
        responder,
        ...(flags.language !== undefined && { language: flags.language }),
      },
    }),
  };
}

/** `hung_up:recorded_message:2`: outcome, category, days ago. @throws Error that says what is wrong. */
export function parseBefore(text: string): BeforeCall {
  const [outcome, category = '', days = '1', ...more] = text.split(':');
  const known = OUTCOMES.find((one) => one === outcome);
  if (known === undefined) throw new Error(`The outcome is one of ${OUTCOMES.join(', ')}.`);
  const named = CATEGORIES.find((one) => one === category);
  if (category !== '' && named === undefined) throw new Error(`The category is one of ${CATEGORIES.join(', ')}.`);
  const daysAgo = Number(days);
  if (more.length > 0 || !/^\d{1,4}(\.\d{1,3})?$/.test(days) || daysAgo > 3_650) {
    throw new Error('Use outcome:category:days, such as hung_up:recorded_message:2.');
  }
  return { outcome: known, ...(named !== undefined && { category: named }), daysAgo };
}
