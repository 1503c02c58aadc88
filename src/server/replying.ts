import type { Clock } from '../clock.ts';
import type { ReplyPiece, TurnRequest, TurnSession } from '../responders/responder.ts';

/** Tokens that come within this time leave as one frame: a frame a token is a quarter of a streaming server's CPU. */
const JOIN_MS = 20;
/** A reply longer than this is cut: nobody listens to it, and every buffer has an end. */
const MOST_CHARS = 8_000;

export interface ReplyEvents {
  /** A piece to say; `done` completes the turn. */
  say(text: string, done: boolean): void;
  started(): void;
  ended(result: 'completed' | 'cancelled' | 'failed', error?: string): void;
}

/**
 * Streams one answer of the responder: the first piece at once, later ones joined. Ends with exactly one `ended`,
 * before which a completed answer has sent its `done`. Returns a function that cancels it.
 */
export function streamReply(session: TurnSession, request: TurnRequest, clock: Clock, events: ReplyEvents): () => void {
  const abort = new AbortController();
  let buffer = '';
  let sent = 0;
  let cancelTimer: (() => void) | undefined;
  let over = false;

  const flush = (done: boolean): void => {
    cancelTimer?.();
    cancelTimer = undefined;
    const text = buffer;
    buffer = '';
    if (text === '' && !done) return;
    if (sent === 0 && text !== '') events.started();
    sent += text.length;
    events.say(text, done);
  };

  const take = (piece: ReplyPiece): void => {
    if (piece.type !== 'text' || piece.text === '' || sent + buffer.length > MOST_CHARS) return;
    buffer += piece.text;
    if (sent === 0) flush(false);
    else cancelTimer ??= clock.after(JOIN_MS, () => flush(false));
  };

  const end = (result: 'completed' | 'cancelled' | 'failed', error?: string): void => {
    if (over) return;
    over = true;
    cancelTimer?.();
    events.ended(result, error);
  };

  const run = async (): Promise<void> => {
    try {
      for await (const piece of session.answer(request, abort.signal)) {
        if (over) return;
        take(piece);
      }
      if (over) return;
      if (sent === 0 && buffer === '') {
        end('failed', 'the answer was empty');
        return;
      }
      flush(true);
      end('completed');
    } catch (error) {
      if (over) return;
      if (buffer !== '') flush(false);
      end('failed', error instanceof Error ? error.message : 'unknown error');
    }
  };
  void run();

  return () => {
    if (over) return;
    over = true;
    cancelTimer?.();
    abort.abort();
    events.ended('cancelled');
  };
}
