import { mkdirSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { judge, type PartResult, printPart } from './report.ts';
import { stopServers } from './server-process.ts';

export interface BenchOptions {
  /** Short slices and few rounds, for CI. */
  readonly quick: boolean;
  readonly log: (line: string) => void;
  /** Where CPU profiles of a part go, as the beginning of a file name. */
  readonly profileTo: (part: string) => string | undefined;
}

export type Part = (options: BenchOptions) => Promise<PartResult>;

const USAGE = `options:
  --quick         short: every part within seconds, for CI
  --json          results as JSON on standard output
  --profile DIR   also write a CPU profile of each server to DIR
`;

/**
 * Runs parts one after the other and prints what they found. Exit code 1 when a figure is worse than half its target or
 * a part could not run; 2 for wrong options. Servers are ended whatever happens.
 */
export async function bench(parts: readonly Part[]): Promise<void> {
  const args = process.argv.slice(2);
  const folder = args.includes('--profile') ? args[args.indexOf('--profile') + 1] : undefined;
  const known = args.every((arg) => arg === '--quick' || arg === '--json' || arg === '--profile' || arg === folder);
  if (!known || (args.includes('--profile') && !folder)) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  if (folder) mkdirSync(folder, { recursive: true });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void stopServers().finally(() => process.exit(1)));
  }
  const json = args.includes('--json');
  const options: BenchOptions = {
    quick: args.includes('--quick'),
    log: (line) => process.stderr.write(`${line}\n`),
    profileTo: (part) => (folder ? join(folder, part) : undefined),
  };
  const beganAt = performance.now();
  const results: PartResult[] = [];
  let broken = false;
  for (const part of parts) {
    try {
      const result = await part(options);
      results.push(result);
      if (!json) process.stdout.write(`${printPart(result)}\n`);
    } catch (error) {
      broken = true;
      options.log(`could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await stopServers();
    }
  }
  const failed = results.flatMap(({ findings }) => findings).filter((finding) => judge(finding) === 'failed');
  const seconds = Math.round((performance.now() - beganAt) / 1000);
  const machine = { node: process.version, cores: availableParallelism(), load: loadavg()[0] ?? 0 };
  if (json) {
    const judged = results.map((result) => ({
      ...result,
      findings: result.findings.map((finding) => ({ ...finding, judgement: judge(finding) })),
    }));
    process.stdout.write(`${JSON.stringify({ quick: options.quick, seconds, machine, parts: judged })}\n`);
  } else {
    const about = `node ${machine.node}, ${machine.cores} cores, load ${machine.load.toFixed(1)} at the end`;
    process.stdout.write(`\n${seconds} s, ${about}. Compare ratios, never figures of different runs.\n`);
  }
  process.exit(failed.length > 0 || broken ? 1 : 0);
}
