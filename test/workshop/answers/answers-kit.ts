import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { stringify } from 'yaml';
import { parseConfig } from '../../../src/config.ts';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { type RecordedModels, recordedModels } from '../../../src/workshop/answers/recorded-models.ts';
import type { Mind } from '../../../src/workshop/fake-model/mind.ts';
import { readBack } from '../../../src/workshop/fake-model/read-back.ts';
import { receptionist } from '../../../src/workshop/fake-model/receptionist.ts';
import {
  type FakeModel,
  type FakeModelOptions,
  startFakeModel,
} from '../../../src/workshop/fake-model/start-fake-model.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { type PlayedHere, type PlayHereOptions, playHere } from '../../../src/workshop/play-here.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';
import type { Scenario } from '../../../src/workshop/player/scenario.ts';
import { VirtualClock } from '../../../src/workshop/player/virtual-clock.ts';

const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'answers-'));
  undo.push(() => rmSync(directory, { recursive: true }));
  return directory;
}

export async function fakeModel(options: FakeModelOptions = {}): Promise<FakeModel> {
  const model = await startFakeModel({ firstTokenMs: 12, tokenMs: 2, keep: 10_000, mind, ...options });
  undo.push(() => model.close());
  return model;
}

/** Reports callers who look for Tony; its classifier is never sure. */
const mind: Mind = (ask) => {
  const heard = readBack(ask).transcript.at(-1);
  const words = heard?.role === 'caller' ? heard.text : '';
  if (ask.schema !== undefined) return { text: JSON.stringify({ answer: 'unrelated', confidence: 'low' }) };
  if (!words.includes('Tony') || ask.messages.at(-1)?.role === 'tool') return receptionist(ask);
  const report = { category: 'unrelated', confidence: 'low', quote: words };
  return { text: '', toolCalls: [{ id: 'id_1', name: 'report_caller', arguments: JSON.stringify(report) }] };
};

export function fixture(name: string): Scenario {
  const [one] = loadFixtures(join(import.meta.dirname, `../../../fixtures/${name}.yaml`));
  if (one === undefined) throw new Error(name);
  return fixtureScenario(one);
}

export interface PlayWith {
  readonly directory: string | null;
  readonly mode?: 'replay' | 'record' | 'ask';
  readonly repeat?: number;
  readonly type?: 'openai' | 'anthropic';
  readonly responder?: Record<string, unknown>;
  readonly scope?: string;
  readonly classifier?: boolean;
  /** More responders; `fake` is the agent's unless `answering` names another. */
  readonly others?: Record<string, unknown>;
  readonly answering?: string;
  readonly options?: Partial<PlayHereOptions>;
}

export interface Played extends Pick<RecordedModels, 'missing' | 'used'> {
  /** Without `addedMs`, which is the wall's. */
  readonly calls: readonly PlayedHere[];
}

/** Plays scenarios in this process with recorded models. */
export async function play(scenarios: readonly Scenario[], model: FakeModel, how: PlayWith): Promise<Played> {
  const { directory, mode = 'replay', repeat = 1, type = 'openai', classifier = true, scope = 'the shop' } = how;
  const clock = new VirtualClock();
  const models = recordedModels({ directory, mode, repeat, clock });
  const spec = { type, model: 'fake', base_url: model.baseUrl[type], price: { input: 3, output: 15 } };
  const config = parseConfig(
    stringify({
      mode: 'enforce',
      responders: { fake: { ...spec, ...how.responder }, ...how.others },
      ...(classifier ? { classifier: { responder: 'fake' } } : {}),
      agents: { default: { responder: how.answering ?? 'fake', scope } },
    }),
    'test.yaml',
  );
  try {
    const calls = await playHere(scenarios, {
      clock,
      hold: models.hold,
      guard: { config, wrapModel: models.wrapModel },
      seed: 'answers',
      probeTexts,
      concurrency: 3,
      ...how.options,
    });
    return { calls: calls.map(withoutWall), missing: models.missing, used: models.used };
  } finally {
    models.close();
  }
}

function withoutWall(call: PlayedHere): PlayedHere {
  const { record } = call;
  if (record === null) return call;
  return { ...call, record: { ...record, latency: record.latency.map((one) => ({ ...one, addedMs: 0 })) } };
}

/** Files below a directory with their text. */
export function filesIn(directory: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

export const faultsOf = ({ calls }: Played): string[] => calls.flatMap(({ record }) => record?.faults ?? ['no record']);
