import { Command } from 'commander';
import pc from 'picocolors';
import { findConfigFile, loadConfig, readSecrets } from '../config.ts';
import type { Status } from '../doctor/check.ts';
import { type Examined, examine } from '../doctor/index.ts';
import { SIGNAL_NAMES } from '../guard/signals/index.ts';
import { retellBaseUrl } from '../server/stop-call.ts';
import { CliError, EXIT } from './errors.ts';

interface DoctorFlags {
  readonly config?: string;
  readonly url?: string;
  readonly offline?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

const TIMEOUT_MS = 5_000;

const EXAMPLES = `
Examples:
  hangup-guard doctor                                        everything that guard.yaml and the environment say
  hangup-guard doctor --url wss://HOST/llm-websocket/default  and whether the platform gets in
  hangup-guard doctor --offline --json

No call is opened and nothing is paid for: models are asked for their list, the way in is tried with an impossible
call id. Exit code: 0 nothing is broken, 1 something is (with --strict also when something is unwise), 2 wrong usage
or a configuration that cannot be read.
`;

/** `doctor`: looks at every part, says what to fix, and what happens while a part is down. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check configuration, keys, servers, store and the way in; says what to fix')
    .option('-c, --config <file>', 'configuration (default: guard.yaml where there is one)')
    .option('--url <wss-url>', 'address that the platform was given, without the secret')
    .option('--offline', 'send nothing over the network')
    .option('--strict', 'exit 1 for warnings too')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DoctorFlags) => {
      const config = loadConfig(flags.config ?? findConfigFile(), { knownSignals: SIGNAL_NAMES });
      const examined = await examine({
        config,
        secrets: { ...readSecrets(process.env), env: process.env },
        publicUrl: flags.url,
        offline: flags.offline === true,
        retellUrl: platformUrl(),
        timeoutMs: TIMEOUT_MS,
      });
      process.stdout.write(flags.json ? `${JSON.stringify(examined, null, 2)}\n` : doctorText(examined));
      const worst = examined.flatMap(({ findings }) => findings.map(({ status }) => status));
      if (worst.includes('fail') || (flags.strict && worst.includes('warn'))) process.exitCode = EXIT.finding;
    });
}

function platformUrl(): string {
  try {
    return retellBaseUrl(process.env.RETELL_BASE_URL);
  } catch (error) {
    throw new CliError(
      error instanceof Error ? error.message : 'RETELL_BASE_URL is wrong',
      'leave RETELL_BASE_URL out to use the API of Retell',
      EXIT.usage,
    );
  }
}

const MARKS: Readonly<Record<Status, string>> = {
  ok: pc.green('ok  '),
  warn: pc.yellow('warn'),
  fail: pc.red('FAIL'),
  skip: pc.dim('skip'),
};

/** The findings as lines; fixes below what they fix. */
export function doctorText(examined: readonly Examined[]): string {
  const lines: string[] = [];
  for (const { name, ifDown, findings } of examined) {
    findings.forEach(({ status, message, fix }, i) => {
      lines.push(`${(i === 0 ? name : '').padEnd(9)} ${MARKS[status]}  ${message}`);
      if (fix !== undefined) lines.push(`${' '.repeat(16)}${pc.cyan('fix:')} ${fix}`);
    });
    lines.push(`${' '.repeat(16)}${pc.dim(`if down: ${ifDown}`)}`);
  }
  const count = (status: Status): number =>
    examined.reduce((sum, { findings }) => sum + findings.filter((one) => one.status === status).length, 0);
  lines.push(
    '',
    `${count('fail')} broken, ${count('warn')} unwise, ${count('ok')} fine, ${count('skip')} not looked at`,
  );
  return `${lines.join('\n')}\n`;
}
