import { describe, expect, it } from 'vitest';
import { type ReplyPiece, ResponderError, type TurnRequest, type TurnSession } from '../../src/responders/responder.ts';
import { streamReply } from '../../src/server/replying.ts';
import { breathe, ManualClock } from './manual-clock.ts';

const REQUEST: TurnRequest = { turn: 1, kind: 'reply', transcript: [], language: 'en', rounds: [] };
const text = (words: string): ReplyPiece => ({ type: 'text', text: words });

/** An answer that gives a piece whenever it is told to, and ends or throws when told to. */
function bench() {
  const clock = new ManualClock();
  const happened: string[] = [];
  const waiting: ((step: () => IteratorResult<ReplyPiece>) => void)[] = [];
  let aborted = false;
  const session: TurnSession = {
    answer: (_request, signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return {
        [Symbol.asyncIterator]: () => ({
          next: () =>
            new Promise((resolve, reject) =>
              waiting.push((step) => {
                try {
                  resolve(step());
                } catch (error) {
                  reject(error);
                }
              }),
            ),
        }),
      };
    },
    close() {},
  };
  const none = { tools: new Map(), context: { callId: 'c', agent: 'a' } };
  const cancel = streamReply(session, REQUEST, none, clock, {
    say: (words, done) => happened.push(`${done ? 'last' : 'say'}:${words}`),
    started: () => happened.push('started'),
    wait: () => happened.push('wait'),
    toolCalled: () => happened.push('called'),
    toolAnswered: () => happened.push('answered'),
    reported: () => happened.push('reported'),
    used: (usage) => happened.push(`used:${usage.inputTokens}`),
    ended: (result, { error }) => happened.push(error ? `${result}: ${error}` : result),
  });
  const step = async (what: () => IteratorResult<ReplyPiece>): Promise<void> => {
    await breathe();
    waiting.shift()?.(what);
    await breathe();
  };
  return {
    clock,
    happened,
    cancel,
    aborted: () => aborted,
    give: (piece: ReplyPiece) => step(() => ({ done: false, value: piece })),
    end: () => step(() => ({ done: true, value: undefined })),
    fail: (error: unknown) =>
      step(() => {
        throw error;
      }),
  };
}

