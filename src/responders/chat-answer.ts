import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { answerParts, type Meter, usageOf } from './answer-parts.ts';
import type { StreamedAnswer } from './model-stream.ts';
import type { FinishReason, Usage } from './responder.ts';

/** Reads the chunks of a chat completion. Servers differ: nothing in a chunk is relied upon. */
export function chatAnswer(meter: Meter): StreamedAnswer<ChatCompletionChunk> {
  const parts = answerParts();
  let usage: Usage | undefined;
  return {
    take(chunk) {
      if (typeof chunk !== 'object' || chunk === null) return '';
      usage = chatUsage(meter, chunk.usage) ?? usage;
      const choice = chunk.choices?.[0];
      if (choice === undefined) return '';
      if (typeof choice.finish_reason === 'string') parts.stop(chatFinish(choice.finish_reason));
      const delta = choice.delta;
      for (const call of delta?.tool_calls ?? []) {
        const { size } = parts.calls;
        // Some servers send whole calls and leave the index out.
        const index = typeof call.index === 'number' ? call.index : call.id ? size : Math.max(0, size - 1);
        parts.calls.add(index, { id: call.id, name: call.function?.name, json: call.function?.arguments });
      }
      // A refusal is written for the user to read.
      if (delta?.refusal) parts.refuse();
      return parts.text(delta?.content || delta?.refusal);
    },
    finished: parts.finished,
    full: parts.full,
    end: () => parts.end(usage),
  };
}

/** Undefined: the server did not count. */
export function chatUsage(
  meter: Meter,
  usage: { prompt_tokens?: unknown; completion_tokens?: unknown; prompt_tokens_details?: unknown } | null | undefined,
): Usage | undefined {
  if (typeof usage?.prompt_tokens !== 'number' || typeof usage.completion_tokens !== 'number') return undefined;
  const details = usage.prompt_tokens_details as { cached_tokens?: unknown } | null | undefined;
  return usageOf(meter, {
    input: usage.prompt_tokens,
    cached: details?.cached_tokens,
    output: usage.completion_tokens,
  });
}

/** https://platform.openai.com/docs/api-reference/chat-streaming/streaming, `finish_reason`. */
export function chatFinish(reason: string): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
      return reason;
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'content_filter':
      return 'content-filter';
    default:
      return 'other';
  }
}
