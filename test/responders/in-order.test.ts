import { describe, expect, test } from 'vitest';
import type { ReplyPiece, ResponderErrorCode } from '../../src/responders/responder.ts';
import { type Act, type FakeClient, fakeClient, finish, text, toolCall } from './fake-client.ts';
import { asking, between, collect, failure, HELLO, open, REQUEST, SPARE, wait } from './in-order-asking.ts';

describe('a first token in time', () => {
  test('the first provider answers, and is asked with the whole prompt', async () => {
    const [main, spare] = [fakeClient('main', [HELLO]), fakeClient('spare', [SPARE])];
    const { session, outcomes } = asking([main, spare]);
    expect((await collect(session)).pieces).toEqual(HELLO);
    expect([main.requests.length, spare.requests.length]).toEqual([1, 0]);
    expect(main.requests[0]?.request).toMatchObject({ system: 'You are Ada.', tools: [] });
    expect(JSON.stringify(main.requests[0]?.request.messages)).toContain('do you have a table');
    expect(outcomes()).toEqual(['main answered']);
  });

  test('too late: the request is aborted, the next provider answers', async () => {
    const main = fakeClient('main', [[150, ...HELLO]]);
    const { session, outcomes } = asking([main, fakeClient('spare', [SPARE])]);
    const began = performance.now();
    expect((await collect(session)).said).toBe('Spare.');
    expect(performance.now() - began).toBeLessThan(140);
    expect(main.requests[0]?.aborted).toBe(true);
    expect(outcomes()).toEqual(['main late', 'spare answered']);
  });

  test('blank text is no token, and is not passed on', async () => {
    const { session } = asking([fakeClient('main', [[text(''), text(' \n'), 150]]), fakeClient('spare', [SPARE])]);
    expect((await collect(session)).pieces).toEqual(SPARE);
  });

  test('a tool call is one, also without text', async () => {
    const acts: Act[] = [20, toolCall, finish('tool-calls')];
    const { session } = asking([fakeClient('main', [acts]), fakeClient('spare', [SPARE])]);
    expect((await collect(session)).pieces).toEqual([toolCall, finish('tool-calls')]);
  });

  test('the last provider is waited for', async () => {
    const { session, outcomes } = asking([fakeClient('main', [[150, ...HELLO]])]);
    expect((await collect(session)).said).toBe('Hello there.');
    expect(outcomes()).toEqual(['main answered']);
  });

  test('so is one that has nobody left behind it, as the others are left alone', async () => {
    const { session, providers, outcomes } = asking([
      fakeClient('main', [[120, ...HELLO]]),
      fakeClient('spare', [SPARE]),
    ]);
    await open(providers[1]);
    expect((await collect(session)).said).toBe('Hello there.');
    expect(outcomes()).toEqual(['spare skipped', 'main answered']);
  });

  test('a client that does not hear an abort is not waited for', async () => {
    const deaf = fakeClient('main', [['hang', ...HELLO]], { deaf: true });
    const { session } = asking([deaf, fakeClient('spare', [SPARE])]);
    expect((await collect(session)).said).toBe('Spare.');
  });

  test.each(['length', 'content-filter', 'refusal'] as const)('an answer that ends as %s is one', async (reason) => {
    const { session } = asking([fakeClient('main', [[text('Well'), finish(reason)]]), fakeClient('spare', [SPARE])]);
    expect((await collect(session)).pieces).toEqual([text('Well'), finish(reason)]);
  });
});