describe('a reply', () => {
  it('leaves with its first piece at once; later ones are joined for 20 ms; the rest goes with the completion', async () => {
    const reply = bench();
    await reply.give(text('One'));
    expect(reply.happened).toEqual(['started', 'say:One']);
    await reply.give(text(' two'));
    await reply.clock.pass(10);
    await reply.give(text(' three'));
    expect(reply.happened).toHaveLength(2);
    await reply.clock.pass(10);
    expect(reply.happened.at(-1)).toBe('say: two three');
    await reply.give(text(' four'));
    await reply.end();
    expect(reply.happened.slice(3)).toEqual(['last: four', 'completed']);
    await reply.clock.pass(60_000);
    expect(reply.happened).toHaveLength(5);
  });

  it('is joined for longer once the voice has enough to say', async () => {
    const reply = bench();
    await reply.give(text('We are open from nine to five, and on Saturdays'));
    await reply.give(text(' from ten'));
    await reply.clock.pass(59);
    await reply.give(text(' to one'));
    expect(reply.happened).toHaveLength(2);
    await reply.clock.pass(1);
    expect(reply.happened.at(-1)).toBe('say: from ten to one');
    await reply.end();
  });

  it('with nothing left is completed by an empty last piece', async () => {
    const reply = bench();
    await reply.give(text('All.'));
    await reply.end();
    expect(reply.happened).toEqual(['started', 'say:All.', 'last:', 'completed']);
  });

  it('of no text has failed; blank lines are no text', async () => {
    const reply = bench();
    await reply.give(text(''));
    await reply.give(text('\n\n'));
    await reply.give({ type: 'finish', reason: 'stop' });
    await reply.end();
    expect(reply.happened).toEqual(['failed: the answer was empty']);
  });

  it('tells what it took; nothing counts behind its finish', async () => {
    const reply = bench();
    const usage = { model: 'm', inputTokens: 7, cachedTokens: 0, outputTokens: 1, cost: null };
    await reply.give(text('All.'));
    await reply.give({ type: 'finish', reason: 'stop', usage });
    await reply.give(text(' More.'));
    await reply.give({ type: 'tool-call', id: 'x', name: 'x', arguments: '{}' });
    await reply.give({ type: 'finish', reason: 'stop', usage });
    await reply.end();
    expect(reply.happened).toEqual(['started', 'say:All.', 'used:7', 'last:', 'completed']);
  });

  it.each(['One.', 'One. Two?', 'One!" ', '好的。', 'क्या।', 'حسنا؟', 'Well…'])(
    'that fails behind a whole sentence is left standing: %s',
    async (words) => {
      const reply = bench();
      await reply.give(text(words));
      await reply.fail(new Error('reset'));
      expect(reply.happened).toEqual(['started', `say:${words}`, 'last:', 'completed: reset']);
    },
  );

  it.each(['One', 'One. Two', 'It costs 3.5', 'Dr. Who,'])(
    'that fails within a sentence has failed: %s',
    async (words) => {
      const reply = bench();
      await reply.give(text(words));
      await reply.fail(new Error('reset'));
      expect(reply.happened).toEqual(['started', `say:${words}`, 'failed: reset']);
    },
  );

  it('that fails says what it had, and fails once', async () => {
    const reply = bench();
    await reply.give(text('One'));
    await reply.give(text(' two'));
    await reply.fail(new ResponderError('server-error', 'the server broke off', { retryable: false }));
    expect(reply.happened).toEqual(['started', 'say:One', 'say: two', 'failed: the server broke off']);
    reply.cancel();
    await reply.clock.pass(60_000);
    expect(reply.happened).toHaveLength(4);
  });

  it('that is cancelled says nothing more, whatever still comes, and aborts the responder', async () => {
    const reply = bench();
    await reply.give(text('One'));
    await reply.give(text(' two'));
    reply.cancel();
    reply.cancel();
    expect(reply.aborted()).toBe(true);
    await reply.clock.pass(1_000);
    await reply.give(text(' three'));
    await reply.end();
    expect(reply.happened).toEqual(['started', 'say:One', 'cancelled']);
  });

  it('that is cancelled between two pieces says nothing more either', async () => {
    const reply = bench();
    await reply.give(text('One'));
    reply.cancel();
    await reply.give(text(' two'));
    await reply.clock.pass(60_000);
    expect(reply.happened).toEqual(['started', 'say:One', 'cancelled']);
  });

  it('that stalls for 3.5 s after a piece has failed; the time runs anew with every piece', async () => {
    const reply = bench();
    await reply.give(text('One'));
    await reply.clock.pass(3_400);
    await reply.give(text(' two'));
    await reply.clock.pass(3_400);
    expect(reply.happened).toEqual(['started', 'say:One', 'say: two']);
    await reply.clock.pass(100);
    expect(reply.happened.at(-1)).toBe('failed: the answer stalled');
    expect(reply.aborted()).toBe(true);
  });

  it('that has not begun is not the watch of this part: the core says the fallback', async () => {
    const reply = bench();
    await reply.clock.pass(60_000);
    expect(reply.happened).toEqual([]);
    reply.cancel();
  });

  it.each([
    ['in one piece', ['x'.repeat(50_000)]],
    ['in many', Array.from({ length: 500 }, () => 'x'.repeat(100))],
  ])('longer than 8000 characters is cut there and completed, %s', async (_how, pieces) => {
    const reply = bench();
    for (const piece of pieces) await reply.give(text(piece));
    await reply.clock.pass(20);
    const said = reply.happened.filter((one) => /^(say|last):/.test(one)).map((one) => one.replace(/^\w+:/, ''));
    expect(said.join('')).toHaveLength(8_000);
    expect(reply.happened.at(-1)).toBe('completed');
    expect(reply.aborted()).toBe(true);
  });

  it('is never cut through the middle of a character', async () => {
    const reply = bench();
    await reply.give(text(`x${'😀'.repeat(5_000)}`));
    const said = reply.happened.filter((one) => /^(say|last):/.test(one)).join('');
    expect(said).not.toMatch(/\p{Surrogate}/u);
  });
});
