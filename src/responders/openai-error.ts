import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { BodyTooLongError } from './node-http-fetch.ts';
import { ResponderError } from './responder.ts';

/**
 * What went wrong, in constant words. The SDK's own error is not kept as a cause: servers put parts of the prompt and of
 * the key into their messages.
 */
export function toResponderError(error: unknown): ResponderError {
  if (error instanceof ResponderError) return error;
  if (error instanceof APIConnectionTimeoutError) return timedOut();
  if (error instanceof APIConnectionError) return unreachable(error.cause);
  if (error instanceof APIError) return fromStatus(error.status, error.code);
  if (error instanceof SyntaxError) {
    return new ResponderError('bad-answer', 'the model server sent broken JSON', { retryable: true });
  }
  if (error instanceof BodyTooLongError) {
    return new ResponderError('bad-answer', 'the answer of the model server is too long', { retryable: false });
  }
  return unreachable(error);
}

export function timedOut(): ResponderError {
  return new ResponderError('timed-out', 'the model server did not answer in time', { retryable: true });
}

function fromStatus(status: number | undefined, code: unknown): ResponderError {
  if (status === undefined) {
    return new ResponderError('server-error', 'the model server reported an error in its stream', { retryable: true });
  }
  const message = `the model server answered ${status}`;
  // https://platform.openai.com/docs/guides/error-codes: an empty account is a 429 as well, and stays empty.
  if (status === 429) return new ResponderError('rate-limited', message, { retryable: code !== 'insufficient_quota' });
  if (status === 408) return new ResponderError('timed-out', message, { retryable: true });
  if (status === 409 || status >= 500) return new ResponderError('server-error', message, { retryable: true });
  return new ResponderError('refused', message, { retryable: false });
}

function unreachable(error: unknown): ResponderError {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : '';
  const certificate = /CERT|TLS|SIGNATURE|SIGNED/.test(code);
  return new ResponderError('unreachable', `the connection to the model server failed${known}`, {
    retryable: !certificate,
  });
}
