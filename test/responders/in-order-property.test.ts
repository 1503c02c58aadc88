import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Act, fakeClient, finish, text, toolCall } from './fake-client.ts';
import { asking, collect, countTimers, failure, open, wait } from './in-order-asking.ts';

/** What a provider does in one answer; words are marked with its name later. */
type Move = 'wait' | 'long' | 'hang' | 'blank' | 'word' | 'tool' | 'busy' | 'broken' | 'refused' | 'finish';

const move = fc.constantFrom<Move>(
  'word',
  'finish',
  'finish',
  'wait',
  'long',
  'hang',
  'blank',
  'word',
  'tool',
  'busy',
  'broken',
  'refused',
  'finish',
);
const provider = fc.record({
  answers: fc.array(fc.array(move, { maxLength: 6 }), { minLength: 1, maxLength: 2 }),
  deaf: fc.boolean(),
  open: fc.boolean(),
});

function act(name: string, what: Move): Act {
  switch (what) {
    case 'wait':
      return 4;
    case 'long':
      return 25;
    case 'hang':
      return 'hang';
    case 'blank':
      return text(' ');
    case 'word':
      return text(name);
    case 'tool':
      return toolCall;
    case 'busy':
      return failure('rate-limited', true, 3);
    case 'broken':
      return failure('server-error', true, 100);
    case 'refused':
      return failure('refused', false);
    case 'finish':
      return finish();
  }
}

test('an answer ends in one way, and comes from one provider', { timeout: 60_000 }, async () => {
  const ends = { finished: 0, failed: 0, quiet: 0 };
  const property = fc.asyncProperty(
    fc.array(provider, { minLength: 1, maxLength: 3 }),
    fc.option(fc.integer({ min: 0, max: 60 })),
    async (behaviours, abortAt) => {
      const clients = behaviours.map(({ answers, deaf }, i) =>
        fakeClient(
          `<${i}>`,
          answers.map((moves) => moves.map((what) => act(`<${i}>`, what))),
          { deaf },
        ),
      );
      const { session, providers, events } = asking(clients, { firstTokenMs: 15, stallMs: 15 });
      for (const [i, behaviour] of behaviours.entries()) if (behaviour.open) await open(providers[i]);
      const controller = new AbortController();
      // The last provider is waited for, so that some abort must come.
      const abort = setTimeout(() => controller.abort(), abortAt ?? 120);
      const { pieces, said, error } = await collect(session, controller.signal);
      clearTimeout(abort);

      const finishes = pieces.filter(({ type }) => type === 'finish').length;
      const endings = [finishes === 1, error !== undefined, controller.signal.aborted && finishes === 0 && !error];
      expect(endings.filter(Boolean)).toHaveLength(1);
      if (finishes === 1) expect(pieces.at(-1)?.type).toBe('finish');
      const speakers = new Set(said.match(/<\d>/g) ?? []);
      expect(speakers.size).toBeLessThanOrEqual(1);
      const answered = events.filter(({ outcome }) => outcome === 'answered');
      expect(answered).toHaveLength(pieces.length > 0 ? 1 : 0);
      for (const speaker of speakers) expect(answered[0]?.provider).toBe(speaker);
      if (finishes === 1) expect(answered).toHaveLength(1);
      if (error && pieces.length > 0) expect(error.retryable).toBe(false);
      for (const client of clients) expect(client.requests.length).toBeLessThanOrEqual(2);
      await wait(0);
      for (const [i, client] of clients.entries()) {
        if (!behaviours[i]?.deaf) expect(client.running()).toBe(0);
      }
      ends[finishes === 1 ? 'finished' : error ? 'failed' : 'quiet'] += 1;
    },
  );
  await fc.assert(property, { numRuns: 400 });
  // The cases are not all of one kind.
  for (const count of Object.values(ends)) expect(count).toBeGreaterThan(20);
});

test('whatever happens, no timer is left', async () => {
  const moves: Move[][] = [['hang'], ['word', 'hang'], ['busy'], ['broken'], ['word', 'finish'], ['long', 'word']];
  const timers = countTimers();
  for (const first of moves) {
    for (const second of moves) {
      const clients = [first, second].map((each, i) => fakeClient(`<${i}>`, [each.map((what) => act(`<${i}>`, what))]));
      const { session } = asking(clients, { firstTokenMs: 10, stallMs: 10 });
      const controller = new AbortController();
      const abort = setTimeout(() => controller.abort(), 35);
      await collect(session, controller.signal);
      clearTimeout(abort);
    }
  }
  expect(await timers.left()).toBe(0);
});
