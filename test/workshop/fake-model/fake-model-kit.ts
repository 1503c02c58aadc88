import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, expect } from 'vitest';
import type { Answer } from '../../../src/workshop/fake-model/mind.ts';
import {
  type FakeModel,
  type FakeModelOptions,
  startFakeModel,
} from '../../../src/workshop/fake-model/start-fake-model.ts';

const running: FakeModel[] = [];
afterEach(async () => {
  for (const model of running.splice(0)) {
    await model.close();
    expect(model.openSockets()).toBe(0);
  }
});

export const KEY = 'sk-test-key';

/** A fake model with the official client of each API; the clients do not retry unless told to. */
export async function fakeModel(options: FakeModelOptions = {}, maxRetries = 0) {
  const model = await startFakeModel(options);
  running.push(model);
  const openai = new OpenAI({
    apiKey: KEY,
    baseURL: model.baseUrl.openai,
    maxRetries,
    timeout: 5_000,
    logLevel: 'off',
  });
  const anthropic = new Anthropic({
    apiKey: KEY,
    authToken: null,
    baseURL: model.baseUrl.anthropic,
    maxRetries,
    timeout: 5_000,
    logLevel: 'off',
  });
  return { model, openai, anthropic };
}

export const says =
  (answer: Answer | string): (() => Answer) =>
  () =>
    typeof answer === 'string' ? { text: answer } : answer;

export const HELLO = [{ role: 'user' as const, content: 'Hello, do you have a table?' }];
export const openaiBody = { model: 'm', messages: HELLO };
export const anthropicBody = { model: 'm', max_tokens: 300, messages: HELLO };

export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** What a stream gave before it broke, and how. */
export async function broken<T>(open: () => PromiseLike<AsyncIterable<T>>): Promise<{ items: T[]; error: unknown }> {
  const items: T[] = [];
  try {
    for await (const item of await open()) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

export async function until(holds: () => boolean, ms = 3_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
