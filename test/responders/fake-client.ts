import type { ModelClient, ModelRequest } from '../../src/responders/model-client.ts';
import type { ReplyPiece, ResponderError } from '../../src/responders/responder.ts';

/** What a scripted model does next: wait (ms, or for ever), say a piece, or fail. */
export type Act = number | 'hang' | ReplyPiece | ResponderError;

export interface FakeClient extends ModelClient {
  /** Requests so far, and when each came (performance.now). */
  readonly requests: { readonly request: ModelRequest; readonly at: number; aborted: boolean }[];
  /** Requests that have not ended. */
  running(): number;
  closed(): number;
}

/**
 * A model that follows a script: the nth request gets the nth list of acts, further ones the last. It ends quietly on an
 * abort; `deaf` does not hear it.
 */
export function fakeClient(name: string, answers: readonly Act[][], options: { deaf?: boolean } = {}): FakeClient {
  const requests: FakeClient['requests'] = [];
  let running = 0;
  let closed = 0;

  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ReplyPiece> {
    const acts = answers[Math.min(requests.length, answers.length - 1)] ?? [];
    const entry = { request, at: performance.now(), aborted: false };
    requests.push(entry);
    running += 1;
    const onAbort = () => {
      entry.aborted = true;
    };
    signal.addEventListener('abort', onAbort);
    try {
      for (const act of acts) {
        if (signal.aborted && !options.deaf) return;
        if (act === 'hang' || typeof act === 'number') {
          await pause(act === 'hang' ? 2 ** 31 - 1 : act, options.deaf ? undefined : signal);
        } else if (act instanceof Error) {
          throw act;
        } else {
          yield act;
        }
      }
    } finally {
      running -= 1;
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    name,
    model: `${name}-model`,
    stream,
    ask: () => Promise.reject(new Error('not scripted')),
    requests,
    running: () => running,
    closed: () => closed,
    close: () => {
      closed += 1;
    },
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    // A hanging model must not keep the test's process alive.
    timer.unref();
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

export const text = (words: string): ReplyPiece => ({ type: 'text', text: words });
export const finish = (
  reason: 'stop' | 'length' | 'content-filter' | 'refusal' | 'tool-calls' = 'stop',
): ReplyPiece => ({
  type: 'finish',
  reason,
});
export const toolCall: ReplyPiece = { type: 'tool-call', id: 'c1', name: 'end_call', arguments: '{}' };
