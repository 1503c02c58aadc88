import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { answerParts, type Meter, tokenCount, usageOf } from './answer-parts.ts';
import type { StreamedAnswer } from './model-stream.ts';
import type { FinishReason, Usage } from './responder.ts';

interface Counts {
  input_tokens?: unknown;
  cache_creation_input_tokens?: unknown;
  cache_read_input_tokens?: unknown;
  output_tokens?: unknown;
}

/**
 * Reads the events of a message (https://platform.claude.com/docs/en/build-with-claude/streaming). Events and blocks of
 * other types (thinking, those to come) are passed over, as that page asks.
 */
export function messageAnswer(meter: Meter): StreamedAnswer<RawMessageStreamEvent> {
  const parts = answerParts();
  let counts: Counts | undefined;
  /** Inputs that stood whole in the start of their block; the vendor's own server sends them in pieces. */
  const whole = new Map<number, string>();

  function start(
    index: number,
    block: { type?: string; id?: unknown; name?: unknown; input?: unknown; text?: unknown },
  ) {
    if (block.type === 'text') return parts.text(block.text);
    if (block.type !== 'tool_use') return '';
    parts.calls.add(index, block);
    if (hasKeys(block.input)) whole.set(index, JSON.stringify(block.input));
    return '';
  }

  function more(index: number, delta: { type?: string; text?: unknown; partial_json?: unknown }) {
    if (delta.type === 'text_delta') return parts.text(delta.text);
    if (delta.type !== 'input_json_delta') return '';
    parts.calls.add(index, { json: delta.partial_json });
    if (delta.partial_json !== '') whole.delete(index);
    return '';
  }

  return {
    take(event) {
      switch (event?.type) {
        case 'content_block_delta':
          return event.delta ? more(event.index, event.delta) : '';
        case 'content_block_start':
          return event.content_block ? start(event.index, event.content_block) : '';
        case 'message_start':
          counts = event.message?.usage;
          return '';
        case 'message_delta':
          counts = newer(counts, event.usage);
          if (typeof event.delta?.stop_reason === 'string') parts.stop(messageFinish(event.delta.stop_reason));
          return '';
        default:
          return '';
      }
    },
    finished: parts.finished,
    full: parts.full,
    end() {
      for (const [index, json] of whole) parts.calls.add(index, { json });
      whole.clear();
      return parts.end(messageUsage(meter, counts));
    },
  };
}

/** Undefined: the server did not count. */
export function messageUsage(meter: Meter, counts: Counts | null | undefined): Usage | undefined {
  if (typeof counts?.input_tokens !== 'number' && typeof counts?.output_tokens !== 'number') return undefined;
  const cached = tokenCount(counts.cache_read_input_tokens);
  // `input_tokens` are only those behind the last cache mark.
  const input = tokenCount(counts.input_tokens) + tokenCount(counts.cache_creation_input_tokens) + cached;
  return usageOf(meter, { input, cached, output: counts.output_tokens });
}

/** `stop_reason`; a pause is an end here, as no tools of the server are asked for. */
export function messageFinish(reason: string): FinishReason {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'tool_use':
      return 'tool-calls';
    case 'refusal':
      return 'refusal';
    default:
      return 'other';
  }
}

/** Counts are cumulative; a later event leaves out, or has null for, what has not changed. */
function newer(before: Counts | undefined, after: Counts | null | undefined): Counts | undefined {
  const given = Object.entries(after ?? {}).filter(([, value]) => typeof value === 'number');
  return given.length === 0 ? before : { ...before, ...Object.fromEntries(given) };
}

function hasKeys(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
