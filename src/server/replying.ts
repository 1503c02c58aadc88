import type { Clock } from '../clock.ts';
import type {
  FinishReason,
  ReplyPiece,
  ToolCall,
  ToolRound,
  TurnRequest,
  TurnSession,
  Usage,
} from '../responders/responder.ts';
import type { Tool, ToolContext, ToolOutcome } from '../tools/tool.ts';
import { endsSentence, ReplyText, type SayHow } from './reply-text.ts';
import { ReplyWatch } from './reply-watch.ts';
import { type ToolCallEvents, ToolCalls } from './tool-calls.ts';
import { toolIds } from './tool-ids.ts';

/** How often tools are called before a reply must be given. */
const MOST_ROUNDS = 4;
const MOST_CALLS = 8;
/** While a slow tool works and nothing has been said, the caller is asked to wait for a moment after this. */
const WAIT_MS = 800;
/** The caller is asked to wait on so often; then the reply ends. */
const MOST_WAITS = 4;
/** Nor later than this after the request: then the core would give the reply up, tool and all. */
const LATEST_WAIT_MS = 3_000;

/** Ends of an answer that leave a sentence unfinished. A refusal may be the filter of a provider. */
const STOPPED_EARLY: readonly FinishReason[] = ['length', 'content-filter', 'refusal'];

export interface ReplyTools {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly context: Omit<ToolContext, 'turn' | 'transcript'>;
}

/** How a reply ended, apart from its result. */
export interface ReplyEnd {
  readonly error?: string;
  /** The model said goodbye: the last piece carried `endCall`. */
  readonly ended?: true;
  /** The last piece carried `transferTo`. */
  readonly transferred?: true;
  /** The rounds of tools in this reply, for later requests. */
  readonly rounds: readonly ToolRound[];
}

export interface ReplyEvents extends ToolCallEvents {
  /** A piece to say; `done` completes the turn. */
  say(text: string, done: boolean, how?: SayHow): void;
  /** The first piece is about to be said. Not when `wait` came before. */
  started(): void;
  /** A tool takes long: the caller is asked to wait, `again` after something was said. */
  wait(again: boolean): void;
  used(usage: Usage): void;
  ended(result: 'completed' | 'cancelled' | 'failed', end: ReplyEnd): void;
}

/** What the last piece says, and what follows when it has been spoken. */
interface Last {
  readonly say: string;
  readonly how: SayHow;
}

/**
 * Streams one reply of the responder: the first piece at once, later ones joined. When an answer calls tools, they are
 * run and the responder is asked again, under the same turn. Ends with exactly one `ended`, before which a completed
 * reply has sent its `done`. How long the first piece may take is the core's matter. Returns a function that cancels it.
 */
