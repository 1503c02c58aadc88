import { once } from 'node:events';
import { afterEach, expect } from 'vitest';
import { type Clock, wallClock } from '../../src/clock.ts';
import { memoryRecords } from '../../src/records/memory-records.ts';
import type { CallRecord } from '../../src/records/record.ts';
import { createLog } from '../../src/server/log.ts';
import { type Guard, startGuard } from '../../src/server/start-guard.ts';
import type { Mind } from '../../src/workshop/fake-model/mind.ts';
import {
  type FakeModel,
  type FakeModelOptions,
  startFakeModel,
} from '../../src/workshop/fake-model/start-fake-model.ts';
import { configOf, newCallId } from './guard-kit.ts';
import { ModelCaller } from './model-caller.ts';

export { expectLawful, ModelCaller, saidTo } from './model-caller.ts';

export const TYPES = ['openai', 'anthropic'] as const;
export type Type = (typeof TYPES)[number];

/** A sentence without a stop before its end, so that half of it is heard as half. */
export const LINE = 'We are open from nine until five today and there is still a table for two by the window.';
/** What is heard of it at least when it breaks off in the middle. */
export const BEGINNING = 'We are open from nine';
/** `fallback` of prompts/probes/en.md. */
export const FALLBACK = 'Sorry, I did not get that. Could you say it once more?';

export const says =
  (text: string): Mind =>
  () => ({ text });

export interface ModelGuard {
  readonly guard: Guard;
  /** A call whose greeting has been said. */
  call(agentName?: string): Promise<ModelCaller>;
  /** Ends the call as the platform does; its record. */
  hangUp(client: ModelCaller): Promise<CallRecord>;
  /** Lines of the log that say what became of a provider, such as `one failed server-error`. */
  providers(): string[];
  logText(): string;
  /** Timers of the guard's clock that still run. */
  timers(): number;
}

interface Running {
  readonly guard: Guard;
  readonly clients: ModelCaller[];
  readonly timers: () => number;
}
const guards: Running[] = [];
const models: FakeModel[] = [];

/** A fake model; closed after the test, when no guard may hold a socket to it any more. */
export async function fakeModel(options: FakeModelOptions = {}): Promise<FakeModel> {
  const model = await startFakeModel({ mind: says(LINE), tokenMs: 3, keep: 10_000, ...options });
  models.push(model);
  return model;
}

/** A responder of one fake model, for a config. */
export const responderAt = (model: FakeModel, type: Type, more: Record<string, unknown> = {}) => ({
  type,
  model: `${type}-test`,
  base_url: model.baseUrl[type],
  ...more,
});

/** A real guard on loopback whose agent `default` is answered by the responder `model`. */
export async function modelGuard(
  responders: Record<string, unknown>,
  changes: Record<string, unknown> = {},
  clock: Clock = wallClock,
): Promise<ModelGuard> {
  const counted = counting(clock);
  const lines: string[] = [];
  const records = memoryRecords({ clock });
  const guard = await startGuard({
    config: configOf({ responders, agents: { default: { responder: 'model' } }, ...changes }),
    secrets: {},
    records,
    log: createLog('debug', { write: (line) => void lines.push(line) }),
    clock: counted.clock,
  });
  const clients: ModelCaller[] = [];
  guards.push({ guard, clients, timers: counted.running });
  return {
    guard,
    timers: counted.running,
    logText: () => lines.join(''),
    providers: () =>
      lines.flatMap((line) => {
        const { provider, outcome, code } = JSON.parse(line) as Record<string, string | undefined>;
        return provider ? [`${provider} ${outcome ?? 'answered'}${code ? ` ${code}` : ''}`] : [];
      }),
    async call(agentName = 'default') {
      const callId = newCallId();
      const client = new ModelCaller(`ws://127.0.0.1:${guard.port}/llm-websocket/${agentName}/${callId}`, callId);
      clients.push(client);
      await once(client.socket, 'open');
      client.details();
      await client.reply(0);
      return client;
    },
    async hangUp(client) {
      client.socket.close(1000);
      await client.closed;
      const find = () => records.records.find(({ callId, endedAt }) => callId === client.callId && endedAt > 0);
      await expect.poll(find, { interval: 2, timeout: 3_000 }).toBeDefined();
      return find() as CallRecord;
    },
  };
}

/** Nothing of a call is left: no request under way, no timer of the guard. */
export async function expectQuiet({ timers }: ModelGuard, ...served: FakeModel[]): Promise<void> {
  const left = () => ({ timers: timers(), requests: served.reduce((sum, one) => sum + one.openRequests(), 0) });
  await expect.poll(left, { interval: 5, timeout: 2_000 }).toEqual({ timers: 0, requests: 0 });
}

/** Timers that keep this process alive, such as those of requests to models. */
export const processTimers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;

function counting(inner: Clock): { readonly clock: Clock; readonly running: () => number } {
  const running = new Set<object>();
  return {
    running: () => running.size,
    clock: {
      now: () => inner.now(),
      after(ms, fn) {
        const mine = {};
        running.add(mine);
        const cancel = inner.after(ms, () => {
          running.delete(mine);
          fn();
        });
        return () => {
          running.delete(mine);
          cancel();
        };
      },
    },
  };
}

afterEach(async () => {
  for (const { guard, clients, timers } of guards.splice(0)) {
    for (const client of clients) client.socket.terminate();
    await guard.close();
    expect(timers()).toBe(0);
  }
  for (const model of models.splice(0)) {
    await expect.poll(() => model.openSockets(), { interval: 5, timeout: 2_000 }).toBe(0);
    await model.close();
  }
});
