import { BodyTooLongError } from './node-http-fetch.ts';
import { ResponderError } from './responder.ts';

/** A server that wants to be left alone for longer is of no use in a phone call. */
const MAX_RETRY_AFTER_MS = 60_000;

/*
 * What went wrong, in constant words. The error of an SDK is never kept as a cause: servers put parts of the prompt and
 * of the key into their messages.
 */

/** The server answered, and there is nothing in it to say or to use. */
export function badAnswer(message: string, retryable = true): ResponderError {
  return new ResponderError('bad-answer', message, { retryable });
}

export function timedOut(): ResponderError {
  return new ResponderError('timed-out', 'the model server did not answer in time', { retryable: true });
}

/** @param exhausted the account has nothing left: waiting does not help. */
export function fromStatus(status: number, headers: Headers | undefined, exhausted = false): ResponderError {
  const message = `the model server answered ${status}`;
  // Both SDKs obey this header before the status.
  const retryable = !exhausted && headers?.get('x-should-retry') !== 'false';
  const wait = { retryable, retryAfterMs: retryable ? retryAfterMs(headers) : undefined };
  if (status === 429) return new ResponderError('rate-limited', message, wait);
  if (status === 408) return new ResponderError('timed-out', message, wait);
  if (status === 409 || status >= 500) return new ResponderError('server-error', message, wait);
  return new ResponderError('refused', message, { retryable: false });
}

/** An error that the server reported in its stream, behind a status of 200. */
export function fromStream(kind: 'overloaded' | 'rate-limited' | 'exhausted' | 'timed-out' | 'refused' | 'other') {
  switch (kind) {
    case 'overloaded':
      return new ResponderError('server-error', 'the model server is overloaded', { retryable: true });
    case 'rate-limited':
    case 'exhausted':
      return new ResponderError('rate-limited', 'the model server limits the rate', {
        retryable: kind === 'rate-limited',
      });
    case 'timed-out':
      return timedOut();
    case 'refused':
      return new ResponderError('refused', 'the model server refused the request in its stream', { retryable: false });
    case 'other':
      return new ResponderError('server-error', 'the model server reported an error in its stream', {
        retryable: true,
      });
  }
}

/** Anything that is not an answer of the server: broken JSON, a body without end, the connection. */
export function fromTransport(error: unknown): ResponderError {
  if (error instanceof ResponderError) return error;
  if (error instanceof SyntaxError) return badAnswer('the model server sent broken JSON');
  if (error instanceof BodyTooLongError) return badAnswer('the answer of the model server is too long', false);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : '';
  const certificate = /CERT|TLS|SIGNATURE|SIGNED/.test(code);
  return new ResponderError('unreachable', `the connection to the model server failed${known}`, {
    retryable: !certificate,
  });
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date; in ms, at most a minute. Undefined: not said. */
export function retryAfterMs(headers: Headers | undefined, now: number = Date.now()): number | undefined {
  const precise = headers?.get('retry-after-ms');
  const usual = headers?.get('retry-after');
  const ms = precise && isNumber(precise) ? Number(precise) : usual ? waitOf(usual, now) : Number.NaN;
  return ms > 0 ? Math.min(ms, MAX_RETRY_AFTER_MS) : undefined;
}

function waitOf(value: string, now: number): number {
  return isNumber(value) ? Number(value) * 1000 : Date.parse(value) - now;
}

function isNumber(value: string): boolean {
  return /^\s*\d+(?:\.\d+)?\s*$/.test(value);
}
