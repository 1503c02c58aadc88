import { setMaxListeners } from 'node:events';
import type { Clock } from '../../clock.ts';
import type { ModelSpec } from '../../responders/index.ts';
import { costOf, type ModelClient } from '../../responders/model-client.ts';
import { timedOut } from '../../responders/model-error.ts';
import { type ReplyPiece, ResponderError, type Usage } from '../../responders/responder.ts';
import type { AnswersStamp } from '../eval/run.ts';
import { openAnswers } from './answer-directory.ts';
import { AnswerFileError } from './answer-file.ts';
import { type Asked, answerKey, modelOrigin, systemHash } from './answer-key.ts';
import type { RecordedAnswer, ReplyAnswer, ValueAnswer } from './answer-line.ts';
import { answersBook, type MissingAnswers } from './answers-book.ts';
import { askReply, askValue } from './ask-model.ts';
import type { HeldModels } from './held-models.ts';
import { heldWork } from './held-work.ts';

export type { MissingAnswers } from './answers-book.ts';

/** Message of the ResponderError that a missing answer throws. */
export const UNRECORDED = 'no recorded answer';

export interface RecordedModelsOptions {
  /** Where answers are kept; null: nothing is read or written. */
  readonly directory: string | null;
  /** replay: only recorded answers; record: what is missing is asked and kept; ask: always asked, never kept. */
  readonly mode: 'replay' | 'record' | 'ask';
  /** Repeat of the run, from 1: part of the key, so that repeats are answers of their own. */
  readonly repeat: number;
  /** The virtual clock: recorded delays pass in it. */
  readonly clock: Clock;
}

/** `hold` throws AnswerFileError once a file of answers cannot be used: the run must end, or it says nothing. */
export interface RecordedModels extends HeldModels {
  /** Answers that were needed and are not there; only in replay. */
  missing(): readonly MissingAnswers[];
  /** Answers that were given, by model; asked ones as well. */
  used(): readonly AnswersStamp[];
  /** Gives up requests under way. */
  close(): void;
}

/**
 * Models that answer from recordings. Virtual time stands still until an answer is known; then it comes as it was
 * recorded, piece by piece in virtual time, whether it was asked for just now or a year ago.
 */
export function recordedModels({ directory, mode, repeat, clock }: RecordedModelsOptions): RecordedModels {
  const { hold, held } = heldWork();
  const kept = directory === null || mode === 'ask' ? null : openAnswers(directory);
  const closing = new AbortController();
  // Every request under way listens.
  setMaxListeners(0, closing.signal);
  const book = answersBook();
  let broken: AnswerFileError | undefined;

  /** The recorded answer, or in other modes than replay the one that `fresh` gets. */
  async function answerTo<T extends RecordedAnswer>(
    { spec, client, asked }: { spec: ModelSpec; client: ModelClient; asked: Asked },
    is: (answer: RecordedAnswer) => answer is T,
    fresh: (key: string) => Promise<T>,
  ): Promise<T> {
    const origin = modelOrigin(spec);
    const key = answerKey(spec, repeat, asked);
    try {
      const file = kept?.file(origin, systemHash(asked));
      let answer = file?.get(key);
      if (answer === undefined && mode === 'replay') {
        book.missed({ responder: client.name, origin, asked, promptUnknown: (file?.size ?? 0) === 0 });
        throw new ResponderError('refused', UNRECORDED, { retryable: false });
      }
      answer ??= await (kept === null || file === undefined
        ? fresh(key)
        : kept.once(key, async () => {
            const got = await fresh(key);
            file.add(got);
            return got;
          }));
      if (!is(answer)) throw new AnswerFileError(`an answer of ${origin.slug} is of another kind`);
      book.used(origin, answer.at);
      return answer;
    } catch (error) {
      if (error instanceof AnswerFileError) broken ??= error;
      throw error;
    }
  }

  return {
    hold() {
      if (broken !== undefined) throw broken;
      return hold();
    },
    wrapModel: (client, spec): ModelClient => ({
      name: client.name,
      model: client.model,
      async *stream(request, signal) {
        if (signal.aborted) return;
        const askedAt = clock.now();
        const asked: Asked = { purpose: 'reply', request };
        const { pieces } = await held(
          // Asked to its end even if it is not wanted any more: a replay comes to the same point.
          answerTo({ spec, client, asked }, isReply, (key) => askReply(client, request, key, closing.signal)),
        );
        for (const [offset, piece] of pieces) {
          if (!(await reached(clock, askedAt + offset, signal))) return;
          yield atPrice(piece, spec);
        }
      },
      async ask(question, signal) {
        if (signal.aborted) throw timedOut();
        const askedAt = clock.now();
        const asked: Asked = { purpose: 'classify', request: question };
        const { value, usage, ms } = await held(
          answerTo({ spec, client, asked }, isValue, (key) => askValue(client, question, key, closing.signal)),
        );
        if (!(await reached(clock, askedAt + ms, signal))) throw timedOut();
        return { value, ...(usage !== undefined && { usage: priced(usage, spec) }) };
      },
      close: () => client.close(),
    }),
    missing: book.missing,
    used: book.stamps,
    close() {
      closing.abort();
      kept?.close();
    },
  };
}

const isReply = (answer: RecordedAnswer): answer is ReplyAnswer => 'pieces' in answer;
const isValue = (answer: RecordedAnswer): answer is ValueAnswer => 'value' in answer;

/** Waits for a moment of the clock; false: an abort came first. */
function reached(clock: Clock, at: number, signal: AbortSignal): Promise<boolean> {
  const ms = at - clock.now();
  if (signal.aborted || ms <= 0) return Promise.resolve(!signal.aborted);
  return new Promise((resolve) => {
    const stop = () => {
      cancel();
      resolve(false);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Prices are those of today's configuration; tokens are those of the recording. */
function priced(usage: Usage, { price }: ModelSpec): Usage {
  return { ...usage, cost: costOf(usage, price) };
}

function atPrice(piece: ReplyPiece, spec: ModelSpec): ReplyPiece {
  if (piece.type !== 'finish' || piece.usage === undefined) return piece;
  return { ...piece, usage: priced(piece.usage, spec) };
}
