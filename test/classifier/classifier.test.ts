import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ANSWER_SCHEMA, ANSWERS } from '../../src/classifier/answer.ts';
import { type ClassifiedEvent, createClassifier } from '../../src/classifier/classifier.ts';
import { DaySpending } from '../../src/classifier/spending.ts';
import type { ModelClient } from '../../src/responders/model-client.ts';
import { ResponderError } from '../../src/responders/responder.ts';
import {
  askOnce,
  HandClock,
  HOUR_MS,
  handModel,
  parts,
  quoted,
  readyModel,
  said,
  settled,
  usage,
} from './classifier-kit.ts';

const PITCH = { answer: 'sales_pitch', confidence: 'high' } as const;
const answered = { type: 'classified', turn: 1, result: 'answered', ...PITCH };
const pitching = () => readyModel(() => ({ value: PITCH, usage: usage(0.01) }));

describe('a question', () => {
  it('holds the prompt of the agent and the quoted transcript, and asks for the schema', async () => {
    const model = handModel();
    const call = createClassifier(parts(model)).open('call_1');
    const events: ClassifiedEvent[] = [];
    call.ask({ turn: 3, agent: 'front', transcript: said('hello', 'press one') }, (event) => events.push(event));
    expect(model.pending[0]?.question).toMatchObject({
      system: 'You sort calls to front.',
      content: quoted(said('hello', 'press one')),
      schema: ANSWER_SCHEMA,
    });
    model.pending[0]?.give(PITCH);
    await settled();
    expect(events).toEqual([{ ...answered, turn: 3 }]);
  });

  it('is asked one at a time; another one meanwhile comes to nothing', async () => {
    const model = handModel();
    const call = createClassifier(parts(model)).open('call_1');
    const events: ClassifiedEvent[] = [];
    for (const turn of [1, 2]) call.ask({ turn, agent: 'a', transcript: said('x') }, (event) => events.push(event));
    expect(events).toEqual([]);
    await settled();
    expect(events).toEqual([{ type: 'classified', turn: 2, result: 'failed' }]);
    expect(model.pending).toHaveLength(1);
    model.pending[0]?.give(PITCH);
    await settled();
    expect(events[1]).toEqual(answered);
    call.ask({ turn: 3, agent: 'a', transcript: said('y') }, () => {});
    expect(model.pending).toHaveLength(2);
  });

  it('of one call does not wait for that of another', () => {
    const model = handModel();
    const classifier = createClassifier(parts(model));
    for (const id of ['a', 'b', 'c']) classifier.open(id).ask({ turn: 1, agent: 'a', transcript: said(id) }, () => {});
    expect(model.pending).toHaveLength(3);
  });

  it('whose prompt cannot be made comes to nothing', async () => {
    const onFailure = vi.fn();
    const system = (): string => {
      throw new Error('no such agent');
    };
    const call = createClassifier(parts(pitching(), { system, onFailure })).open('call_1');
    expect(await askOnce(call, 'x')).toEqual({ type: 'classified', turn: 1, result: 'failed' });
    expect(onFailure.mock.calls).toEqual([['no-question', 'call_1']]);
  });
});

