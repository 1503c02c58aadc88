import type { CallClassifier, ClassifiedEvent, ClassifierParts } from '../../src/classifier/classifier.ts';
import type { Clock } from '../../src/clock.ts';
import type { Utterance } from '../../src/platforms/platform.ts';
import type { ModelClient, Question } from '../../src/responders/model-client.ts';
import { ResponderError, type Usage } from '../../src/responders/responder.ts';

/** 2026-03-01, noon UTC. */
export const NOON = Date.UTC(2026, 2, 1, 12);
export const HOUR_MS = 3_600_000;

/** Time that stands still until a test moves it. */
export class HandClock implements Clock {
  #now = NOON;
  readonly timers = new Set<{ readonly at: number; readonly fn: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.#now + ms, fn };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.timers]) {
      if (timer.at > this.#now) continue;
      this.timers.delete(timer);
      timer.fn();
    }
  }
}

export const usage = (cost: number | null, tokens = 100): Usage => ({
  model: 'test-model',
  inputTokens: tokens,
  cachedTokens: tokens / 2,
  outputTokens: 10,
  cost,
});

/** An answer under way, to be given or refused by the test. */
export interface Pending {
  readonly question: Question;
  readonly signal: AbortSignal;
  give(value: unknown, usage?: Usage): void;
  refuse(error: unknown): void;
}

/** A model whose answers the test gives by hand. When it is given up it behaves as clients should. */
export function handModel(): ModelClient & { readonly pending: Pending[] } {
  const pending: Pending[] = [];
  return {
    name: 'main',
    model: 'test-model',
    pending,
    stream: () => {
      throw new Error('not asked for');
    },
    ask: (question, signal) =>
      new Promise((resolve, reject) => {
        pending.push({
          question,
          signal,
          give: (value, used) => resolve({ value, ...(used && { usage: used }) }),
          refuse: reject,
        });
        signal.addEventListener('abort', () =>
          reject(new ResponderError('timed-out', 'given up', { retryable: true })),
        );
      }),
    close: () => {},
  };
}

/** A model that answers at once. */
export const readyModel = (answer: (question: Question) => { value: unknown; usage?: Usage }): ModelClient => ({
  ...handModel(),
  ask: async (question) => answer(question),
});

export const quoted = (utterances: readonly Utterance[]): string =>
  utterances.map(({ role, text }) => `<${role}>${text}</${role}>`).join('\n');

export const said = (...texts: string[]): Utterance[] => texts.map((text) => ({ role: 'caller', text }));

export const parts = (client: ModelClient, changes: Partial<ClassifierParts> = {}): ClassifierParts => ({
  client,
  system: (agent) => `You sort calls to ${agent}.`,
  quote: quoted,
  deadlineMs: 4_000,
  limits: { perDay: 1_000 },
  clock: new HandClock(),
  cacheSize: 100,
  ...changes,
});

export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Asks and waits for the event. */
export const askOnce = (call: CallClassifier, text: string, turn = 1): Promise<ClassifiedEvent> =>
  new Promise((resolve) => call.ask({ turn, agent: 'default', transcript: said(text) }, resolve));
