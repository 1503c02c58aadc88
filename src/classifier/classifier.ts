import type { Clock } from '../clock.ts';
import type { RunnerEvent } from '../guard/types.ts';
import type { Utterance } from '../platforms/platform.ts';
import type { ModelClient } from '../responders/model-client.ts';
import { ResponderError, type ResponderErrorCode } from '../responders/responder.ts';
import { ANSWER_NAME, ANSWER_SCHEMA, readAnswer } from './answer.ts';
import { AnswerCache, questionKey } from './answer-cache.ts';
import { DaySpending, type ModelUsage, noUsage, type SpendingLimits, withAnswer } from './spending.ts';

export type ClassifiedEvent = Extract<RunnerEvent, { type: 'classified' }>;
type Outcome = Omit<ClassifiedEvent, 'type' | 'turn'>;

/** Why there was no answer, in constant words. `no-question`: the prompt could not be made. */
export type ClassifierFailure = ResponderErrorCode | 'wrong-form' | 'no-question';

export interface ClassifierParts {
  readonly client: ModelClient;
  /** The composed prompt for an agent's calls: the stable prefix of every question. */
  readonly system: (agent: string) => string;
  /** The transcript as quoted data, for a prompt: bounded, the end of a long call. */
  readonly quote: (utterances: readonly Utterance[]) => string;
  readonly deadlineMs: number;
  readonly limits: SpendingLimits;
  readonly clock: Clock;
  /** Answers kept for questions that come again, over all calls. */
  readonly cacheSize: number;
  /** What the day has cost so far, where it outlives this classifier (a config that is read anew). */
  readonly spending?: DaySpending;
  readonly onFailure?: (why: ClassifierFailure, callId: string) => void;
}

/** What the caller's words are asked about. The transcript is read at once and not kept. */
export interface ClassifierQuestion {
  readonly turn: number;
  readonly agent: string;
  readonly transcript: readonly Utterance[];
}

/** The classifier of one call. */
export interface CallClassifier {
  /**
   * Asks what kind of call this is. `done` gets exactly one event, after this returns, or none once closed. Never
   * throws. One question at a time: another one meanwhile is answered `failed`.
   */
  ask(question: ClassifierQuestion, done: (event: ClassifiedEvent) => void): void;
  /** What went to the model so far; empty: nothing did. */
  usage(): readonly ModelUsage[];
  /** Gives up what is under way; no event comes after. */
  close(): void;
}

export interface Classifier {
  open(callId: string): CallClassifier;
}

/** An answer is some twenty tokens; servers that do not hold models to the schema are cut off here. */
const MOST_TOKENS = 100;
/** A server that limits the rate is left alone, so that the replies, which go to the same one, get through. */
const REST_MS = 5_000;
const LONGEST_REST_MS = 60_000;

/** What all calls of one classifier share. */
interface Shared extends ClassifierParts {
  readonly cache: AnswerCache;
  readonly spending: DaySpending;
  /** Epoch ms before which nothing is asked. */
  restUntil: number;
}

/** Asks a model what kind of call it is, within a deadline and limits of price, the same question only once. */
export function createClassifier(parts: ClassifierParts): Classifier {
  const shared: Shared = {
    ...parts,
    cache: new AnswerCache(parts.cacheSize),
    spending: parts.spending ?? new DaySpending(() => parts.clock.now()),
    restUntil: 0,
  };
  return { open: (callId) => new OpenClassifier(shared, callId) };
}

class OpenClassifier implements CallClassifier {
  readonly #shared: Shared;
  readonly #callId: string;
  #usage: ModelUsage;
  #underWay: { readonly abort: AbortController; readonly settle: (outcome: Outcome) => void } | null = null;
  #closed = false;

  constructor(shared: Shared, callId: string) {
    this.#shared = shared;
    this.#callId = callId;
    this.#usage = noUsage(shared.client.model);
  }

