import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { ModelRequest, PromptMessage } from './model-client.ts';
import type { ToolSpec } from './responder.ts';

/** Tools and messages in the form of chat completions. */
export function chatRequest(request: ModelRequest): {
  messages: ChatCompletionMessageParam[];
  tools?: ChatCompletionTool[];
} {
  const messages: ChatCompletionMessageParam[] = [];
  if (request.system !== '') messages.push({ role: 'system', content: request.system });
  for (const message of request.messages) messages.push(...chatMessages(message));
  return { messages, ...(request.tools.length > 0 && { tools: request.tools.map(chatTool) }) };
}

function chatMessages(message: PromptMessage): ChatCompletionMessageParam[] {
  if (message.role === 'user') return [message];
  if (message.role === 'tool') {
    return message.results.map(({ id, content, failed }) => ({
      role: 'tool',
      tool_call_id: id,
      // There is no field for it.
      content: failed ? `Failed: ${content}` : content,
    }));
  }
  const { content, calls = [] } = message;
  if (calls.length === 0) return [{ role: 'assistant', content }];
  return [
    {
      role: 'assistant',
      content: content || null,
      tool_calls: calls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: call.arguments },
      })),
    },
  ];
}

function chatTool({ name, description, parameters }: ToolSpec): ChatCompletionTool {
  return { type: 'function', function: { name, description, parameters: { ...parameters } } };
}
