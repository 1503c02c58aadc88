import type { Race } from './in-order-race.ts';
import type { ModelClient, ModelRequest } from './model-client.ts';
import { type ReplyPiece, ResponderError } from './responder.ts';

/** One request to one provider. */
export interface Try {
  next(): Promise<IteratorResult<ReplyPiece>>;
  /** Aborts the request and does not wait for it to end. */
  end(): void;
}

/** How the wait for a first token ended. */
export type Start =
  | { readonly type: 'began'; readonly piece: ReplyPiece }
  | { readonly type: 'failed'; readonly error: ResponderError }
  | { readonly type: 'late' | 'stopped' };

export function ask(client: ModelClient, request: ModelRequest): Try {
  const http = new AbortController();
  let pieces: AsyncIterator<ReplyPiece> | undefined;
  return {
    next() {
      pieces ??= client.stream(request, http.signal)[Symbol.asyncIterator]();
      return pieces.next();
    },
    end() {
      http.abort();
      // An iterator that rests at a piece does not see the abort.
      pieces?.return?.().catch(() => {});
    },
  };
}

/**
 * Waits for text that can be heard, or for a tool call; blank text before it is dropped. At the limit `giveUp` decides
 * whether that was all, or the wait goes on without one.
 */
export async function start(asked: Try, waits: Race, giveUp: () => boolean): Promise<Start> {
  try {
    for (;;) {
      const next = asked.next();
      let step = await waits.against(next);
      if (step === 'late' && !giveUp()) {
        waits.limit(null);
        step = await waits.against(next);
      }
      if (step === 'late' || step === 'stopped') return { type: step };
      if (step.done || step.value.type === 'finish') return { type: 'failed', error: emptyAnswer() };
      if (step.value.type === 'tool-call' || step.value.text.trim() !== '') return { type: 'began', piece: step.value };
    }
  } catch (error) {
    return { type: 'failed', error: asResponderError(error) };
  }
}

/** Clients throw ResponderError; anything else is a bug of theirs, whose message may quote the caller. */
export function asResponderError(error: unknown): ResponderError {
  if (error instanceof ResponderError) return error;
  const kind = error instanceof Error ? error.name : typeof error;
  return new ResponderError('bad-answer', `the answer could not be read (${kind})`, { retryable: false });
}

function emptyAnswer(): ResponderError {
  return new ResponderError('bad-answer', 'the answer is empty', { retryable: true });
}
