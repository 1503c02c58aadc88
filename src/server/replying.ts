import type { Clock } from '../clock.ts';
import type { ReplyPiece, TurnRequest, TurnSession } from '../responders/responder.ts';

/** Tokens that come within this time leave as one frame: a frame a token is a quarter of a streaming server's CPU. */
const JOIN_MS = 20;
/** A reply longer than this is cut: nobody listens to it, and every buffer has an end. */
const MOST_CHARS = 8_000;
/** A reply that has begun and then says nothing for this long is over: an open response mutes the agent. */
const STALLED_MS = 8_000;

export interface ReplyEvents {
  /** A piece to say; `done` completes the turn. */
  say(text: string, done: boolean): void;
  started(): void;
  ended(result: 'completed' | 'cancelled' | 'failed', error?: string): void;
}

/**
 * Streams one answer of the responder: the first piece at once, later ones joined. Ends with exactly one `ended`,
 * before which a completed answer has sent its `done`. How long the first piece may take is the core's matter.
 * Returns a function that cancels it.
 */
export function streamReply(session: TurnSession, request: TurnRequest, clock: Clock, events: ReplyEvents): () => void {
  const abort = new AbortController();
  let buffer = '';
  let sent = 0;
  let cancelFlush = (): void => {};
  let flushing = false;
  let lastPieceAt = 0;
  let cancelWatch: (() => void) | undefined;
  let over = false;

  const flush = (done: boolean): void => {
    cancelFlush();
    flushing = false;
    const text = buffer;
    buffer = '';
    if (text === '' && !done) return;
    if (sent === 0 && text !== '') events.started();
    sent += text.length;
    events.say(text, done);
  };

  /** Nothing is said after it; the responder is told to stop, in case it has not. */
  const stop = (): void => {
    over = true;
    cancelFlush();
    cancelWatch?.();
    abort.abort();
  };

  const end = (result: 'completed' | 'failed', error?: string): void => {
    if (over) return;
    if (result === 'completed') flush(true);
    else if (buffer !== '') flush(false);
    stop();
    events.ended(result, error);
  };

  // One timer a reply, not one a piece.
  const watch = (ms: number): void => {
    cancelWatch = clock.after(ms, () => {
      const left = lastPieceAt + STALLED_MS - clock.now();
      if (left > 0) watch(left);
      else end('failed', 'the answer stalled');
    });
  };

  const take = (piece: ReplyPiece): void => {
    if (piece.type !== 'text' || piece.text === '') return;
    lastPieceAt = clock.now();
    if (!cancelWatch) watch(STALLED_MS);
    const room = MOST_CHARS - sent - buffer.length;
    buffer += piece.text.length > room ? cutAt(piece.text, room) : piece.text;
    if (piece.text.length > room) end('completed');
    else if (sent === 0) flush(false);
    else if (!flushing) {
      flushing = true;
      cancelFlush = clock.after(JOIN_MS, () => flush(false));
    }
  };

  const run = async (): Promise<void> => {
    try {
      for await (const piece of session.answer(request, abort.signal)) {
        if (over) return;
        take(piece);
      }
      if (sent === 0 && buffer === '') end('failed', 'the answer was empty');
      else end('completed');
    } catch (error) {
      end('failed', error instanceof Error ? error.message : 'unknown error');
    }
  };
  void run();

  return () => {
    if (over) return;
    stop();
    events.ended('cancelled');
  };
}

/** The first `length` code units, never half a character. */
function cutAt(text: string, length: number): string {
  const half = /[\ud800-\udbff]/.test(text[length - 1] ?? '');
  return text.slice(0, half ? length - 1 : length);
}
