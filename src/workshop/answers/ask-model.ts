import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelClient, ModelRequest, Question } from '../../responders/model-client.ts';
import { badAnswer } from '../../responders/model-error.ts';
import { ResponderError } from '../../responders/responder.ts';
import type { ReplyAnswer, ValueAnswer } from './answer-line.ts';
import { whole } from './held-models.ts';

const TRIES = 3;
/** Before the second try; twice that before the third. */
const WAIT_MS = 250;
/** Longest that a server's own wish is heeded. */
const LONGEST_WAIT_MS = 10_000;

/**
 * Asks a model for a whole answer, up to three times where the error may pass: nobody has heard its beginning yet.
 *
 * @throws ResponderError, not retryable: its tries are used up.
 */
export function askReply(
  client: ModelClient,
  request: ModelRequest,
  key: string,
  signal: AbortSignal,
): Promise<ReplyAnswer> {
  return withTries(signal, async () => {
    const { pieces, error } = await whole(client.stream(request, signal));
    const last = pieces.at(-1);
    if (last?.piece.type !== 'finish') throw pieces.length > 0 ? brokenOff(error) : (error ?? badAnswer('no answer'));
    return { key, at: Date.now(), ms: last.ms, pieces: pieces.map(({ ms, piece }) => [ms, piece]) };
  });
}

/**
 * Asks a model for a JSON object, as `askReply` does for an answer.
 *
 * @throws ResponderError
 */
export function askValue(
  client: ModelClient,
  question: Question,
  key: string,
  signal: AbortSignal,
): Promise<ValueAnswer> {
  return withTries(signal, async () => {
    const askedAt = performance.now();
    const { value, usage } = await client.ask(question, signal);
    const ms = Math.round(performance.now() - askedAt);
    return { key, at: Date.now(), ms, value, ...(usage !== undefined && { usage }) };
  });
}

async function withTries<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (thrown) {
      const error = thrown instanceof ResponderError ? thrown : badAnswer(`no answer (${nameOf(thrown)})`, false);
      if (tries === TRIES || !error.retryable || signal.aborted) throw final(error);
      const waitMs = Math.min(error.retryAfterMs ?? WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
      // An abort ends the wait; the next try ends at once then.
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A client says of an answer that broke off that it must not be asked for again, as its beginning was heard. */
function brokenOff(error: unknown): ResponderError {
  if (!(error instanceof ResponderError)) return badAnswer('the answer has no end');
  const mayPass = error.code !== 'refused' && error.code !== 'bad-answer';
  return new ResponderError(error.code, error.message, { retryable: mayPass, retryAfterMs: error.retryAfterMs });
}

/** Another try would come by the wall, while virtual time runs away. */
function final(error: ResponderError): ResponderError {
  return new ResponderError(error.code, error.message, { retryable: false, cause: error });
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
