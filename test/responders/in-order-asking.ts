import { createHook } from 'node:async_hooks';
import { answersInOrder, type ProviderEvent } from '../../src/responders/in-order.ts';
import { type Provider, type ProviderSettings, providerOf } from '../../src/responders/provider.ts';
import {
  type AgentBrief,
  type ReplyPiece,
  ResponderError,
  type ResponderErrorCode,
  type TurnRequest,
  type TurnSession,
} from '../../src/responders/responder.ts';
import { type Act, type FakeClient, finish, text } from './fake-client.ts';

const SETTINGS: ProviderSettings = { firstTokenMs: 60, stallMs: 80, halfOpenAfterMs: 100 };
export const HELLO: Act[] = [text('Hello'), text(' there.'), finish()];
export const SPARE: Act[] = [text('Spare.'), finish()];

export const failure = (code: ResponderErrorCode, retryable = true, retryAfterMs?: number) =>
  new ResponderError(code, `it is ${code}`, { retryable, retryAfterMs });

export const REQUEST: TurnRequest = {
  turn: 7,
  kind: 'reply',
  language: 'en',
  transcript: [{ role: 'caller', text: 'Hello, do you have a table?' }],
  rounds: [],
};

const AGENT: AgentBrief = { name: 'default', language: 'en', system: 'You are Ada.', tools: [] };
export const CALL = {
  facts: { callId: 'c1', agent: 'default', platform: 'test', direction: 'inbound', noText: false },
  agent: AGENT,
} as const;

export interface Asking {
  readonly events: ProviderEvent[];
  readonly session: TurnSession;
  readonly providers: readonly Provider[];
  /** Such as `main failed server-error`. */
  outcomes(): string[];
}

/** One call that is answered by these models in order. */
export function asking(clients: readonly FakeClient[], settings: Partial<ProviderSettings> = {}): Asking {
  const events: ProviderEvent[] = [];
  const providers = clients.map((client) => providerOf(client, { ...SETTINGS, ...settings }));
  const session = answersInOrder('both', providers, { observe: (event) => events.push(event) }).open(CALL);
  const outcomes = () => events.map(({ provider, outcome, code }) => [provider, outcome, code ?? []].flat().join(' '));
  return { events, session, providers, outcomes };
}

export interface Answer {
  readonly pieces: ReplyPiece[];
  readonly said: string;
  readonly error: ResponderError | undefined;
}

/** The whole answer, or what there was of it before the error. */
export async function collect(session: TurnSession, signal = new AbortController().signal): Promise<Answer> {
  const pieces: ReplyPiece[] = [];
  let error: ResponderError | undefined;
  try {
    for await (const piece of session.answer(REQUEST, signal)) pieces.push(piece);
  } catch (thrown) {
    if (!(thrown instanceof ResponderError)) throw thrown;
    error = thrown;
  }
  return { pieces, said: pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join(''), error };
}

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds from a client's request to a later one of the same or another client. */
export function between(from: FakeClient, to: FakeClient, request = 0): number {
  const later = to.requests[request]?.at;
  if (later === undefined) throw new Error(`${to.name} was not asked so often`);
  return later - (from.requests[0]?.at ?? Number.NaN);
}

/** Opens the breaker. */
export async function open(provider: Provider | undefined): Promise<void> {
  for (let i = 0; i < 5; i += 1) provider?.admit()?.('failed');
  await new Promise((resolve) => setImmediate(resolve));
  if (provider?.state() !== 'open') throw new Error('not open');
}

/** Counts the timers that responders and their tests make from here on and that have neither run nor been cleared. */
export function countTimers(): { left(): Promise<number> } {
  const ids = new Set<number>();
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout' && /responders\//.test(new Error().stack?.split('\n').slice(2).join() ?? '')) ids.add(id);
    },
    destroy: (id) => ids.delete(id),
  }).enable();
  return {
    async left() {
      // Node reports what was cleared a little later.
      for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
      hook.disable();
      return ids.size;
    },
  };
}
