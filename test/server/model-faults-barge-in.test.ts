import { describe, expect, it } from 'vitest';
import { randomFaults } from '../../src/workshop/fake-model/fault-plan.ts';
import { FAULT_NAMES, type FaultName } from '../../src/workshop/fake-model/faults.ts';
import { seededRng } from '../../src/workshop/player/rng.ts';
import {
  expectLawful,
  expectQuiet,
  FALLBACK,
  fakeModel,
  LINE,
  type ModelCaller,
  modelGuard,
  processTimers,
  responderAt,
  saidTo,
  TYPES,
  type Type,
} from './model-kit.ts';

const QUICK = { first_token_ms: 200, stall_ms: 120 };
const HASTY = { latency: { fallback_ms: 500 } };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers are a token every 8 ms: in the middle of them, and at every place before. */
const MOMENTS = [0, 1, 4, 12, 30, 60, 100, 140, 210, 350];

/** Cuts in on turn 1 after so many milliseconds, and on turn 2 with the first words of its answer. */
async function cutIn(client: ModelCaller, ms: number): Promise<void> {
  client.ask(1, saidTo(client, 'Do you have a table?'));
  await pause(ms);
  const cut = !client.isComplete(1);
  if (cut) await client.bargeIn(2, saidTo(client, 'Do you have a table?', 'For two.'));
  else client.ask(2, saidTo(client, 'Do you have a table?', 'For two.'));
  await client.until(() => client.said(2) !== '', 'the first words of turn 2');
  if (client.isComplete(2)) client.ask(3, saidTo(client, 'Do you have a table?', 'For two.', 'By the window.'));
  else await client.bargeIn(3, saidTo(client, 'Do you have a table?', 'For two.', 'By the window.'));
  await client.reply(3);
}

/** Calls that are cut in on at every moment. */
async function cutInOn(type: Type, fault: FaultName | undefined): Promise<void> {
  const model = await fakeModel({ tokenMs: 8, fault: () => fault, retryAfterS: 0.1, stallMs: 3_000 });
  // Where nothing stalls, a slow machine is no reason to give up.
  const stalls = fault === 'silent' || fault?.startsWith('stall') === true;
  const guard = await modelGuard({ model: responderAt(model, type, stalls ? QUICK : {}) }, stalls ? HASTY : {});
  const clients = await Promise.all(MOMENTS.map(() => guard.call()));
  await Promise.all(clients.map((client, i) => cutIn(client, MOMENTS[i] ?? 0)));
  for (const client of clients) {
    expect(client.said(3)).not.toBe('');
    if (fault === undefined || fault === 'drip') expect(client.said(3)).toBe(LINE);
    await guard.hangUp(client);
    expectLawful(client);
  }
  await expectQuiet(guard, model);
}

describe('a caller who cuts in never hears an old answer behind a newer turn', () => {
  it.each(['no fault', ...FAULT_NAMES] as const)('%s', async (fault) => {
    const before = processTimers();
    await Promise.all(TYPES.map((type) => cutInOn(type, fault === 'no fault' ? undefined : fault)));
    await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
  });
});

it('40 calls hold to it, whatever goes wrong at both providers and whenever they cut in', async () => {
  const before = processTimers();
  const chances = FAULT_NAMES.map((fault: FaultName) => ({ fault, probability: 0.04 }));
  const model = await fakeModel({
    tokenMs: 4,
    retryAfterS: 0.1,
    stallMs: 2_000,
    fault: randomFaults(chances, 'model-faults'),
  });
  const guard = await modelGuard(
    {
      model: { type: 'providers', providers: ['openai', 'anthropic'] },
      openai: responderAt(model, 'openai', QUICK),
      anthropic: responderAt(model, 'anthropic', QUICK),
    },
    HASTY,
  );
  const clients = await Promise.all(Array.from({ length: 40 }, () => guard.call()));
  await Promise.all(
    clients.map(async (client, n) => {
      const rng = seededRng(`caller/${n}`);
      const said: string[] = [];
      for (let turn = 1; turn <= 8; turn++) {
        said.push(`Question number ${turn}, please?`);
        if (turn === 1 || client.isComplete(turn - 1)) client.ask(turn, saidTo(client, ...said));
        else await client.bargeIn(turn, saidTo(client, ...said));
        if (turn === 8 || rng.next() < 0.5) await client.reply(turn);
        else await pause(rng.next() * 150);
      }
      await guard.hangUp(client);
    }),
  );
  for (const client of clients) expectLawful(client);
  const told = clients.flatMap((client) => client.asked.map((id) => client.said(id)));
  expect(told.filter((said) => said === LINE).length).toBeGreaterThan(50);
  expect(told.filter((said) => said.includes(FALLBACK)).length).toBeGreaterThan(5);
  expect(model.counts().faults).toBeGreaterThan(50);
  await expectQuiet(guard, model);
  await expect.poll(processTimers, { interval: 5, timeout: 2_000 }).toBeLessThanOrEqual(before);
});
