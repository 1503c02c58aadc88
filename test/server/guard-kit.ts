import { createConnection } from 'node:net';
import { afterEach, expect } from 'vitest';
import { parseConfig, type Secrets } from '../../src/config.ts';
import { SIGNAL_NAMES } from '../../src/guard/signals/index.ts';
import { type MemoryRecords, memoryRecords } from '../../src/records/memory-records.ts';
import type { CallRecord, Records } from '../../src/records/record.ts';
import { createLog } from '../../src/server/log.ts';
import { type Guard, type GuardOptions, startGuard } from '../../src/server/start-guard.ts';
import { ManualClock } from './manual-clock.ts';
import { RetellClient } from './retell-client.ts';

export interface GuardUnderTest {
  readonly guard: Guard;
  readonly clock: ManualClock;
  readonly records: MemoryRecords;
  /** Lines of the log so far. */
  logs(): Record<string, unknown>[];
  logText(): string;
  /** What was refused so far, as /metrics counts it. */
  refused(what: 'upgrade' | 'frame' | 'socket', reason: string): Promise<number>;
  /** A counter of /metrics, summed over its labels. */
  total(name: string): Promise<number>;
  /** A new socket of a call; without `details` the platform has not said yet who calls. */
  connect(callId?: string, path?: string): Promise<RetellClient>;
  /** A call whose greeting has been said. */
  call(callId?: string, details?: object): Promise<RetellClient>;
  /** The record of a call, once it is closed. */
  record(callId: string): Promise<CallRecord>;
}

const running: { guard: Guard; clients: RetellClient[] }[] = [];
let calls = 0;
export const newCallId = (): string => `call_${++calls}`;

/** Config as an object: JSON is YAML. Enforces, on a free port. */
export function configOf(changes: Record<string, unknown> = {}) {
  const listen = { port: 0, ...(changes.listen as object | undefined) };
  return parseConfig(JSON.stringify({ mode: 'enforce', ...changes, listen }), 'test.yaml', {
    knownSignals: SIGNAL_NAMES,
  });
}

/** A real guard on a free port of loopback, with its own clock. Closed after the test. */
export async function guardUnderTest(
  changes: Record<string, unknown> = {},
  options: { secrets?: Secrets; stopCall?: GuardOptions['stopCall']; wrap?: (records: MemoryRecords) => Records } = {},
): Promise<GuardUnderTest> {
  const clock = new ManualClock();
  const memory = memoryRecords({ clock });
  const closed = new Set<string>();
  const records: MemoryRecords = {
    ...memory,
    get records() {
      return memory.records;
    },
    append: (line, durable) => {
      memory.append(line, durable);
      if (line.type === 'closed') closed.add(line.callId);
    },
  };
  const lines: string[] = [];
  const guard = await startGuard({
    config: configOf(changes),
    secrets: options.secrets ?? {},
    records: options.wrap?.(records) ?? records,
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    clock,
    stopCall: options.stopCall ?? null,
  });
  const clients: RetellClient[] = [];
  running.push({ guard, clients });

  const connect = async (callId = newCallId(), path = `/llm-websocket/default/${callId}`): Promise<RetellClient> => {
    const client = await RetellClient.open(`ws://127.0.0.1:${guard.port}${path}`);
    clients.push(client);
    return client;
  };
  return {
    guard,
    clock,
    records,
    logs: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    logText: () => lines.join(''),
    refused: async (what, reason) => {
      const { values } = await guard.metrics.refused.get();
      return values.find(({ labels }) => labels.what === what && labels.reason === reason)?.value ?? 0;
    },
    total: async (name) => {
      const text = await (await fetch(`http://127.0.0.1:${guard.port}/metrics`)).text();
      const found = text.split('\n').filter((line) => line.startsWith(name) && /[ {]/.test(line[name.length] ?? ''));
      return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    },
    connect,
    call: async (callId, details) => {
      const client = await connect(callId);
      client.details(details);
      await client.reply(0);
      return client;
    },
    record: async (callId) => {
      await expect.poll(() => closed.has(callId), { interval: 2, timeout: 3_000 }).toBe(true);
      const record = await records.get(callId);
      if (!record) throw new Error(`no record of ${callId}`);
      return record;
    },
  };
}

/** Nothing that Retell would drop may have left any guard of the test. */
afterEach(async () => {
  for (const { guard, clients } of running.splice(0)) {
    for (const client of clients) {
      expect(client.wrong).toEqual([]);
      client.socket.terminate();
    }
    await guard.close();
  }
});

/**
 * Sends bytes to a port and gives back all that comes. The peer never says that it is done: only when the server has
 * let go of the connection altogether, so that a further byte is answered with a reset, is the exchange over.
 */
export function rawExchange(port: number, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes));
    let more: NodeJS.Timeout | undefined;
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => {
      more = setInterval(() => socket.write('x'), 20);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(more);
      clearTimeout(late);
      resolve(Buffer.concat(parts).toString());
    });
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error('the server kept the connection open'));
    }, 5_000);
  });
}

/** The status of an upgrade request as it stands, target not normalised; 101 when it was taken. */
export async function upgradeStatus(port: number, target: string, headers: readonly string[] = []): Promise<number> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => {
      socket.write(
        [
          `GET ${target} HTTP/1.1`,
          'host: guard.test',
          'connection: Upgrade',
          'upgrade: websocket',
          'sec-websocket-version: 13',
          'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
          ...headers,
          '\r\n',
        ].join('\r\n'),
      );
    });
    socket.once('data', (part) => {
      resolve(part.toString('latin1'));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
  });
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
