import type { ContentBlockParam, MessageParam, TextBlockParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import { jsonObject } from './json-object.ts';
import type { ModelRequest, PromptMessage } from './model-client.ts';
import type { ToolSpec } from './responder.ts';
import { MAX_ARGUMENT_CHARS } from './tool-arguments.ts';

/** System, tools and messages in the form of the Messages API. */
export function messageRequest(request: ModelRequest): {
  system?: TextBlockParam[];
  messages: MessageParam[];
  tools?: Tool[];
} {
  const { system, tools } = request;
  return {
    ...(system !== '' && { system: [cached(system)] }),
    ...(tools.length > 0 && { tools: tools.map(messageTool) }),
    messages: inTurns(request.messages),
  };
}

/**
 * Tools stand before the system prompt in what is cached, so the one mark covers both
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
 */
export function cached(text: string): TextBlockParam {
  return { type: 'text', text, cache_control: { type: 'ephemeral' } };
}

/** Results of tools are the user's here, and must come first in the message that follows the calls. */
function inTurns(messages: readonly PromptMessage[]): MessageParam[] {
  const turns: MessageParam[] = [];
  for (const message of messages) {
    const next = messageParam(message);
    const last = turns.at(-1);
    if (last?.role === 'user' && next.role === 'user') {
      turns[turns.length - 1] = { role: 'user', content: [...blocks(last.content), ...blocks(next.content)] };
    } else {
      turns.push(next);
    }
  }
  return turns;
}

function messageParam(message: PromptMessage): Extract<MessageParam, { role: 'user' | 'assistant' }> {
  if (message.role === 'user') return message;
  if (message.role === 'tool') {
    const results = message.results.map(({ id, content, failed }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content,
      ...(failed && { is_error: true }),
    }));
    return { role: 'user', content: results };
  }
  const { content, calls = [] } = message;
  if (calls.length === 0) return { role: 'assistant', content };
  return {
    role: 'assistant',
    content: [
      ...(content === '' ? [] : blocks(content)),
      ...calls.map((call) => ({
        type: 'tool_use' as const,
        id: call.id,
        name: call.name,
        input: jsonObject(call.arguments, MAX_ARGUMENT_CHARS) ?? {},
      })),
    ],
  };
}

function blocks(content: string | ContentBlockParam[]): ContentBlockParam[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function messageTool({ name, description, parameters }: ToolSpec): Tool {
  return { name, description, input_schema: { ...parameters, type: 'object' } };
}
