import type { Race } from './in-order-race.ts';
import { ask, start, type Try } from './in-order-try.ts';
import type { ModelRequest } from './model-client.ts';
import { type Provider, speaksAgainstServer } from './provider.ts';
import type { Settle } from './provider-breaker.ts';
import type { ReplyPiece, ResponderError, ResponderErrorCode } from './responder.ts';

/** No provider but the last may take longer, whatever is configured. */
const LONGEST_WAIT_MS = 2000;
/** All waits before the last provider is asked; the guard says a sentence of its own soon after. */
const ALL_WAITS_MS = 3000;
/** Before another try, where the server names no time; the jitter keeps calls that failed together apart. */
const RETRY_MS = 100;
const RETRY_JITTER_MS = 150;

export type Outcome = 'failed' | 'late' | 'skipped' | 'answered';

/** Takes what became of a request; `since` is when it was sent (performance.now), null where none was. */
export type Report = (provider: Provider, outcome: Outcome, since: number | null, code?: ResponderErrorCode) => void;

/** A provider in use for one answer. */
interface Leg {
  readonly provider: Provider;
  readonly settle: Settle;
}

/** A request whose first token is there. */
export interface Begun extends Leg {
  readonly type: 'began';
  readonly asked: Try;
  readonly askedAt: number;
  readonly piece: ReplyPiece;
}

type End =
  | Begun
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly error: ResponderError }
  | { readonly type: 'late'; readonly next: Leg };

/** The providers of one answer that are still to be asked. */
interface Queue {
  next(): Leg | undefined;
  /** How many would be let through now. */
  ready(): number;
}

/**
 * Asks one provider after the other until there is a first token; undefined when the answer is not wanted any more.
 *
 * @throws ResponderError of the provider asked last.
 */
export async function begin(
  providers: readonly [Provider, ...Provider[]],
  request: ModelRequest,
  waits: Race,
  report: Report,
): Promise<Begun | undefined> {
  const startedAt = performance.now();
  const queue = queueOf(providers, report);
  // All are left alone: nothing is lost by asking, and nothing is learnt that the breaker must know.
  let leg: Leg = queue.next() ?? { provider: providers[0], settle() {} };
  for (;;) {
    const limitMs = limitFor(leg.provider, queue.ready(), performance.now() - startedAt);
    const end = await askOne(leg, request, limitMs, { queue, waits, report });
    if (end.type === 'began') return end;
    if (end.type === 'stopped') return undefined;
    const next = end.type === 'late' ? end.next : queue.next();
    // Only an error leaves nobody to ask: who is late is not given up before another one is there.
    if (end.type === 'failed' && next === undefined) throw end.error;
    if (next !== undefined) leg = next;
  }
}

/** How long a provider may take when `others` can still be asked; they share what is left of the time. */
function limitFor(provider: Provider, others: number, elapsedMs: number): number {
  if (others === 0) return provider.firstTokenMs;
  return Math.max(0, Math.min(provider.firstTokenMs, LONGEST_WAIT_MS, (ALL_WAITS_MS - elapsedMs) / others));
}

/** Waits for one provider, with one more try where its error may pass. */
async function askOne(
  leg: Leg,
  request: ModelRequest,
  limitMs: number,
  { queue, waits, report }: { queue: Queue; waits: Race; report: Report },
): Promise<End> {
  const { provider, settle } = leg;
  const deadline = performance.now() + limitMs;
  let next: Leg | undefined;
  let overdue = false;
  const giveUp = (): boolean => {
    overdue = true;
    next = queue.next();
    return next !== undefined;
  };
  waits.limit(limitMs);
  for (let tries = 1; ; tries++) {
    const askedAt = performance.now();
    const asked = ask(provider.client, request);
    const found = await start(asked, waits, giveUp);
    if (found.type === 'began') {
      report(provider, 'answered', askedAt);
      return { ...leg, ...found, asked, askedAt };
    }
    asked.end();
    if (found.type !== 'failed') {
      if (overdue) report(provider, 'late', askedAt);
      // An abort says nothing about a server; that it had said nothing when its time was up does.
      settle(overdue ? 'failed' : 'inconclusive');
      return next === undefined ? { type: 'stopped' } : { type: 'late', next };
    }
    report(provider, 'failed', askedAt, found.error.code);
    const waitMs = found.error.retryAfterMs ?? RETRY_MS + Math.random() * RETRY_JITTER_MS;
    if (tries > 1 || !found.error.retryable || performance.now() + waitMs >= deadline) {
      settle(speaksAgainstServer(found.error) ? 'failed' : 'inconclusive');
      return found;
    }
    if ((await waits.pause(waitMs)) === 'stopped') {
      settle('inconclusive');
      return { type: 'stopped' };
    }
  }
}

function queueOf(providers: readonly Provider[], report: Report): Queue {
  const left = [...providers];
  return {
    next() {
      for (let provider = left.shift(); provider !== undefined; provider = left.shift()) {
        const settle = provider.admit();
        if (settle !== undefined) return { provider, settle };
        report(provider, 'skipped', null);
      }
      return undefined;
    },
    ready: () => left.filter((provider) => provider.ready()).length,
  };
}
