import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../src/workshop/fake-model/faults.ts';
import {
  BEGINNING,
  expectLawful,
  expectQuiet,
  FALLBACK,
  fakeModel,
  LINE,
  modelGuard,
  processTimers,
  responderAt,
  saidTo,
  TYPES,
  type Type,
} from './model-kit.ts';

/** Long, so that a timer which is left behind is seen. */
const FIRST_TOKEN_MS = 20_000;
const PRICE = { input: 1, output: 4 };

/** One call with two turns; the model meets the fault in every request but the first `spared`, or in the first alone. */
async function callWith(type: Type, fault: FaultName | undefined, only: 'every' | 'first') {
  const before = processTimers();
  const model = await fakeModel({
    retryAfterS: 0.2,
    fault: ({ number }) => (only === 'every' || number === 0 ? fault : undefined),
  });
  const guard = await modelGuard({
    model: responderAt(model, type, {
      first_token_ms: FIRST_TOKEN_MS,
      stall_ms: fault === 'stall-mid' ? 150 : 20_000,
      price: PRICE,
    }),
  });
  const client = await guard.call();
  client.ask(1, saidTo(client, 'Do you have a table?'));
  const first = await client.reply(1);
  client.ask(2, saidTo(client, 'Do you have a table?', 'And what are your hours?'));
  const second = await client.reply(2);
  const record = await guard.hangUp(client);
  expectLawful(client);
  await expectQuiet(guard, model);
  await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
  return { model, guard, client, first, second, record };
}

describe.each(TYPES)('%s', (type) => {
  it('answers, and its tokens and their cost are in the record', async () => {
    const { first, second, record, model } = await callWith(type, undefined, 'every');
    expect([first, second]).toEqual([LINE, LINE]);
    expect(record.faults).toEqual([]);
    expect(record.models).toEqual([
      {
        purpose: 'reply',
        model: `${type}-test`,
        requests: 2,
        inputTokens: expect.any(Number),
        cachedTokens: expect.any(Number),
        outputTokens: expect.any(Number),
        cost: expect.any(Number),
      },
    ]);
    const [use] = record.models ?? [];
    expect(use?.inputTokens).toBeGreaterThan(500);
    expect(use?.outputTokens).toBeGreaterThan(20);
    expect(use?.cost).toBeCloseTo(((use?.inputTokens ?? 0) + 4 * (use?.outputTokens ?? 0)) / 1e6, 9);
    expect(model.counts()).toMatchObject({ requests: 2, refused: 0, cancelled: 0 });
  });

  it('says all of an answer that comes a byte at a time', async () => {
    const { first, second, record } = await callWith(type, 'drip', 'every');
    expect([first, second]).toEqual([LINE, LINE]);
    expect(record.faults).toEqual([]);
  });

  it.each(['429', '500', '529', 'reset', 'empty', 'bad-tool'] as const)(
    'is asked once more after: %s',
    async (fault) => {
      const { first, second, record, model, client } = await callWith(type, fault, 'first');
      expect([first, second]).toEqual([LINE, LINE]);
      expect(record.faults).toEqual([]);
      expect(model.counts().requests).toBe(3);
      if (fault === '429') expect(client.heardMs(1)).toBeGreaterThanOrEqual(200);
    },
  );

  it.each([
    ['400', 1, 'the model server answered 400'],
    ['429', 2, 'the model server answered 429'],
    ['500', 2, 'the model server answered 500'],
    ['529', 2, 'the model server answered 529'],
    ['reset', 2, 'the connection to the model server failed'],
    ['empty', 2, 'the answer is empty'],
    ['bad-tool', 2, 'the arguments of a tool call are not a JSON object'],
  ] as const)('is replaced by a sentence of the guard when it does nothing but: %s', async (fault, asks, named) => {
    const { first, second, record, model } = await callWith(type, fault, 'every');
    expect([first, second]).toEqual([FALLBACK, FALLBACK]);
    expect(record.faults).toEqual([expect.stringContaining(named)]);
    expect(model.counts().requests).toBe(2 * asks);
  });

  it.each([
    ['reset-mid', 'the connection to the model server failed'],
    ['error-mid', 'the model server'],
    ['bad-json', 'broken JSON'],
    ['stall-mid', 'the answer stalled'],
    ['content-filter', 'the answer stopped early'],
    ['length', 'the answer stopped early (length)'],
  ] as const)('that breaks off in the middle is followed by a sentence of the guard: %s', async (fault, named) => {
    const { first, second, record, model } = await callWith(type, fault, 'every');
    for (const said of [first, second]) {
      expect(said).toContain(BEGINNING);
      expect(said.endsWith(` ${FALLBACK}`)).toBe(true);
      expect(said).not.toContain('window');
    }
    expect(record.faults).toEqual([expect.stringContaining(named)]);
    // Asked again, the caller would hear the beginning twice.
    expect(model.counts().requests).toBe(2);
  });

  it('that refuses is heard', async () => {
    const { first, record } = await callWith(type, 'refusal', 'every');
    expect(first).toBe('I cannot help with that.');
    expect(record.faults).toEqual(['reply: the answer stopped early (refusal)']);
  });

  // Some servers never say why they stopped: without an error it may have been the end.
  it('whose body ends in order without a reason is heard as far as it came', async () => {
    const { first, second, model } = await callWith(type, 'cut', 'every');
    expect([first, second].map((said) => said !== '' && LINE.startsWith(said))).toEqual([true, true]);
    expect(model.counts().requests).toBe(2);
  });
});
