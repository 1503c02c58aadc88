import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { CallRecord } from '../../src/records/record.ts';
import { RetellClient } from '../server/retell-client.ts';

/** Long enough for a busy machine; nothing waits so long when all is well. */
const PATIENCE_MS = 20_000;

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** A `serve` process. */
export interface Served {
  readonly port: number;
  /** What it wrote to standard output and standard error so far. */
  output(): string;
  logs(): LogLine[];
  /** The first line with this message, and these fields, once it is there. */
  logged(msg: string, fields?: Readonly<Record<string, unknown>>): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** A new socket of a call; the platform has not said yet who calls. */
  connect(callId: string, path?: string): Promise<RetellClient>;
  /** A call that was greeted. */
  call(callId: string, details?: object): Promise<RetellClient>;
}

export interface ServeOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Largest file that it may write, in KB: what a full disk feels like. */
  readonly fileLimitKb?: number;
}

/** A working directory with a guard.yaml; the records are in `data`. Gone after the test. */
export function workingDirectory(config = 'mode: enforce\n'): string {
  const dir = mkdtempSync(join(tmpdir(), 'hangup-guard-serve-'));
  writeFileSync(join(dir, 'guard.yaml'), config);
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return dir;
}

/** Nothing of the environment of the tests but what a process needs to run. */
const environment = (more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: process.env.HOME ?? '',
  NO_COLOR: '1',
  ...more,
});

function start(dir: string, args: readonly string[], { env, fileLimitKb }: ServeOptions) {
  const command = [process.execPath, inject('cli'), ...args];
  const limited = ['bash', '-c', `ulimit -f ${fileLimitKb ?? 0} && exec "$@"`, 'bash', ...command];
  const [file = '', ...rest] = fileLimitKb === undefined ? command : limited;
  return spawn(file, rest, { cwd: dir, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs a command to its end. */
export async function cli(dir: string, args: readonly string[], options: ServeOptions = {}) {
  const child = start(dir, args, options);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Starts `serve` on a free port, and waits until it says where it listens. */
export async function serve(dir: string, options: ServeOptions = {}): Promise<Served> {
  const child = start(dir, ['serve', '--port', '0', ...(options.args ?? [])], options);
  const clients: RetellClient[] = [];
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  onTestFinished(async () => {
    for (const { socket } of clients) socket.terminate();
    child.kill('SIGKILL');
    await ended;
    // Nothing that Retell would drop may ever have been sent.
    expect(clients.flatMap(({ wrong }) => wrong)).toEqual([]);
  });

  const logs = (): LogLine[] =>
    output
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LogLine);
  const logged: Served['logged'] = async (msg, fields = {}) => {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      const entries = Object.entries(fields);
      const line = logs().find((one) => one.msg === msg && entries.every(([key, value]) => one[key] === value));
      if (line) return line;
      if (isOver || performance.now() > end) throw new Error(`never logged "${msg}" (${isOver}): ${output}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const { url_of_agent: url } = await logged('serving');
  const port = Number(/:(\d+)\//.exec(String(url))?.[1]);

  const connect: Served['connect'] = async (callId, path = `/llm-websocket/default/${callId}`) => {
    const client = await RetellClient.open(`ws://127.0.0.1:${port}${path}`);
    clients.push(client);
    return client;
  };
  return {
    port,
    output: () => output,
    logs,
    logged,
    kill: (signal) => void child.kill(signal),
    ended,
    connect,
    call: async (callId, details) => {
      const client = await connect(callId);
      client.details(details);
      await until(client, () => client.isComplete(0), 'the greeting');
      return client;
    },
  };
}

/** Waits for something that the guard sends. */
export const until = (client: RetellClient, holds: () => boolean, what?: string): Promise<void> =>
  client.until(holds, what, PATIENCE_MS);

/** The status of an upgrade request; 101 when it was taken. */
export async function upgradeStatus(port: number, path: string): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('open', () => {
      socket.terminate();
      resolve(101);
    });
  });
}

/** A call as `hangup-guard log show` has it. */
export async function showCall(dir: string, callId: string): Promise<CallRecord> {
  const { code, out, err } = await cli(dir, ['log', 'show', callId, '--json', '--numbers']);
  if (code !== 0) throw new Error(`log show: ${code} ${err}`);
  return JSON.parse(out) as CallRecord;
}

/** Every line in the spool files that are there, in no order across files. */
export function spoolLines(dir: string): { type: string; callId: string }[] {
  const spool = join(dir, 'data', 'spool');
  return readdirSync(spool)
    .flatMap((name) => readFileSync(join(spool, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as { type: string; callId: string });
}