  ask({ turn, agent, transcript }: ClassifierQuestion, done: (event: ClassifiedEvent) => void): void {
    if (this.#closed) return;
    const give = (outcome: Outcome): void => {
      if (!this.#closed) done({ type: 'classified', turn, ...outcome });
    };
    const made = this.#underWay ? ({ result: 'failed' } as const) : this.#prepare(agent, transcript);
    if ('result' in made) queueMicrotask(() => give(made));
    else this.#send(made, give);
  }

  usage(): readonly ModelUsage[] {
    return this.#usage.requests > 0 ? [this.#usage] : [];
  }

  close(): void {
    this.#closed = true;
    const { abort, settle } = this.#underWay ?? {};
    settle?.({ result: 'failed' });
    abort?.abort();
  }

  /** The question, or what comes of it without one. */
  #prepare(agent: string, transcript: readonly Utterance[]): Prepared | Outcome {
    const { client, system: systemOf, quote, cache, spending, limits, clock, restUntil } = this.#shared;
    let prepared: Prepared;
    try {
      const [system, content] = [systemOf(agent), quote(transcript)];
      prepared = { system, content, key: questionKey(client.name, client.model, system, content) };
    } catch {
      this.#failed('no-question');
      return { result: 'failed' };
    }
    const known = cache.get(prepared.key);
    if (known) return { result: 'answered', ...known };
    if ((this.#usage.cost ?? 0) >= (limits.costPerCall ?? Number.POSITIVE_INFINITY) || !spending.allows(limits)) {
      return { result: 'limited' };
    }
    return clock.now() < restUntil ? { result: 'failed' } : prepared;
  }

  #send(question: Prepared, give: (outcome: Outcome) => void): void {
    const { clock, deadlineMs, spending } = this.#shared;
    const abort = new AbortController();
    const stopClock = clock.after(deadlineMs, () => {
      this.#failed('timed-out');
      settle({ result: 'late' });
      abort.abort();
    });
    const settle = (outcome: Outcome): void => {
      if (this.#underWay !== here) return;
      this.#underWay = null;
      stopClock();
      give(outcome);
    };
    const here = { abort, settle };
    this.#underWay = here;
    this.#usage = { ...this.#usage, requests: this.#usage.requests + 1 };
    spending.asked();
    void this.#answerTo(question, abort.signal).then(settle);
  }

  /** Never rejects. What was paid for is counted and kept, even when it came too late for this call. */
  async #answerTo({ key, system, content }: Prepared, signal: AbortSignal): Promise<Outcome> {
    const { client, spending, cache } = this.#shared;
    try {
      const question = { system, content, name: ANSWER_NAME, schema: ANSWER_SCHEMA, maxTokens: MOST_TOKENS };
      const { value, usage } = await client.ask(question, signal);
      if (usage) {
        const before = this.#usage.cost ?? 0;
        this.#usage = withAnswer(this.#usage, usage);
        spending.paid((this.#usage.cost ?? 0) - before);
      }
      const answer = readAnswer(value);
      if (answer) {
        cache.put(key, answer);
        return { result: 'answered', ...answer };
      }
      this.#failed('wrong-form');
    } catch (error) {
      if (signal.aborted) return { result: 'late' };
      const { code, retryAfterMs } = error instanceof ResponderError ? error : UNKNOWN;
      this.#failed(code);
      if (code === 'rate-limited') this.#rest(retryAfterMs ?? REST_MS);
      if (code === 'timed-out') return { result: 'late' };
    }
    return { result: 'failed' };
  }

  #rest(ms: number): void {
    const { clock } = this.#shared;
    this.#shared.restUntil = Math.max(this.#shared.restUntil, clock.now() + Math.min(ms, LONGEST_REST_MS));
  }

  /** A log that fails is no reason to lose the answer. */
  #failed(why: ClassifierFailure): void {
    try {
      this.#shared.onFailure?.(why, this.#callId);
    } catch {
      // Nowhere to tell it.
    }
  }
}

interface Prepared {
  readonly key: string;
  readonly system: string;
  readonly content: string;
}

const UNKNOWN: { readonly code: ResponderErrorCode; readonly retryAfterMs: number | undefined } = {
  code: 'bad-answer',
  retryAfterMs: undefined,
};
