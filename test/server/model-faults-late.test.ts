import { expect, it } from 'vitest';
import {
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
} from './model-kit.ts';

// Wall time with the defaults: all of them wait together.
it('a model that says nothing is replaced by a sentence of the guard within 4 s, and its request is dropped', async () => {
  const before = processTimers();
  const waits = TYPES.flatMap((type) =>
    (['silent', 'stall'] as const).map(async (fault) => {
      const model = await fakeModel({ fault: ({ number }) => (number === 0 ? fault : undefined) });
      const guard = await modelGuard({ model: responderAt(model, type) });
      const client = await guard.call();
      client.ask(1, saidTo(client, 'Do you have a table?'));
      await client.until(() => client.isComplete(1), `${type} ${fault}`, 5_000);
      expect(client.said(1)).toBe(FALLBACK);
      expect(client.heardMs(1)).toBeGreaterThan(3_400);
      expect(client.heardMs(1)).toBeLessThan(4_000);
      await expect.poll(() => model.openRequests(), { interval: 5 }).toBe(0);
      expect(model.counts()).toMatchObject({ requests: 1, cancelled: 1 });
      client.ask(2, saidTo(client, 'Do you have a table?', 'For two people.'));
      expect(await client.reply(2)).toBe(LINE);
      const record = await guard.hangUp(client);
      expect(record.faults).toEqual(['no reply in time: the fallback sentence was said']);
      expectLawful(client);
      await expectQuiet(guard, model);
    }),
  );
  const inOrder = TYPES.map(async (type) => {
    const other = TYPES.find((one) => one !== type) ?? type;
    const model = await fakeModel({ fault: () => 'silent' });
    const guard = await modelGuard({
      model: { type: 'providers', providers: [type, other] },
      [type]: responderAt(model, type),
      [other]: responderAt(model, other),
    });
    const client = await guard.call();
    client.ask(1, saidTo(client, 'Do you have a table?'));
    await client.until(() => client.isComplete(1), `${type}, then ${other}`, 5_000);
    expect(client.said(1)).toBe(FALLBACK);
    expect(model.requests.map(({ dialect }) => dialect)).toEqual([type, other]);
    await guard.hangUp(client);
    expectLawful(client);
    await expectQuiet(guard, model);
  });
  await Promise.all([...waits, ...inOrder]);
  await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
});
