import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';

const STARTS_WITHIN_MS = 20_000;
const ANSWERS_WITHIN_MS = 20_000;
const ENDS_WITHIN_MS = 3_000;

const PROBE = pathToFileURL(join(import.meta.dirname, 'probe.mjs')).href;
const GUARD = resolve(import.meta.dirname, '../../dist/cli/main.js');
const running = new Set<ServerProcess>();

/** A server under test in its own process. Dies with the bench, whatever happens to that. */
export class ServerProcess {
  readonly name: string;
  /** Without a call id. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string | undefined;

  constructor(name: string, url: string, child: ChildProcess, folder: string | undefined) {
    this.name = name;
    this.url = url;
    this.#child = child;
    this.#folder = folder;
    running.add(this);
  }

  /** Milliseconds of CPU that the process has used, all its threads, user and system. */
  async cpuMs(): Promise<number> {
    return ((await this.#ask('cpu')) as { cpuMs: number }).cpuMs;
  }

  /** After a full collection. */
  async memory(): Promise<{ readonly heapUsed: number; readonly external: number; readonly rss: number }> {
    return (await this.#ask('memory')) as { heapUsed: number; external: number; rss: number };
  }

  /** Begins a CPU profile; the returned function ends it and writes it to a file. */
  async profile(): Promise<(file: string) => Promise<void>> {
    await this.#ask('profile');
    return async (file) => {
      await this.#ask(`profile ${file}`);
    };
  }

  async heapSnapshot(file: string): Promise<void> {
    await this.#ask(`heap ${file}`);
  }

  async stop(): Promise<void> {
    running.delete(this);
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      // A guard would drain first; nothing of this run is kept.
      this.#child.kill('SIGKILL');
      await Promise.race([ended, new Promise((done) => setTimeout(done, ENDS_WITHIN_MS).unref())]);
    }
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(what: string): Promise<unknown> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw new Error(`${this.name} has ended`);
    return new Promise((found, failed) => {
      const late = setTimeout(() => failed(new Error(`${this.name} did not answer in time`)), ANSWERS_WITHIN_MS);
      this.#child.once('message', (answer) => {
        clearTimeout(late);
        found(answer);
      });
      this.#child.send(what, (error) => error && failed(error));
    });
  }
}

/** Ends what is left: at the end of a run, and when it is interrupted. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

/** Starts one of `servers/`. */
export function startBare(
  name: string,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  return start(name, ['--import', import.meta.resolve('tsx'), join(import.meta.dirname, 'servers', file)], env);
}

/** Whether the built guard knows a responder or another part; those that it does not know are left out of the bench. */
export function guardHas(file: string, mark: string): boolean {
  const path = resolve(import.meta.dirname, '../../dist', file);
  return existsSync(path) && readFileSync(path, 'utf8').includes(mark);
}

/** Starts the built `serve`, enforcing, with its records in a temporary folder; `config` goes over that. */
export function startGuardProcess(
  name: string,
  config: Readonly<Record<string, unknown>> = {},
): Promise<ServerProcess> {
  if (!existsSync(GUARD)) throw new Error('dist/ is missing: run `npm run build` first');
  const folder = mkdtempSync(join(tmpdir(), 'hangup-guard-bench-'));
  const file = join(folder, 'guard.yaml');
  writeFileSync(
    file,
    stringify({
      mode: 'enforce',
      listen: { port: 0, max_calls: 10_000 },
      records: { dir: join(folder, 'data') },
      ...config,
    }),
  );
  return start(name, [GUARD, 'serve', '--config', file], { OPENAI_API_KEY: 'bench' }, folder);
}

async function start(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  folder?: string,
): Promise<ServerProcess> {
  // Nothing of the user's own keys and addresses reaches a bench.
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const flags = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter((flag) => flag !== '');
  const child = spawn(process.execPath, ['--expose-gc', ...flags, '--import', PROBE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...env },
  });
  try {
    const url = await new Promise<string>((found, failed) => {
      setTimeout(() => failed(new Error(`${name} did not listen in time`)), STARTS_WITHIN_MS).unref();
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`${name} ended (${code}) before it listened`)));
      const lines = createInterface({ input: child.stdout! });
      lines.on('line', (line) => {
        const { url_of_agent: url } = parsed(line);
        if (url) found(url.replace('{agent}', 'default'));
        // What BENCH_NODE_FLAGS make Node say, such as --trace-gc.
        else if (flags.length > 0 && !line.startsWith('{')) process.stderr.write(`${name}: ${line}\n`);
      });
    });
    return new ServerProcess(name, url, child, folder);
  } catch (error) {
    child.kill('SIGKILL');
    if (folder) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function parsed(line: string): { readonly url_of_agent?: string } {
  try {
    return JSON.parse(line) as { url_of_agent?: string };
  } catch {
    return {};
  }
}
