import { jsonObject } from './json-object.ts';
import { badAnswer } from './model-error.ts';
import type { ReplyPiece } from './responder.ts';

const MAX_TOOL_CALLS = 16;
export const MAX_ARGUMENT_CHARS = 32_768;

interface Call {
  id: string;
  name: string;
  arguments: string;
}

/** Puts tool calls together from the pieces of a stream. */
export interface ToolCalls {
  readonly size: number;
  /** Adds to the call at this place; what is absent adds nothing. Throws ResponderError `bad-answer` at the limits. */
  add(index: number, part: { id?: unknown; name?: unknown; json?: unknown }): void;
  /** The calls in their order. Throws ResponderError `bad-answer` when one is broken. */
  pieces(): ReplyPiece[];
}

export function toolCalls(): ToolCalls {
  const calls = new Map<number, Call>();
  return {
    get size() {
      return calls.size;
    },
    add(index, part) {
      let call = calls.get(index);
      if (call === undefined) {
        if (calls.size >= MAX_TOOL_CALLS) throw badAnswer('too many tool calls');
        call = { id: '', name: '', arguments: '' };
        calls.set(index, call);
      }
      if (typeof part.id === 'string') call.id ||= part.id;
      if (typeof part.name === 'string') call.name ||= part.name;
      if (typeof part.json === 'string') call.arguments += part.json;
      if (call.arguments.length > MAX_ARGUMENT_CHARS) throw badAnswer('the arguments of a tool call are too long');
    },
    pieces: () => [...calls].sort(([a], [b]) => a - b).map(([index, call]) => piece(index, call)),
  };
}

function piece(index: number, call: Call): ReplyPiece {
  const json = call.arguments.trim() || '{}';
  if (jsonObject(json, MAX_ARGUMENT_CHARS) === undefined) {
    throw badAnswer('the arguments of a tool call are not a JSON object');
  }
  if (call.name === '') throw badAnswer('a tool call has no name');
  return { type: 'tool-call', id: call.id || `call_${index}`, name: call.name, arguments: json };
}
