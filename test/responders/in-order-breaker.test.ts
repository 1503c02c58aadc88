import { describe, expect, test } from 'vitest';
import { answersInOrder } from '../../src/responders/in-order.ts';
import { type Act, fakeClient, finish } from './fake-client.ts';
import { asking, between, CALL, collect, failure, HELLO, open, SPARE, wait } from './in-order-asking.ts';

describe('breakers', () => {
  test('open after five answers, skipped, and tested after a while', async () => {
    const main = fakeClient('main', [...Array<Act[]>(5).fill([failure('server-error', false)]), HELLO]);
    const { session, providers, events, outcomes } = asking([main, fakeClient('spare', [SPARE])]);
    for (let i = 0; i < 5; i += 1) {
      expect(providers[0]?.state()).toBe('closed');
      await collect(session);
    }
    expect(providers[0]?.state()).toBe('open');
    events.length = 0;
    expect((await collect(session)).said).toBe('Spare.');
    expect(outcomes()).toEqual(['main skipped', 'spare answered']);
    expect(main.requests).toHaveLength(5);
    await wait(110);
    expect((await collect(session)).said).toBe('Hello there.');
    expect(providers[0]?.state()).toBe('closed');
  });

  test('being late counts, being refused and empty answers do not', async () => {
    const late = asking([fakeClient('main', [['hang']]), fakeClient('spare', [SPARE])]);
    const refused = asking([fakeClient('main', [[failure('refused', false)]]), fakeClient('spare', [SPARE])]);
    const empty = asking([fakeClient('main', [[finish()]]), fakeClient('spare', [SPARE])]);
    for (let i = 0; i < 6; i += 1) for (const { session } of [late, refused, empty]) await collect(session);
    expect(late.providers[0]?.state()).toBe('open');
    expect(refused.providers[0]?.state()).toBe('closed');
    expect(empty.providers[0]?.state()).toBe('closed');
  });

  test('all open: the first is asked all the same', async () => {
    const { session, providers, outcomes } = asking([fakeClient('main', [HELLO]), fakeClient('spare', [SPARE])]);
    for (const provider of providers) await open(provider);
    expect((await collect(session)).said).toBe('Hello there.');
    expect(outcomes()).toEqual(['main skipped', 'spare skipped', 'main answered']);
  });

  test('a half-open one is tested by one answer while the others pass it by', async () => {
    const main = fakeClient('main', [[40, ...HELLO]]);
    const { session, providers } = asking([main, fakeClient('spare', [SPARE])]);
    await open(providers[0]);
    await wait(110);
    const answers = await Promise.all([collect(session), collect(session), collect(session)]);
    expect(answers.map(({ said }) => said)).toEqual(['Hello there.', 'Spare.', 'Spare.']);
    expect(providers[0]?.state()).toBe('closed');
  });

  test('one that is shared is open for every responder', async () => {
    const { providers } = asking([fakeClient('main', [HELLO]), fakeClient('spare', [SPARE])]);
    await open(providers[0]);
    const session = answersInOrder('other', providers).open(CALL);
    expect((await collect(session)).said).toBe('Spare.');
  });
});

test('an observer that throws changes nothing', async () => {
  const { providers } = asking([fakeClient('main', [[failure('refused', false)]]), fakeClient('spare', [SPARE])]);
  const observe = () => {
    throw new Error('a bug');
  };
  expect((await collect(answersInOrder('both', providers, { observe }).open(CALL))).said).toBe('Spare.');
});

describe.concurrent('the budget', { timeout: 10_000 }, () => {
  const settings = { firstTokenMs: 30_000 };
  const silent = (name: string) => fakeClient(name, [['hang']]);

  test('two providers: two seconds, however long the first may take', async () => {
    const [first, last] = [silent('a'), fakeClient('b', [SPARE])];
    await collect(asking([first, last], settings).session);
    expect(between(first, last)).toBeGreaterThan(1990);
    expect(between(first, last)).toBeLessThan(2080);
  });

  test.each([3, 5])('%d providers: three seconds in all', async (count) => {
    const [first, last] = [silent('first'), fakeClient('last', [SPARE])];
    const others = Array.from({ length: count - 2 }, (_, i) => silent(`other${i}`));
    expect((await collect(asking([first, ...others, last], settings).session)).said).toBe('Spare.');
    expect(between(first, last)).toBeGreaterThan(2900);
    expect(between(first, last)).toBeLessThan(3080);
  });

  test('what one does not use is left to the next', async () => {
    const quick = fakeClient('a', [[failure('refused', false)]]);
    const { events, session } = asking([quick, silent('b'), fakeClient('c', [SPARE])], settings);
    await collect(session);
    expect(events.find(({ outcome }) => outcome === 'late')?.ms).toBeGreaterThan(1980);
  });
});
