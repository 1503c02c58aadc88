import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { type FaultChance, parseFault, randomFaults } from '../workshop/fake-model/fault-plan.ts';
import { FAULT_NAMES, FAULTS } from '../workshop/fake-model/faults.ts';
import { fakeModelConfig } from '../workshop/fake-model/guard-config.ts';
import { DIALECTS } from '../workshop/fake-model/mind.ts';
import { type FakeModel, startFakeModel } from '../workshop/fake-model/start-fake-model.ts';
import { CliError, EXIT } from './errors.ts';

interface FakeModelFlags {
  readonly port: number;
  readonly firstTokenMs: number;
  readonly tokenMs: number;
  readonly stallMs: number;
  readonly fault?: readonly FaultChance[];
  readonly seed: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = 8099;
const MAX_MS = 600_000;

const EXAMPLES = `
Examples:
  hangup-guard fake-model                                      answers like a model at an ordinary pace
  hangup-guard fake-model --first-token-ms 1500 --token-ms 80  a slow one
  hangup-guard fake-model --fault stall:0.1 429:0.05           every tenth answer stalls, every twentieth is refused
  hangup-guard fake-model --fault drip --port 0 --json

Faults (NAME, or NAME:PROBABILITY):
${FAULT_NAMES.map((name) => `  ${name.padEnd(15)} ${FAULTS[name].describe}`).join('\n')}

It is not a model: it says the lines of the scripted receptionist, over the APIs of OpenAI and Anthropic, on
127.0.0.1 only, and asks for no key. Use it to see what the guard does with slow and broken models.
`;

/** `fake-model`: a server that stands in for a model, until SIGINT or SIGTERM. */
export function fakeModelCommand(): Command {
  return new Command('fake-model')
    .description('a scripted stand-in for a model on loopback, with timings and faults; not a model')
    .option('-p, --port <n>', 'port on 127.0.0.1; 0 takes a free one', whole(65_535), DEFAULT_PORT)
    .option('--first-token-ms <n>', 'from a request to the first token', whole(MAX_MS), 400)
    .option('--token-ms <n>', 'from a token to the next', whole(MAX_MS), 20)
    .option('--stall-ms <n>', 'how long a stall lasts', whole(MAX_MS), 30_000)
    .option('--fault <name...>', 'what goes wrong, and how often', oneMoreFault)
    .option('--seed <seed>', 'the same seed gives the same faults', '1')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(flags: FakeModelFlags): Promise<void> {
  const { port, firstTokenMs, tokenMs, stallMs, fault: chances = [] } = flags;
  const sum = chances.reduce((total, { probability }) => total + probability, 0);
  // Sums of decimals are a little off.
  if (sum > 1 + 1e-9) {
    throw new CliError(
      `--fault: the probabilities add up to ${Number(sum.toFixed(3))}`,
      'one request meets one fault at most: give each a probability, such as stall:0.1, 1 in all',
      EXIT.usage,
    );
  }
  const fault = randomFaults(chances, flags.seed);
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const model = await startFakeModel({ port, firstTokenMs, tokenMs, stallMs, fault });
  process.stdout.write(flags.json ? `${JSON.stringify({ port: model.port, baseUrl: model.baseUrl })}\n` : howTo(model));
  await stopped;
  const { requests, faults } = model.counts();
  await model.close();
  if (flags.json) process.stdout.write(`${JSON.stringify({ requests, faults })}\n`);
  else process.stdout.write(`${requests} requests, ${faults} of them with a fault\n`);
}

function howTo(model: FakeModel): string {
  return [
    `${pc.bold('hangup-guard fake-model')}: the scripted receptionist behind the APIs of two providers. This is not a model.`,
    '',
    ...DIALECTS.map((type) => `  ${type.padEnd(10)} base_url: ${model.baseUrl[type]}`),
    '',
    'In guard.yaml (type: openai or anthropic, with its base_url):',
    '',
    ...fakeModelConfig('openai', model)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function whole(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > max) {
      throw new InvalidArgumentError(`A whole number from 0 to ${max} is needed.`);
    }
    return value;
  };
}

function oneMoreFault(text: string, before: readonly FaultChance[] = []): FaultChance[] {
  try {
    return [...before, parseFault(text)];
  } catch (error) {
    throw new CliError(
      `--fault: ${error instanceof Error ? error.message : 'cannot be read'}`,
      '`hangup-guard fake-model --help` lists the faults',
      EXIT.usage,
    );
  }
}
