import { APIConnectionError, APIConnectionTimeoutError, APIError } from 'openai';
import { fromStatus, fromStream, fromTransport, timedOut } from './model-error.ts';
import { ResponderError } from './responder.ts';

/** An error of the SDK, or of the transport under it. */
export function openaiError(error: unknown): ResponderError {
  if (error instanceof ResponderError) return error;
  if (error instanceof APIConnectionTimeoutError) return timedOut();
  if (error instanceof APIConnectionError) return fromTransport(error.cause);
  if (!(error instanceof APIError)) return fromTransport(error);
  // https://platform.openai.com/docs/guides/error-codes: an empty account is a 429 as well, and stays empty.
  const exhausted = error.code === 'insufficient_quota' || error.type === 'insufficient_quota';
  if (error.status !== undefined) return fromStatus(error.status, error.headers, exhausted);
  if (exhausted) return fromStream('exhausted');
  return fromStream(error.code === 'rate_limit_exceeded' ? 'rate-limited' : 'other');
}
