import { Command, InvalidArgumentError } from 'commander';
import { scaledClock, wallClock } from '../clock.ts';
import { type Config, findConfigFile, loadConfig, readSecrets, secretWarnings } from '../config.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { openRecords } from '../records/open-records.ts';
import { ResponderSetupError } from '../responders/index.ts';
import { createLog } from '../server/log.ts';
import { type Guard, startGuard } from '../server/start-guard.ts';
import { retellBaseUrl, retellStopCall, type StopCall } from '../server/stop-call.ts';
import { CliError, EXIT } from './errors.ts';
import { roomyHeap } from './roomy-heap.ts';

interface ServeOptions {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly rate?: number;
}

const EXAMPLES = `
Examples:
  hangup-guard doctor --config guard.yaml                  what is missing before it can serve
  hangup-guard serve                                       loopback, shadow mode: decides, records, never acts
  hangup-guard serve --config guard.yaml --port 8080
  HANGUP_GUARD_KEY=... hangup-guard serve --host 0.0.0.0   open to the platform: needs the key

Tell the platform wss://HOST/llm-websocket/{agent}?key=KEY or wss://HOST/llm-websocket/{agent}/{key}.
SIGHUP reads the config again for calls that begin from then on; SIGTERM drains.
Secrets come from the environment: HANGUP_GUARD_KEY, RETELL_API_KEY, OPENAI_API_KEY, ANTHROPIC_API_KEY, and
HANGUP_GUARD_TOOL_SECRET, which signs requests to your own tools. With RETELL_API_KEY a call that
outlives its hang-up is stopped over Retell's REST API; RETELL_BASE_URL names another address for it.
`;

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('a port is 0 to 65535');
  return value;
}

function rate(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000)) throw new InvalidArgumentError('a rate is above 0 and at most 1000');
  return value;
}

/** `serve`: the guard as a server, until SIGTERM or SIGINT. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('guard the calls of a voice platform')
    .option('-c, --config <file>', 'configuration (default: guard.yaml where there is one)')
    .option('-p, --port <n>', 'port to listen on, over the config; 0 takes a free one', port)
    .option('--host <address>', 'address to listen on, over the config')
    .option(
      '--rate <n>',
      "run the guard's own clock n times as fast: for measuring with `play --rate`, never for calls",
      rate,
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServeOptions) => serve(options));
}

async function serve(options: ServeOptions): Promise<void> {
  roomyHeap();
  const file = options.config ?? findConfigFile();
  const load = (): Config => withFlags(loadConfig(file, { knownSignals: SIGNAL_NAMES }), options);
  const config = load();
  const secrets = { ...readSecrets(process.env), env: process.env };
  const stopCall = stopCallOf(secrets.retellApiKey, process.env.RETELL_BASE_URL);
  const log = createLog(config.log.level);
  for (const warning of secretWarnings(secrets)) log.warn(warning);
  const clock = options.rate === undefined ? wallClock : scaledClock(options.rate);
  const records = await openRecords({
    dataDir: config.records.dir,
    retentionDays: config.records.retention_days,
    logger: log,
    clock,
  });
  let guard: Guard;
  try {
    guard = await startGuard({
      config,
      secrets,
      records,
      log,
      clock,
      stopCall,
    });
  } catch (error) {
    await records.close();
    if (error instanceof ResponderSetupError) {
      throw new CliError(error.message, '`hangup-guard doctor` looks at every key and server', EXIT.usage);
    }
    if (error instanceof RangeError) {
      throw new CliError(error.message, 'set HANGUP_GUARD_KEY, such as from: openssl rand -hex 24', EXIT.usage);
    }
    throw error;
  }
  log.info(
    {
      url_of_agent: `${guard.url}/{agent}`,
      mode: config.mode,
      preset: config.preset,
      agents: Object.keys(config.agents),
      locked: secrets.guardKey !== undefined,
    },
    config.mode === 'enforce'
      ? 'serving'
      : `serving in ${config.mode} mode: nobody is hung up on until the config says mode: enforce`,
  );
  process.on('SIGHUP', () => {
    try {
      guard.reload(load());
    } catch (error) {
      // The problems name places in the file, and values only of settings.
      log.error({ err: error }, 'the config cannot be used: the old one stays in force');
    }
  });
  await untilStopped(guard, config);
}

function stopCallOf(apiKey: string | undefined, baseUrl: string | undefined): StopCall | null {
  try {
    const url = retellBaseUrl(baseUrl);
    return apiKey === undefined ? null : retellStopCall(apiKey, url);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError(error.message, 'leave RETELL_BASE_URL out to use the API of Retell', EXIT.usage);
  }
}

function withFlags(config: Config, { port: toPort, host }: ServeOptions): Config {
  const listen = {
    ...config.listen,
    ...(toPort === undefined ? {} : { port: toPort }),
    ...(host === undefined ? {} : { host }),
  };
  return { ...config, listen };
}

/** Drains at the first signal; a second one drops what is left. */
async function untilStopped(guard: Guard, config: Config): Promise<void> {
  await new Promise<void>((resolve) => {
    let draining = false;
    const stop = (): void => {
      if (draining) {
        resolve();
        return;
      }
      draining = true;
      void guard.drain(config.listen.drain_seconds * 1_000).then(resolve);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
  await guard.close();
}
