import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../src/workshop/fake-model/faults.ts';
import type { FakeModel } from '../../src/workshop/fake-model/start-fake-model.ts';
import {
  expectLawful,
  expectQuiet,
  FALLBACK,
  fakeModel,
  LINE,
  type ModelGuard,
  modelGuard,
  processTimers,
  responderAt,
  saidTo,
  type Type,
} from './model-kit.ts';

const PRICE = { input: 1, output: 4 };

/** Both APIs, in order; the first meets the fault in every request. */
async function both(one: Type, other: Type, fault: FaultName): Promise<{ model: FakeModel; guard: ModelGuard }> {
  const model = await fakeModel({
    mind: ({ dialect }) => ({ text: dialect === other ? 'The other one speaks.' : LINE }),
    fault: ({ dialect }) => (dialect === one ? fault : undefined),
  });
  const guard = await modelGuard({
    model: { type: 'providers', providers: [one, other] },
    [one]: responderAt(model, one, { first_token_ms: 300, stall_ms: 150, price: PRICE }),
    [other]: responderAt(model, other, { price: PRICE }),
  });
  return { model, guard };
}

describe.each([
  ['openai', 'anthropic'],
  ['anthropic', 'openai'],
] as const)('%s, then %s', (one, other) => {
  it.each([
    ['400', 'refused'],
    ['429', 'rate-limited'],
    ['500', 'server-error'],
    ['529', 'server-error'],
    ['reset', 'unreachable'],
    ['empty', 'bad-answer'],
    ['bad-tool', 'bad-answer'],
    ['silent', undefined],
    ['stall', undefined],
  ] as const)('the second answers when the first does nothing but: %s', async (fault, code) => {
    const before = processTimers();
    const { model, guard } = await both(one, other, fault);
    const client = await guard.call();
    for (const turn of [1, 2]) {
      client.ask(turn, saidTo(client, ...Array.from({ length: turn }, (_, i) => `Question number ${i}, please?`)));
      expect(await client.reply(turn)).toBe('The other one speaks.');
      expect(client.heardMs(turn)).toBeLessThan(1_500);
    }
    const record = await guard.hangUp(client);
    expect(guard.providers()).toContain(code ? `${one} failed ${code}` : `${one} late`);
    expect(guard.providers().filter((line) => line === `${other} answered`)).toHaveLength(2);
    const use = record.models?.find(({ model: name }) => name === `${other}-test`);
    expect(use).toMatchObject({ purpose: 'reply', requests: 2 });
    expect(use?.cost).toBeGreaterThan(0);
    expectLawful(client);
    await expectQuiet(guard, model);
    await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
  });

  it.each(['reset-mid', 'error-mid', 'bad-json', 'stall-mid', 'length'] as const)(
    'the second is not asked once the first was heard: %s',
    async (fault) => {
      const { model, guard } = await both(one, other, fault);
      const client = await guard.call();
      client.ask(1, saidTo(client, 'Do you have a table?'));
      const said = await client.reply(1);
      expect(said).toContain('We are open from');
      expect(said.endsWith(FALLBACK)).toBe(true);
      expect((await guard.hangUp(client)).faults).toHaveLength(1);
      expect(model.requests.map(({ dialect }) => dialect)).toEqual([one]);
      expectLawful(client);
      await expectQuiet(guard, model);
    },
  );

  it('a first one that is down is left alone after five answers', async () => {
    const { model, guard } = await both(one, other, '529');
    const client = await guard.call();
    for (let turn = 1; turn <= 7; turn++) {
      client.ask(turn, saidTo(client, `Question number ${turn}, please?`));
      expect(await client.reply(turn)).toBe('The other one speaks.');
    }
    await guard.hangUp(client);
    expect(model.requests.filter(({ dialect }) => dialect === one)).toHaveLength(10);
    expect(guard.providers().filter((line) => line === `${one} skipped`)).toHaveLength(2);
    expectLawful(client);
  });
});