describe('errors before it', () => {
  const SLOW = { firstTokenMs: 500 };

  test.each(['rate-limited', 'server-error', 'unreachable', 'timed-out', 'bad-answer'] as const)(
    '%s is tried once more at the same provider',
    async (code) => {
      const main = fakeClient('main', [[failure(code)], HELLO]);
      const { session, outcomes } = asking([main, fakeClient('spare', [SPARE])], SLOW);
      expect((await collect(session)).said).toBe('Hello there.');
      expect(between(main, main, 1)).toBeGreaterThan(98);
      expect(between(main, main, 1)).toBeLessThan(300);
      expect(outcomes()).toEqual([`main failed ${code}`, 'main answered']);
    },
  );

  test('once, then the next provider is asked; its error is thrown when it is the last', async () => {
    const { session, outcomes } = asking(
      [fakeClient('main', [[failure('server-error')]]), fakeClient('spare', [[failure('refused', false)]])],
      SLOW,
    );
    expect((await collect(session)).error?.code).toBe('refused');
    expect(outcomes()).toEqual(['main failed server-error', 'main failed server-error', 'spare failed refused']);
  });

  test('what cannot pass is not tried again', async () => {
    const { session, outcomes } = asking(
      [fakeClient('main', [[failure('refused', false)]]), fakeClient('spare', [SPARE])],
      SLOW,
    );
    expect((await collect(session)).said).toBe('Spare.');
    expect(outcomes()).toEqual(['main failed refused', 'spare answered']);
  });

  test('a wait that the server asks for is kept where it fits', async () => {
    const main = fakeClient('main', [[failure('rate-limited', true, 20)], HELLO]);
    expect((await collect(asking([main], SLOW).session)).said).toBe('Hello there.');
    expect(between(main, main, 1)).toBeGreaterThan(18);
    expect(between(main, main, 1)).toBeLessThan(95);
  });

  test('and where it does not, the next provider is asked at once', async () => {
    const { session, outcomes } = asking(
      [fakeClient('main', [[failure('rate-limited', true, 600)], HELLO]), fakeClient('spare', [SPARE])],
      SLOW,
    );
    const began = performance.now();
    expect((await collect(session)).said).toBe('Spare.');
    expect(performance.now() - began).toBeLessThan(90);
    expect(outcomes()).toEqual(['main failed rate-limited', 'spare answered']);
  });

  test.each([
    ['a finish alone', [finish()]],
    ['blank text', [text(' '), finish()]],
    ['nothing', []],
  ] as [string, Act[]][])('%s is an empty answer', async (_, acts) => {
    const { session, outcomes } = asking([fakeClient('main', [acts]), fakeClient('spare', [SPARE])], SLOW);
    expect((await collect(session)).pieces).toEqual(SPARE);
    expect(outcomes()).toEqual(['main failed bad-answer', 'main failed bad-answer', 'spare answered']);
  });

  test('a bug of a client is an error like others, and shows nothing', async () => {
    const bug = { ...fakeClient('main', []), stream: () => ({}) as AsyncIterable<ReplyPiece> } as FakeClient;
    const { session } = asking([bug]);
    expect((await collect(session)).error).toMatchObject({ code: 'bad-answer', retryable: false });
  });
});

describe('after it', () => {
  test.each([
    ['a stall', [text('Hello'), 'hang'], 'timed-out'],
    ['an error', [text('Hello'), failure('server-error')], 'server-error'],
    ['no finish', [text('Hello')], 'bad-answer'],
  ] as [string, Act[], ResponderErrorCode][])(
    '%s ends the answer, and nothing is asked again',
    async (_, acts, code) => {
      const [main, spare] = [fakeClient('main', [acts]), fakeClient('spare', [SPARE])];
      const { session, outcomes } = asking([main, spare]);
      const { pieces, error } = await collect(session);
      expect(pieces).toEqual([text('Hello')]);
      expect(error).toMatchObject({ code, retryable: false });
      expect([main.requests.length, spare.requests.length]).toEqual([1, 0]);
      expect(main.running()).toBe(0);
      expect(outcomes()).toEqual(['main answered', `main failed ${code}`]);
    },
  );

  test('each piece gives the server the whole time again; the time of the reader is not its own', async () => {
    const acts: Act[] = [text('a'), 50, text('b'), 50, text(''), 50, text('c'), 50, finish()];
    const { session } = asking([fakeClient('main', [acts])]);
    expect((await collect(session)).said).toBe('abc');
    const slow: string[] = [];
    for await (const piece of session.answer(REQUEST, new AbortController().signal)) {
      slow.push(piece.type === 'text' ? piece.text : '.');
      await wait(100);
    }
    expect(slow.join('')).toBe('abc.');
  });
});
