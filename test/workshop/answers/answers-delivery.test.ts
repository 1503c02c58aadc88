import { mkdirSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anthropicClient } from '../../../src/responders/anthropic.ts';
import type { ModelSpec } from '../../../src/responders/index.ts';
import type { ModelRequest } from '../../../src/responders/model-client.ts';
import { openAnswers } from '../../../src/workshop/answers/answer-directory.ts';
import { recordedModels } from '../../../src/workshop/answers/recorded-models.ts';
import type { FakeModel } from '../../../src/workshop/fake-model/start-fake-model.ts';
import { VirtualClock } from '../../../src/workshop/player/virtual-clock.ts';
import { fakeModel, faultsOf, filesIn, fixture, newDirectory, play } from './answers-kit.ts';

const REQUEST: ModelRequest = { system: 'Be brief.', tools: [], messages: [{ role: 'user', content: 'Hello there' }] };
const PERSON = [fixture('person-wrong-number')];

/** One model as a guard would use it, on a clock of its own. */
function client(model: FakeModel, directory: string, mode: 'record' | 'replay') {
  const clock = new VirtualClock();
  const models = recordedModels({ directory, mode, repeat: 1, clock });
  clock.holdFor(models.hold);
  const base_url = model.baseUrl.anthropic;
  const spec: ModelSpec = {
    type: 'anthropic',
    model: 'fake',
    base_url,
    max_tokens: 300,
    first_token_ms: 2000,
    stall_ms: 2000,
  };
  const bare = anthropicClient({ name: 'one', model: 'fake', baseUrl: base_url, apiKey: '', maxTokens: 300 });
  const wrapped = models.wrapModel(bare, spec);
  return {
    clock,
    models,
    /** An answer, with the virtual time at which each piece came. */
    async answer(abort = new AbortController()): Promise<[number, string][]> {
      const begun = clock.now();
      const got: [number, string][] = [];
      const all = (async () => {
        for await (const piece of wrapped.stream(REQUEST, abort.signal)) got.push([clock.now() - begun, piece.type]);
      })();
      await clock.run(all);
      return got;
    },
    close() {
      models.close();
      wrapped.close();
    },
  };
}

describe('a recorded answer', () => {
  it('takes as long in virtual time as the model did, and as long again in the replay', async () => {
    const directory = newDirectory();
    const model = await fakeModel({ firstTokenMs: 60, tokenMs: 10 });
    const recording = client(model, directory, 'record');
    const recorded = await recording.answer();
    recording.close();
    expect(recorded[0]?.[0]).toBeGreaterThanOrEqual(58);
    expect(recorded.at(-1)?.[0]).toBeGreaterThan((recorded[0]?.[0] ?? 0) + 10);
    expect(recorded.at(-1)?.[1]).toBe('finish');
    const replaying = client(model, directory, 'replay');
    const began = performance.now();
    expect(await replaying.answer()).toEqual(recorded);
    expect(performance.now() - began).toBeLessThan(55);
    replaying.close();
  });

  it('ends quietly at an abort, and is kept all the same', async () => {
    const directory = newDirectory();
    const model = await fakeModel({ firstTokenMs: 20, tokenMs: 10 });
    const recording = client(model, directory, 'record');
    const abort = new AbortController();
    recording.clock.after(45, () => abort.abort());
    const heard = await recording.answer(abort);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.some(([, type]) => type === 'finish')).toBe(false);
    expect(Math.max(...heard.map(([ms]) => ms))).toBeLessThanOrEqual(45);
    recording.close();
    const replaying = client(model, directory, 'replay');
    expect((await replaying.answer()).at(-1)?.[1]).toBe('finish');
    replaying.close();
  });

  it('is paid for once when it is wanted twice at a time, on one clock or on several', async () => {
    const directory = newDirectory();
    const model = await fakeModel({ firstTokenMs: 40 });
    const [one, two] = [client(model, directory, 'record'), client(model, directory, 'record')];
    const answers = await Promise.all([one.answer(), two.answer()]);
    expect(answers[1]).toEqual(answers[0]);
    expect(model.counts().requests).toBe(1);
    for (const each of [one, two]) each.close();
  });

  it('is read once while somebody keeps the directory open', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    const kept = openAnswers(directory);
    const recording = client(model, directory, 'record');
    const recorded = await recording.answer();
    recording.close();
    rmSync(directory, { recursive: true });
    mkdirSync(directory);
    const replaying = client(model, directory, 'replay');
    expect(await replaying.answer()).toEqual(recorded);
    replaying.close();
    kept.close();
    const later = client(model, directory, 'replay');
    await expect(later.answer()).rejects.toMatchObject({ message: 'no recorded answer', code: 'refused' });
    later.close();
  });

  it('is asked for three times and not kept where the model cannot answer', async () => {
    const directory = newDirectory();
    const model = await fakeModel({ fault: () => '500' });
    const recording = client(model, directory, 'record');
    const error = { code: 'server-error', message: 'the model server answered 500', retryable: false };
    await expect(recording.answer()).rejects.toMatchObject(error);
    expect(model.counts().requests).toBe(3);
    expect(filesIn(directory)).toEqual([]);
    recording.close();
  });

  it('is given up with the run', async () => {
    const model = await fakeModel({ firstTokenMs: 5_000 });
    const recording = client(model, newDirectory(), 'record');
    setTimeout(() => recording.close(), 30);
    await expect(recording.answer()).rejects.toMatchObject({ name: 'ResponderError', retryable: false });
    await expect.poll(() => model.openRequests()).toBe(0);
  });
});

describe('deadlines by the wall', () => {
  it('do not disturb the recording of a slow model that is alone and may be silent for long', async () => {
    const directory = newDirectory();
    const model = await fakeModel({ firstTokenMs: 250, tokenMs: 2 });
    // As an eval sets it, but for the first token: nobody else could be asked.
    const responder = { first_token_ms: 100, stall_ms: 30_000 };
    const alone = { one: { type: 'providers', providers: ['fake'] } };
    const how = { directory, mode: 'record', responder, others: alone, answering: 'one' } as const;
    const recorded = await play(PERSON, model, how);
    expect(faultsOf(recorded)).toEqual([]);
    expect((await play(PERSON, model, { ...how, mode: 'replay' })).calls).toEqual(recorded.calls);
  });
});
