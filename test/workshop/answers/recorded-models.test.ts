import { describe, expect, it } from 'vitest';
import { UNRECORDED } from '../../../src/workshop/answers/recorded-models.ts';
import { FAULT_NAMES } from '../../../src/workshop/fake-model/faults.ts';
import { fakeModel, faultsOf, filesIn, fixture, newDirectory, play } from './answers-kit.ts';

const CALLS = ['person-wrong-number', 'robocall-car-warranty', 'silent-line'].map(fixture);
const [PERSON, ROBOCALL] = CALLS.map((one) => [one] as const);
if (PERSON === undefined || ROBOCALL === undefined) throw new Error('no fixtures');

describe.each(['openai', 'anthropic'] as const)('recorded answers of %s', (type) => {
  it('replays without the server what was recorded, to the millisecond', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    const recorded = await play(CALLS, model, { directory, mode: 'record', type });
    const { requests } = model.counts();
    await model.close();
    const replayed = await play(CALLS, model, { directory, type });
    expect(replayed.calls).toEqual(recorded.calls);
    expect([replayed.missing(), recorded.missing(), faultsOf(replayed)]).toEqual([[], [], []]);
    expect(model.counts().requests).toBe(requests);

    const [stamp] = replayed.used();
    expect(stamp).toEqual(recorded.used()[0]);
    expect(stamp).toMatchObject({ type, model: 'fake', endpoint: model.baseUrl[type], vendor: false });
    expect(stamp?.answers).toBeGreaterThanOrEqual(requests);
    expect(Math.abs(Date.now() - (stamp?.recordedTo ?? 0))).toBeLessThan(30_000);

    // Tokens, costs, tools and the classifier came through, and each answer took its time.
    const records = replayed.calls.map(({ record }) => record);
    const models = records.flatMap((record) => record?.models ?? []);
    expect(new Set(models.map(({ purpose }) => purpose))).toEqual(new Set(['reply', 'classify']));
    expect(models.every(({ cost, outputTokens }) => cost !== null && cost > 0 && outputTokens > 0)).toBe(true);
    const signals = records.flatMap((record) => record?.evidence ?? []).flatMap(({ evidence }) => evidence);
    expect(signals.map(({ signal }) => signal)).toEqual(expect.arrayContaining(['model-report', 'llm-classifier']));
    const waits = records.flatMap((record) => record?.latency ?? []).map(({ firstPieceMs }) => firstPieceMs ?? 0);
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(12);
  });
});

describe('recorded answers', () => {
  it('are missed under another prompt, and the call and the list say so', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    await play(PERSON, model, { directory, mode: 'record' });
    const asked = model.counts().requests;
    const edited = await play(PERSON, model, { directory, scope: 'the other shop' });
    expect(faultsOf(edited)).toContain(`reply: ${UNRECORDED}`);
    expect(edited.missing()).toContainEqual({
      responder: 'fake',
      type: 'openai',
      model: 'fake',
      endpoint: model.baseUrl.openai,
      systemHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      purpose: 'reply',
      requests: expect.any(Number),
      promptUnknown: true,
    });
    const other = await play(ROBOCALL, model, { directory });
    expect(other.missing().map(({ purpose, promptUnknown }) => [purpose, promptUnknown])).toContainEqual([
      'reply',
      false,
    ]);
    expect(model.counts().requests, 'a replay asks nobody').toBe(asked);
  });

  it('are missed where the classifier needs them, though no fault tells of it', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    await play(PERSON, model, { directory, mode: 'record', classifier: false });
    const replayed = await play(PERSON, model, { directory });
    expect(replayed.missing().map(({ purpose }) => purpose)).toContain('classify');
    expect(faultsOf(replayed)).toEqual([]);
  });

  it('are paid for once when a recording is interrupted and begun again', async () => {
    const fresh = await fakeModel();
    await play(CALLS, fresh, { directory: newDirectory(), mode: 'record' });

    const directory = newDirectory();
    const model = await fakeModel();
    let over = 0;
    const until = { onCall: () => over++, stopped: () => over > 0, concurrency: 1 };
    const first = await play(CALLS, model, { directory, mode: 'record', options: until });
    expect(first.calls).toHaveLength(1);
    expect(model.counts().requests).toBeLessThan(fresh.counts().requests);
    await play(CALLS, model, { directory, mode: 'record' });
    await play(CALLS, model, { directory, mode: 'record' });
    expect(model.counts().requests).toBe(fresh.counts().requests);
  });

  it('are others for every repeat', async () => {
    const directory = newDirectory();
    const model = await fakeModel();
    await play(PERSON, model, { directory, mode: 'record' });
    const once = model.counts().requests;
    expect((await play(PERSON, model, { directory, repeat: 2 })).missing().length).toBeGreaterThan(0);
    await play(PERSON, model, { directory, mode: 'record', repeat: 2 });
    expect(model.counts().requests).toBe(2 * once);
  });

  it('are neither read nor written without a directory, and not written when asked anew', async () => {
    const model = await fakeModel();
    const directory = newDirectory();
    const asked = await play(PERSON, model, { directory, mode: 'ask' });
    const { requests } = model.counts();
    expect(asked.used()[0]?.answers).toBe(requests);
    expect(filesIn(directory)).toEqual([]);
    await play(PERSON, model, { directory: null, mode: 'record' });
    expect(model.counts().requests).toBe(2 * requests);
    expect((await play(PERSON, model, { directory: null })).missing().length).toBeGreaterThan(0);
  });

  it('hold no prompt and no words of the caller but those that the model repeated', async () => {
    const directory = newDirectory();
    await play(PERSON, await fakeModel(), { directory, mode: 'record' });
    const all = filesIn(directory)
      .map(({ text }) => text)
      .join('');
    expect(all).toContain('"pieces"');
    expect(all).not.toMatch(/five five five|hit the wrong button|You answer the phone|<caller>/i);
  });

  it('are asked for again where an error may pass, while time stands still', async () => {
    const failing = new Map([
      [0, '500'],
      [1, 'reset-mid'],
      [3, '429'],
      [5, 'empty'],
    ] as const);
    const model = await fakeModel({
      retryAfterS: 0,
      fault: ({ number }) => FAULT_NAMES.find((name) => failing.get(number as 0) === name),
    });
    const directory = newDirectory();
    const how = { directory, mode: 'record', classifier: false } as const;
    const recorded = await play(PERSON, model, how);
    expect(model.counts().faults).toBe(4);
    expect(faultsOf(recorded)).toEqual([]);
    expect((await play(PERSON, model, { ...how, mode: 'replay' })).calls).toEqual(recorded.calls);
  });
});
