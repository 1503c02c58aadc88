import type { WrapModel } from '../../responders/index.ts';
import type { ModelClient } from '../../responders/model-client.ts';
import type { ReplyPiece } from '../../responders/responder.ts';
import type { Hold } from '../player/virtual-clock.ts';
import { heldWork } from './held-work.ts';

/** Models whose answers virtual time waits for. */
export interface HeldModels {
  /** For `GuardOptions.wrapModel`. */
  readonly wrapModel: WrapModel;
  /** For `VirtualClock.holdFor`. */
  readonly hold: Hold;
}

/**
 * Virtual time stands still from a request until the whole answer is there: to the guard a model answers at once,
 * however slow the machine is.
 */
export function heldModels(): HeldModels {
  const { hold, held } = heldWork();
  return {
    hold,
    wrapModel: (client): ModelClient => ({
      name: client.name,
      model: client.model,
      async *stream(request, signal) {
        const { pieces, error } = await held(whole(client.stream(request, signal)));
        for (const { piece } of pieces) {
          if (signal.aborted) return;
          yield piece;
        }
        if (error !== undefined) throw error;
      },
      ask: (question, signal) => held(client.ask(question, signal)),
      close: () => client.close(),
    }),
  };
}

/** A piece and how long after the request it came, in wall milliseconds. */
export interface TimedPiece {
  readonly ms: number;
  readonly piece: ReplyPiece;
}

/** An answer to its end; what broke it off comes after the pieces that were there. */
export async function whole(pieces: AsyncIterable<ReplyPiece>): Promise<{ pieces: TimedPiece[]; error?: unknown }> {
  const askedAt = performance.now();
  const got: TimedPiece[] = [];
  try {
    for await (const piece of pieces) got.push({ ms: Math.round(performance.now() - askedAt), piece });
    return { pieces: got };
  } catch (error) {
    return { pieces: got, error };
  }
}
