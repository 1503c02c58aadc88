import { type Begun, begin, type Outcome, type Report } from './in-order-begin.ts';
import { type Race, race } from './in-order-race.ts';
import { asResponderError } from './in-order-try.ts';
import { buildMessages } from './prompt.ts';
import { type Provider, speaksAgainstServer } from './provider.ts';
import {
  type AgentBrief,
  type ReplyPiece,
  ResponderError,
  type ResponderErrorCode,
  type TurnRequest,
  type TurnResponder,
} from './responder.ts';

/** What became of one request, or of a provider that was left out. */
export interface ProviderEvent {
  readonly callId: string;
  readonly turn: number;
  /** Name of the responder in the configuration. */
  readonly provider: string;
  /** `answered`: its first token is there; a `failed` after it means that the answer broke off. */
  readonly outcome: Outcome;
  readonly code?: ResponderErrorCode;
  /** Since the request was sent; 0 where none was. */
  readonly ms: number;
}

export interface InOrderOptions {
  /** What it throws is ignored. */
  readonly observe?: ((event: ProviderEvent) => void) | undefined;
}

/**
 * Answers with the first provider that gives a first token in time: text that can be heard, or a tool call. Those with
 * an open breaker are left out, unless all are open: then the first is asked all the same. An error before the first
 * token is followed by one more try where that may help and time allows, then by the next provider; the last one is
 * waited for. After the first token nothing is asked again, as the caller would hear it twice: a stall or an error is
 * thrown as a ResponderError that is not retryable.
 *
 * @throws RangeError without a provider.
 */
export function answersInOrder(
  name: string,
  providers: readonly Provider[],
  { observe }: InOrderOptions = {},
): TurnResponder {
  const [first, ...others] = providers;
  if (first === undefined) throw new RangeError(`responder ${name}: no providers`);
  return {
    kind: 'turns',
    name,
    open({ facts: { callId }, agent }) {
      const call = { callId, agent, providers: [first, ...others] as const, open: new Set<Race>(), observe };
      return {
        answer: (request, signal) => answer(call, request, signal),
        close() {
          for (const waits of call.open) waits.stop();
        },
      };
    },
    close() {
      for (const { client } of providers) client.close();
    },
  };
}

interface Call extends InOrderOptions {
  readonly callId: string;
  readonly agent: AgentBrief;
  readonly providers: readonly [Provider, ...Provider[]];
  /** Answers under way. */
  readonly open: Set<Race>;
}

/** One generator from the client to the reader: each further one would cost every token more than the rest of this. */
async function* answer(call: Call, request: TurnRequest, signal: AbortSignal): AsyncGenerator<ReplyPiece> {
  if (signal.aborted) return;
  const { system, tools, language } = call.agent;
  const messages = buildMessages(request, language);
  const report = reportTo(call, request.turn);
  const waits = race(signal);
  call.open.add(waits);
  let begun: Begun | undefined;
  let finish: ReplyPiece | undefined;
  try {
    begun = await begin(call.providers, { system, tools, messages }, waits, report);
    if (begun === undefined) return;
    yield begun.piece;
    waits.limit(begun.provider.stallMs);
    while (finish === undefined) {
      // Time that the reader of these pieces takes is not the server's.
      waits.rewind();
      const piece = await following(begun, waits, report);
      if (piece === undefined) return;
      if (piece.type === 'finish') finish = piece;
      else yield piece;
    }
  } finally {
    // Also when the caller has cut in: the server did its part.
    begun?.settle('answered');
    begun?.asked.end();
    waits.end();
    call.open.delete(waits);
  }
  // Last of all, as nobody need ask for more after it.
  yield finish;
}

/** The next piece of an answer that has begun; undefined when it is not wanted any more. */
async function following({ provider, settle, asked, askedAt }: Begun, waits: Race, report: Report) {
  try {
    const step = await waits.against(asked.next());
    if (step === 'stopped') return undefined;
    if (step === 'late') throw new ResponderError('timed-out', 'the answer stalled', { retryable: false });
    if (step.done) throw new ResponderError('bad-answer', 'the answer has no end', { retryable: false });
    return step.value;
  } catch (thrown) {
    const error = asResponderError(thrown);
    settle(speaksAgainstServer(error) ? 'failed' : 'inconclusive');
    report(provider, 'failed', askedAt, error.code);
    throw new ResponderError(error.code, error.message, { retryable: false, cause: error });
  }
}

function reportTo({ callId, observe }: Call, turn: number): Report {
  return (provider, outcome, since, code) => {
    if (observe === undefined) return;
    const ms = since === null ? 0 : Math.round(performance.now() - since);
    try {
      observe({ callId, turn, provider: provider.client.name, outcome, ...(code !== undefined && { code }), ms });
    } catch {
      // Counting must cost no answer, nor leave a breaker waiting for its result.
    }
  };
}
