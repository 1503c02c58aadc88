import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { type Act, fakeClient, text } from './fake-client.ts';
import { type Asking, asking, collect, countTimers, failure, HELLO, REQUEST, wait } from './in-order-asking.ts';

describe('an abort', () => {
  const stages: [string, Act[][], number][] = [
    ['before the first token', [['hang']], 20],
    ['after the time of the last provider is up', [['hang']], 90],
    ['before another try', [[failure('server-error')], HELLO], 20],
    ['between tokens', [[text('Hello'), 'hang']], 20],
    ['of a client that does not hear it', [['hang']], 20],
  ];
  test.each(stages)('%s ends quietly and leaves nothing behind', async (stage, acts, afterMs) => {
    const deaf = stage.includes('not hear');
    const client = fakeClient('main', acts, { deaf });
    const { session } = asking([client], stage.includes('another') ? { firstTokenMs: 2000 } : {});
    const timers = countTimers();
    const controller = new AbortController();
    const answer = collect(session, controller.signal);
    await wait(afterMs);
    const asked = client.requests.length;
    const began = performance.now();
    controller.abort();
    expect((await answer).error).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(50);
    expect(await timers.left()).toBe(deaf ? 1 : 0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(client.running()).toBe(deaf ? 1 : 0);
    expect(client.requests).toHaveLength(asked);
  });

  test('before it is asked for asks nobody', async () => {
    const main = fakeClient('main', [HELLO]);
    expect((await collect(asking([main]).session, AbortSignal.abort())).pieces).toEqual([]);
    expect(main.requests).toEqual([]);
  });

  test('does not speak against the server, unless its time was up', async () => {
    const cut = async (asked: Asking, afterMs: number) => {
      const controller = new AbortController();
      const answer = collect(asked.session, controller.signal);
      await wait(afterMs);
      controller.abort();
      await answer;
    };
    const early = asking([fakeClient('main', [['hang']])]);
    const overdue = asking([fakeClient('main', [['hang']])]);
    const six = (asked: Asking, afterMs: number) => Array.from({ length: 6 }, () => cut(asked, afterMs));
    await Promise.all([...six(early, 10), ...six(overdue, 90)]);
    expect(early.providers[0]?.state()).toBe('closed');
    expect(early.outcomes()).toEqual([]);
    expect(overdue.providers[0]?.state()).toBe('open');
    expect(overdue.outcomes()).toEqual(Array(6).fill('main late'));
  });

  test('closing the session is one for all its answers', async () => {
    const main = fakeClient('main', [['hang']]);
    const { session } = asking([main]);
    const answers = [collect(session), collect(session)];
    await wait(10);
    session.close();
    for (const answer of answers) expect(await answer).toEqual({ pieces: [], said: '', error: undefined });
    await wait(5);
    expect(main.running()).toBe(0);
  });
});

test('a reader that leaves, and one that stops at the finish, leave nothing behind', async () => {
  const main = fakeClient('main', [[text('Hello'), 'hang'], HELLO]);
  const { session } = asking([main]);
  const timers = countTimers();
  const { signal } = new AbortController();
  for await (const piece of session.answer(REQUEST, signal)) {
    expect(piece).toEqual(text('Hello'));
    break;
  }
  const pieces = session.answer(REQUEST, signal)[Symbol.asyncIterator]();
  while ((await pieces.next()).value?.type !== 'finish');
  await wait(5);
  expect(await timers.left()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(main.running()).toBe(0);
});
