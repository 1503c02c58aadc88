import { APIConnectionError, APIConnectionTimeoutError, APIError } from '@anthropic-ai/sdk';
import { fromStatus, fromStream, fromTransport, timedOut } from './model-error.ts';
import { ResponderError } from './responder.ts';

/** An error of the SDK, or of the transport under it. */
export function anthropicError(error: unknown): ResponderError {
  if (error instanceof ResponderError) return error;
  if (error instanceof APIConnectionTimeoutError) return timedOut();
  if (error instanceof APIConnectionError) return fromTransport(error.cause);
  if (!(error instanceof APIError)) return fromTransport(error);
  // A spend limit that is used up is a 429 as well, and stays so for days.
  if (error.status !== undefined) {
    const exhausted = error.type === 'billing_error' || /spend_limit/.test(error.errorCode ?? '');
    return fromStatus(error.status, error.headers, exhausted);
  }
  return inStream(error.type);
}

/** https://platform.claude.com/docs/en/api/errors: what would have been a status comes as a type in the stream. */
function inStream(type: string | null): ResponderError {
  switch (type) {
    case 'overloaded_error':
      return fromStream('overloaded');
    case 'rate_limit_error':
      return fromStream('rate-limited');
    case 'billing_error':
      return fromStream('exhausted');
    case 'timeout_error':
      return fromStream('timed-out');
    case 'invalid_request_error':
    case 'authentication_error':
    case 'permission_error':
    case 'not_found_error':
    case 'request_too_large':
      return fromStream('refused');
    default:
      return fromStream('other');
  }
}
