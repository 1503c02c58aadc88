import { expect, test, vi } from 'vitest';
import { type Provider, providerOf, speaksAgainstServer } from '../../src/responders/provider.ts';
import type { Result } from '../../src/responders/provider-breaker.ts';
import { ResponderError, type ResponderErrorCode } from '../../src/responders/responder.ts';
import { fakeClient } from './fake-client.ts';

const HALF_OPEN_AFTER_MS = 60;
const provider = () =>
  providerOf(fakeClient('main', []), { firstTokenMs: 100, stallMs: 100, halfOpenAfterMs: HALF_OPEN_AFTER_MS });

async function settled(by: Provider, ...results: Result[]): Promise<void> {
  for (const result of results) {
    const settle = by.admit();
    if (!settle) throw new Error('not admitted');
    settle(result);
    await tick();
  }
}
const tick = () => new Promise((resolve) => setImmediate(resolve));
const rest = () => new Promise((resolve) => setTimeout(resolve, HALF_OPEN_AFTER_MS + 5));
const FIVE: Result[] = ['failed', 'failed', 'failed', 'failed', 'failed'];

test('opens after five failures in a row', async () => {
  const main = provider();
  await settled(main, 'failed', 'failed', 'failed', 'failed');
  expect(main.state()).toBe('closed');
  await settled(main, 'answered', 'failed', 'failed', 'failed', 'failed');
  expect(main.state()).toBe('closed');
  await settled(main, 'failed');
  expect(main.state()).toBe('open');
  expect(main.ready()).toBe(false);
  expect(main.admit()).toBeUndefined();
});

test('what is inconclusive neither counts nor begins the count anew', async () => {
  const main = provider();
  await settled(main, 'failed', 'failed', 'failed', 'failed', 'inconclusive', 'inconclusive');
  expect(main.state()).toBe('closed');
  await settled(main, 'failed');
  expect(main.state()).toBe('open');
});

test('answers at the same time count each', async () => {
  const main = provider();
  const settles = FIVE.map(() => main.admit());
  for (const settle of settles) settle?.('failed');
  await tick();
  expect(main.state()).toBe('open');
});

test('only the first result counts', async () => {
  const main = provider();
  await settled(main, 'failed', 'failed', 'failed', 'failed');
  const settle = main.admit();
  settle?.('answered');
  settle?.('failed');
  await tick();
  expect(main.state()).toBe('closed');
});

test('one answer tests it after a while; meanwhile the others are not made to wait', async () => {
  const main = provider();
  await settled(main, ...FIVE);
  await rest();
  expect(main.state()).toBe('half-open');
  const tests = main.admit();
  expect(tests).toBeDefined();
  expect(main.state()).toBe('half-open');
  expect(main.ready()).toBe(false);
  expect(main.admit()).toBeUndefined();
  tests?.('answered');
  await tick();
  expect(main.state()).toBe('closed');
  await settled(main, ...FIVE);
  expect(main.state()).toBe('open');
});

test('a test that fails opens it for the whole time again', async () => {
  const main = provider();
  await settled(main, ...FIVE);
  await rest();
  await settled(main, 'failed');
  expect(main.state()).toBe('open');
  expect(main.admit()).toBeUndefined();
  await rest();
  await settled(main, 'answered');
  expect(main.state()).toBe('closed');
});

test('a test that tells nothing is taken again by the next answer', async () => {
  const main = provider();
  await settled(main, ...FIVE);
  await rest();
  await settled(main, 'inconclusive');
  expect(main.state()).toBe('half-open');
  await settled(main, 'inconclusive', 'failed');
  expect(main.state()).toBe('open');
});

test('ten seconds, unless told otherwise', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const main = providerOf(fakeClient('main', []), { firstTokenMs: 100, stallMs: 100 });
    await settled(main, ...FIVE);
    vi.advanceTimersByTime(9_999);
    expect(main.state()).toBe('open');
    vi.advanceTimersByTime(1);
    expect(main.state()).toBe('half-open');
  } finally {
    vi.useRealTimers();
  }
});

test('what a caller can bring about does not speak against the server', () => {
  const against = (code: ResponderErrorCode) => speaksAgainstServer(new ResponderError(code, '', { retryable: true }));
  expect(['unreachable', 'rate-limited', 'server-error', 'timed-out'].every((code) => against(code as never))).toBe(
    true,
  );
  expect(against('refused')).toBe(false);
  expect(against('bad-answer')).toBe(false);
});