export function streamReply(
  session: TurnSession,
  request: TurnRequest,
  { tools, context }: ReplyTools,
  clock: Clock,
  events: ReplyEvents,
): () => void {
  const abort = new AbortController();
  const name = toolIds(request.rounds);
  const askedAt = clock.now();
  const rounds: ToolRound[] = [];
  let working: ToolCalls | null = null;
  /** What the answer that comes in has said. */
  let said = '';
  /** Why it stopped before its end. */
  let early: FinishReason | null = null;
  let begun = false;
  let over = false;
  let cancelWait: (() => void) | undefined;
  /** How often the caller was asked to wait on. */
  let waits = 0;

  const text = new ReplyText(clock, (words, done, how) => {
    if (words !== '') begin(() => events.started());
    if (!over) events.say(words, done, how);
  });
  const watch = new ReplyWatch(clock, () => {
    if (!working) broke('the answer stalled');
    else if (waits++ < MOST_WAITS) events.wait(true);
    else broke('a tool took too long');
  });

  const begin = (tell: () => void): void => {
    if (begun) return;
    begun = true;
    cancelWait?.();
    watch.start();
    tell();
  };

  /** Nothing is said after it; the responder and its tools are told to stop, in case they have not. */
  const stop = (): void => {
    over = true;
    text.stop();
    cancelWait?.();
    watch.stop();
    abort.abort();
  };

  const end = (result: 'completed' | 'cancelled' | 'failed', how: Omit<ReplyEnd, 'rounds'> = {}, last?: Last): void => {
    if (over) return;
    if (result === 'completed') text.finish(last?.say ?? '', last?.how);
    else if (result === 'failed') text.flush();
    // Saying the last of it may have ended the reply.
    if (over) return;
    stop();
    if (working) rounds.push(working.close());
    events.ended(result, { ...how, rounds });
  };

  /**
   * What was heard as a whole sentence is left standing; otherwise the core says something under the same turn. What
   * was said before a tool was called promises more.
   */
  const broke = (error: string): void => end(!working && endsSentence(said) ? 'completed' : 'failed', { error });

  const hear = (piece: string): void => {
    // Models put blank lines around their calls.
    const words = said === '' ? piece.trimStart() : piece;
    if (words === '') return;
    watch.alive();
    const fits = text.add(said === '' ? `${text.gap}${words}` : words);
    said += words;
    if (!fits) end('completed');
  };

  /** Says all that the responder says, until it has finished; returns the tools that it called. */
  const listen = async (): Promise<ToolCall[]> => {
    const calls: ToolCall[] = [];
    let finished = false;
    const take = (piece: ReplyPiece): void => {
      if (piece.type === 'text') hear(piece.text);
      else if (piece.type === 'tool-call') {
        // Further ones are left out: the model sees that they were not made.
        if (calls.length < MOST_CALLS) calls.push(piece);
      } else {
        finished = true;
        if (STOPPED_EARLY.includes(piece.reason)) early = piece.reason;
        if (piece.usage) events.used(piece.usage);
      }
    };
    said = '';
    early = null;
    const asked = rounds.length === 0 ? request : { ...request, rounds: [...request.rounds, ...rounds] };
    for await (const piece of session.answer(asked, abort.signal)) {
      if (over) break;
      if (!finished) take(piece);
    }
    return calls;
  };

  const askToWait = (): void => {
    if (begun || cancelWait) return;
    const ms = Math.min(WAIT_MS, askedAt + LATEST_WAIT_MS - clock.now());
    cancelWait = clock.after(Math.max(0, ms), () => begin(() => events.wait(false)));
  };

  const bye = (by: Extract<ToolOutcome, { type: 'end' | 'transfer' }>): void => {
    // What the model said in an earlier answer was not its goodbye.
    const say = said === '' && by.say !== '' ? `${text.gap}${by.say}` : '';
    if (by.type === 'end') end('completed', { ended: true }, { say, how: { endCall: true } });
    else end('completed', { transferred: true }, { say, how: { transferTo: by.number } });
  };

  /** Runs the tools; true when the responder is to be asked again. */
  const use = async (calls: readonly ToolCall[]): Promise<boolean> => {
    const { transcript, turn } = request;
    const asked = { at: transcript.length, text: said.trim(), calls, name, spoken: !text.empty };
    const round = new ToolCalls(asked, tools, events);
    working = round;
    watch.alive();
    if (round.slow) askToWait();
    const after = await round.run({ ...context, turn, transcript }, abort.signal);
    if (over) return false;
    watch.alive();
    working = null;
    rounds.push(round.close());
    if (after.type === 'go-on') return true;
    if (after.type === 'complete') end('completed');
    else bye(after);
    return false;
  };

  const run = async (): Promise<void> => {
    try {
      for (;;) {
        const calls = await listen();
        if (over) return;
        if (calls.length === 0) {
          if (text.empty) end('failed', { error: 'the answer was empty' });
          else if (early) broke(`the answer stopped early (${early})`);
          else end('completed');
          return;
        }
        if (rounds.length === MOST_ROUNDS) {
          broke('tools were called too often in one turn');
          return;
        }
        if (!(await use(calls))) return;
      }
    } catch (error) {
      broke(error instanceof Error ? error.message : 'unknown error');
    }
  };
  void run();

  return () => end('cancelled');
}