describe('an answer', () => {
  it('after the deadline is late, and the request is given up', async () => {
    const [model, clock, onFailure] = [handModel(), new HandClock(), vi.fn()];
    const call = createClassifier(parts(model, { clock, deadlineMs: 4_000, onFailure })).open('call_1');
    const events: ClassifiedEvent[] = [];
    call.ask({ turn: 1, agent: 'a', transcript: said('x') }, (event) => events.push(event));
    clock.pass(3_999);
    expect(events).toEqual([]);
    clock.pass(1);
    expect(events).toEqual([{ type: 'classified', turn: 1, result: 'late' }]);
    expect(model.pending[0]?.signal.aborted).toBe(true);
    await settled();
    expect(events).toHaveLength(1);
    expect(onFailure.mock.calls).toEqual([['timed-out', 'call_1']]);
    // The next question may be asked.
    call.ask({ turn: 2, agent: 'a', transcript: said('x', 'y') }, () => {});
    expect(model.pending).toHaveLength(2);
  });

  it('that comes after all is not told, but counted and remembered: it was paid for', async () => {
    const clock = new HandClock();
    type Given = Awaited<ReturnType<ModelClient['ask']>>;
    let give: ((answer: Given) => void) | undefined;
    const deaf: ModelClient = {
      ...handModel(),
      ask: () =>
        new Promise((resolve) => {
          give = resolve;
        }),
    };
    const classifier = createClassifier(parts(deaf, { clock }));
    const call = classifier.open('call_1');
    const late = askOnce(call, 'x');
    clock.pass(4_000);
    expect(await late).toMatchObject({ result: 'late' });
    give?.({ value: PITCH, usage: usage(0.01) });
    await settled();
    expect(call.usage()).toMatchObject([{ requests: 1, cost: 0.01 }]);
    expect(await askOnce(classifier.open('call_2'), 'x')).toEqual(answered);
  });

  it('leaves no timer behind', async () => {
    const clock = new HandClock();
    const call = createClassifier(parts(pitching(), { clock })).open('call_1');
    await askOnce(call, 'x');
    expect(clock.timers.size).toBe(0);
  });

  it.each<[string, unknown]>([
    ['a wrong category', { answer: 'hang_up_now', confidence: 'high' }],
    ['words besides', { ...PITCH, say: 'goodbye' }],
    ['no object', 'customer'],
    ['nothing', undefined],
  ])('of another form fails: %s', async (_name, value) => {
    const onFailure = vi.fn();
    const call = createClassifier(
      parts(
        readyModel(() => ({ value, usage: usage(0.02) })),
        { onFailure },
      ),
    ).open('c');
    expect(await askOnce(call, 'x')).toEqual({ type: 'classified', turn: 1, result: 'failed' });
    expect(onFailure.mock.calls).toEqual([['wrong-form', 'c']]);
    expect(call.usage()).toMatchObject([{ requests: 1, cost: 0.02 }]);
  });

  it('is an event of the core whatever the model says, with nothing of what it said besides', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (value) => {
        const event = await askOnce(createClassifier(parts(readyModel(() => ({ value })))).open('c'), 'x');
        const { type, turn, result, answer = 'unsure', confidence = 'low', ...rest } = event;
        expect([type, turn, rest]).toEqual(['classified', 1, {}]);
        expect(['answered', 'failed']).toContain(result);
        expect(ANSWERS).toContain(answer);
        expect(['low', 'medium', 'high']).toContain(confidence);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a model that does not answer', () => {
  it.each<[string, unknown, string, string]>([
    ['a server error', new ResponderError('server-error', 'x', { retryable: true }), 'failed', 'server-error'],
    ['a time-out of its own', new ResponderError('timed-out', 'x', { retryable: true }), 'late', 'timed-out'],
    ['anything', new TypeError('boom'), 'failed', 'bad-answer'],
    ['no error at all', undefined, 'failed', 'bad-answer'],
  ])('%s', async (_name, error, result, why) => {
    const onFailure = vi.fn();
    const model = handModel();
    const call = createClassifier(parts(model, { onFailure })).open('call_1');
    const event = askOnce(call, 'x');
    model.pending[0]?.refuse(error);
    expect(await event).toEqual({ type: 'classified', turn: 1, result });
    expect(onFailure.mock.calls).toEqual([[why, 'call_1']]);
  });

  it('or throws at once, or whose failure cannot be told, does no harm', async () => {
    const client = {
      ...handModel(),
      ask: () => {
        throw new Error('at once');
      },
    };
    const onFailure = () => {
      throw new Error('the log is full');
    };
    const call = createClassifier(parts(client, { onFailure })).open('call_1');
    expect(await askOnce(call, 'x')).toMatchObject({ result: 'failed' });
  });

  it('because of its rate limit is left alone for as long as it asks, by all calls', async () => {
    const [model, clock] = [handModel(), new HandClock()];
    const classifier = createClassifier(parts(model, { clock }));
    const first = askOnce(classifier.open('a'), 'x');
    model.pending[0]?.refuse(new ResponderError('rate-limited', 'x', { retryable: true, retryAfterMs: 20_000 }));
    await first;
    clock.pass(19_999);
    expect(await askOnce(classifier.open('b'), 'y')).toMatchObject({ result: 'failed' });
    expect(model.pending).toHaveLength(1);
    clock.pass(1);
    void askOnce(classifier.open('b'), 'y');
    expect(model.pending).toHaveLength(2);
    // However long it asks for, not for ever.
    model.pending[1]?.refuse(new ResponderError('rate-limited', 'x', { retryable: true, retryAfterMs: 1e9 }));
    await settled();
    clock.pass(60_000);
    void askOnce(classifier.open('c'), 'z');
    expect(model.pending).toHaveLength(3);
  });
});

describe('closing a call', () => {
  it('gives up what is under way, and no event comes after', async () => {
    const [model, clock] = [handModel(), new HandClock()];
    const call = createClassifier(parts(model, { clock })).open('call_1');
    const done = vi.fn();
    call.ask({ turn: 1, agent: 'a', transcript: said('x') }, done);
    call.close();
    expect(model.pending[0]?.signal.aborted).toBe(true);
    clock.pass(10_000);
    call.ask({ turn: 2, agent: 'a', transcript: said('y') }, done);
    await settled();
    expect(done).not.toHaveBeenCalled();
    expect(model.pending).toHaveLength(1);
    expect(clock.timers.size).toBe(0);
  });

  it('holds back an answer that was known already', async () => {
    const classifier = createClassifier(parts(pitching()));
    await askOnce(classifier.open('a'), 'x');
    const call = classifier.open('b');
    const done = vi.fn();
    call.ask({ turn: 1, agent: 'default', transcript: said('x') }, done);
    call.close();
    await settled();
    expect(done).not.toHaveBeenCalled();
  });
});

describe('the same transcript', () => {
  it('is not paid for twice', async () => {
    const ask = vi.fn(pitching().ask);
    const classifier = createClassifier(parts({ ...pitching(), ask }));
    expect(await askOnce(classifier.open('a'), 'press one')).toEqual(answered);
    const second = classifier.open('b');
    expect(await askOnce(second, 'press one', 9)).toEqual({ ...answered, turn: 9 });
    expect(ask).toHaveBeenCalledTimes(1);
    expect(second.usage()).toEqual([]);
    await askOnce(second, 'press two');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('is another one for an agent with another prompt; failures are not kept', async () => {
    const ask = vi.fn(async () => ({ value: 'nonsense' as unknown }));
    const call = createClassifier(parts({ ...handModel(), ask })).open('a');
    const of = (agent: string) =>
      new Promise((resolve) => call.ask({ turn: 1, agent, transcript: said('x') }, resolve));
    await of('front');
    ask.mockResolvedValue({ value: PITCH });
    expect(await of('front')).toEqual(answered);
    await of('back');
    expect(ask).toHaveBeenCalledTimes(3);
  });
});

describe('limits', () => {
  const limited = { type: 'classified', turn: 1, result: 'limited' };

  it('of a call hold for that call', async () => {
    const classifier = createClassifier(parts(pitching(), { limits: { perDay: 100, costPerCall: 0.02 } }));
    const call = classifier.open('a');
    expect(await askOnce(call, '1')).toEqual(answered);
    expect(await askOnce(call, '2')).toEqual(answered);
    expect(await askOnce(call, '3')).toEqual(limited);
    // What is known costs nothing.
    expect(await askOnce(call, '1')).toEqual(answered);
    expect(await askOnce(classifier.open('b'), '3')).toEqual(answered);
    expect(call.usage()).toEqual([
      { model: 'test-model', requests: 2, inputTokens: 200, cachedTokens: 100, outputTokens: 20, cost: 0.02 },
    ]);
  });

  it('of a day hold for all calls until midnight UTC', async () => {
    const clock = new HandClock();
    const classifier = createClassifier(parts(pitching(), { clock, limits: { perDay: 100, costPerDay: 0.02 } }));
    expect(await askOnce(classifier.open('a'), '1')).toEqual(answered);
    expect(await askOnce(classifier.open('b'), '2')).toEqual(answered);
    expect(await askOnce(classifier.open('c'), '3')).toEqual(limited);
    clock.pass(12 * HOUR_MS);
    expect(await askOnce(classifier.open('d'), '3')).toEqual(answered);
  });

  it('of number count each question, answered or not; unknown cost counts as that alone', async () => {
    const model = readyModel(() => ({ value: 'nonsense', usage: usage(null) }));
    const classifier = createClassifier(parts(model, { limits: { perDay: 2, costPerDay: 0.001, costPerCall: 0.001 } }));
    const call = classifier.open('a');
    expect(await askOnce(call, '1')).toMatchObject({ result: 'failed' });
    expect(await askOnce(call, '2')).toMatchObject({ result: 'failed' });
    expect(await askOnce(call, '3')).toEqual(limited);
    expect(call.usage()).toMatchObject([{ requests: 2, cost: null }]);
  });

  it('of a day outlive the classifier where they are held by somebody else', async () => {
    const clock = new HandClock();
    const shared = { clock, limits: { perDay: 1 }, spending: new DaySpending(() => clock.now()) };
    expect(await askOnce(createClassifier(parts(pitching(), shared)).open('a'), '1')).toEqual(answered);
    expect(await askOnce(createClassifier(parts(pitching(), shared)).open('a'), '2')).toEqual(limited);
  });
});
