import { timedOut } from './model-error.ts';
import { type ReplyPiece, ResponderError } from './responder.ts';

/** However it drips, an answer is over by then. */
export const WHOLE_ANSWER_MS = 60_000;
/** Once the server has said why it stopped, only usage and the end of the body can follow. */
const TAIL_MS = 500;

/** Puts an answer together from what a provider streams. */
export interface StreamedAnswer<T> {
  /** The text that an item adds; empty when it adds none. Throws ResponderError `bad-answer`. */
  take(item: T): string;
  /** The server has said why it stopped: only usage may follow. */
  finished(): boolean;
  /** The text has met the limit; nothing more is wanted. */
  full(): boolean;
  /** Tool calls and the finish, once the stream has ended. Throws ResponderError `bad-answer`. */
  end(): ReplyPiece[];
}

/** The requests of one client that are under way. */
export interface ModelRequests {
  /** Ends quietly when `signal` aborts; throws ResponderError, not retryable once text was passed on. */
  stream<T>(
    start: (signal: AbortSignal) => PromiseLike<AsyncIterable<T>>,
    answer: StreamedAnswer<T>,
    signal: AbortSignal,
  ): AsyncGenerator<ReplyPiece>;
  /** Throws ResponderError; `timed-out` when `signal` aborts. */
  once<T>(send: (signal: AbortSignal) => PromiseLike<T>, signal: AbortSignal): Promise<T>;
  /** Aborts all of them. */
  abort(): void;
}

/** @param toError what an error of the SDK means. */
export function modelRequests(toError: (error: unknown) => ResponderError): ModelRequests {
  const open = new Set<AbortController>();

  /** The SDKs leave listeners on the signal they are given, so that is one of our own for each request. */
  function under(signal: AbortSignal) {
    const http = new AbortController();
    const request = { signal: http.signal, late: false, hurry, end };
    const stop = () => http.abort();
    let timer = setTimeout(giveUp, WHOLE_ANSWER_MS);
    function giveUp() {
      request.late = true;
      http.abort();
    }
    function hurry(ms: number) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, ms);
    }
    function end(complete: boolean) {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      open.delete(http);
      // An abort makes an error with a stack, twice: not for nothing.
      if (!complete) http.abort();
    }
    signal.addEventListener('abort', stop, { once: true });
    open.add(http);
    return request;
  }

  return {
    async *stream(start, answer, signal) {
      if (signal.aborted) return;
      const request = under(signal);
      let spoke = false;
      let hurried = false;
      let complete = false;
      try {
        for await (const item of await start(request.signal)) {
          const text = answer.take(item);
          if (text !== '') {
            spoke = true;
            yield { type: 'text', text };
          }
          if (request.signal.aborted || answer.full()) break;
          if (!hurried && answer.finished()) {
            hurried = true;
            request.hurry(TAIL_MS);
          }
        }
        complete = !answer.full();
        // The SDKs end an aborted stream as if it were complete.
        if (request.signal.aborted && !request.late) return;
        if (request.late && !answer.finished()) throw timedOut();
      } catch (error) {
        if (request.signal.aborted && !request.late) return;
        // A connection that breaks behind a finished answer takes nothing away from it.
        if (!answer.finished() || error instanceof ResponderError) {
          throw forCaller(request.late ? timedOut() : toError(error), spoke);
        }
      } finally {
        request.end(complete);
      }
      try {
        yield* answer.end();
      } catch (error) {
        throw forCaller(toError(error), spoke);
      }
    },
    async once(send, signal) {
      if (signal.aborted) throw timedOut();
      const request = under(signal);
      let complete = false;
      try {
        const answer = await send(request.signal);
        complete = true;
        return answer;
      } catch (error) {
        throw request.signal.aborted ? timedOut() : toError(error);
      } finally {
        request.end(complete);
      }
    },
    abort() {
      for (const http of open) http.abort();
    },
  };
}

/** Another try would let the caller hear the beginning twice. */
function forCaller(error: ResponderError, spoke: boolean): ResponderError {
  if (!spoke) return error;
  const { retryAfterMs } = error;
  return new ResponderError(error.code, error.message, { retryable: false, retryAfterMs });
}
