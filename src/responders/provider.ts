import type { ModelClient } from './model-client.ts';
import { type Breaker, breaker } from './provider-breaker.ts';
import type { ResponderError } from './responder.ts';

/** A model with what the guard knows of its server; one for all calls and all responders that use it. */
export interface Provider extends Breaker {
  readonly client: ModelClient;
  /** Without a first token after this the next provider is asked. */
  readonly firstTokenMs: number;
  /** An answer that says nothing for so long is over. */
  readonly stallMs: number;
}

export interface ProviderSettings {
  readonly firstTokenMs: number;
  readonly stallMs: number;
  /** How long a server that failed five times in a row is left alone. Default 10 s. */
  readonly halfOpenAfterMs?: number;
}

const HALF_OPEN_AFTER_MS = 10_000;

/** A model behind a circuit breaker of its own. */
export function providerOf(client: ModelClient, settings: ProviderSettings): Provider {
  return {
    client,
    firstTokenMs: settings.firstTokenMs,
    stallMs: settings.stallMs,
    ...breaker(settings.halfOpenAfterMs ?? HALF_OPEN_AFTER_MS),
  };
}

/**
 * Whether an error says that the server is out of order for everybody. `refused` and `bad-answer` do not: what was asked
 * brings them about (a prompt too long, a filter that leaves nothing), and a caller who finds out how could otherwise
 * take the model away from all other calls. They also come at once and cost nobody any waiting.
 */
export function speaksAgainstServer(error: ResponderError): boolean {
  return error.code !== 'refused' && error.code !== 'bad-answer';
}
