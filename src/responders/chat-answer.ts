import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { type FinishReason, type ReplyPiece, ResponderError } from './responder.ts';

/** More than any phone answer; beyond it the answer is cut as if it had met the token limit. */
export const MAX_ANSWER_CHARS = 20_000;
const MAX_TOOL_CALLS = 16;
const MAX_ARGUMENT_CHARS = 32_768;

interface ToolCallParts {
  id: string;
  name: string;
  arguments: string;
}

/** Puts the answer together from a server's chunks. Servers differ: nothing in a chunk is relied upon. */
export interface ChatAnswer {
  /** The text that a chunk adds; empty when it adds none. */
  take(chunk: ChatCompletionChunk): string;
  /** The server has said why it stopped: only usage may follow. */
  finished(): boolean;
  /** The text has met the limit; nothing more is wanted. */
  full(): boolean;
  /** Tool calls and the finish, once the stream has ended. Throws ResponderError `bad-answer`. */
  end(): ReplyPiece[];
}

export function chatAnswer(): ChatAnswer {
  const calls = new Map<number, ToolCallParts>();
  let chars = 0;
  let spoken = false;
  let refused = false;
  let reason: FinishReason | undefined;
  let usage: { input: number; output: number } | undefined;

  return {
    take(chunk) {
      if (typeof chunk !== 'object' || chunk === null) return '';
      if (typeof chunk.usage?.prompt_tokens === 'number' && typeof chunk.usage.completion_tokens === 'number') {
        usage = { input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens };
      }
      const choice = chunk.choices?.[0];
      if (choice === undefined) return '';
      if (typeof choice.finish_reason === 'string') reason = finishReason(choice.finish_reason);
      const delta = choice.delta;
      for (const call of delta?.tool_calls ?? []) gather(calls, call);
      // A refusal is written for the user to read.
      if (delta?.refusal) refused = true;
      const text = delta?.content || delta?.refusal;
      if (typeof text !== 'string' || text === '') return '';
      const fitting = text.slice(0, MAX_ANSWER_CHARS - chars);
      chars += fitting.length;
      spoken ||= fitting.trim() !== '';
      return fitting;
    },
    finished: () => reason !== undefined,
    full: () => chars >= MAX_ANSWER_CHARS,
    end() {
      if (!spoken && calls.size === 0) {
        throw new ResponderError('bad-answer', `the answer is empty (${reason ?? 'no finish reason'})`, {
          retryable: true,
        });
      }
      const pieces: ReplyPiece[] = [];
      for (const [index, call] of [...calls].sort(([a], [b]) => a - b)) pieces.push(toolCall(index, call));
      pieces.push({
        type: 'finish',
        reason: this.full() ? 'length' : refused ? 'refusal' : (reason ?? 'other'),
        ...(usage && { inputTokens: usage.input, outputTokens: usage.output }),
      });
      return pieces;
    },
  };
}

function gather(calls: Map<number, ToolCallParts>, part: ChatCompletionChunk.Choice.Delta.ToolCall): void {
  // Some servers send whole calls and leave the index out.
  const index = typeof part.index === 'number' ? part.index : part.id ? calls.size : Math.max(0, calls.size - 1);
  let call = calls.get(index);
  if (call === undefined) {
    if (calls.size >= MAX_TOOL_CALLS) throw badTool('too many tool calls');
    call = { id: '', name: '', arguments: '' };
    calls.set(index, call);
  }
  call.id ||= part.id ?? '';
  call.name ||= part.function?.name ?? '';
  call.arguments += part.function?.arguments ?? '';
  if (call.arguments.length > MAX_ARGUMENT_CHARS) throw badTool('the arguments of a tool call are too long');
}

function toolCall(index: number, call: ToolCallParts): ReplyPiece {
  const json = call.arguments.trim() || '{}';
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // Not as a cause: its message quotes the text.
    throw badTool('the arguments of a tool call are not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badTool('the arguments of a tool call are not an object');
  }
  if (call.name === '') throw badTool('a tool call has no name');
  return { type: 'tool-call', id: call.id || `call_${index}`, name: call.name, arguments: json };
}

function badTool(message: string): ResponderError {
  return new ResponderError('bad-answer', message, { retryable: true });
}

/** https://platform.openai.com/docs/api-reference/chat-streaming/streaming, `finish_reason`. */
function finishReason(reason: string): FinishReason {
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
