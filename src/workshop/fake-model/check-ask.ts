import { BadRequest } from './dialect.ts';
import type { Ask } from './mind.ts';

/**
 * What both providers refuse and a careless client sends: tool calls without their results in the next message, results
 * without calls, an answer schema that leaves properties open.
 * https://platform.openai.com/docs/guides/function-calling, https://platform.claude.com/docs/en/build-with-claude/tool-use
 *
 * @throws BadRequest
 */
export function checkAsk({ messages, schema }: Ask): void {
  if (messages.length === 0) throw new BadRequest('messages: at least one message is required');
  let open: readonly string[] = [];
  for (const message of messages) {
    const results = message.role === 'tool' ? message.results.map(({ id }) => id) : [];
    const missing = open.filter((id) => !results.includes(id));
    if (missing.length > 0) throw new BadRequest(`tool calls without a result in the next message: ${missing.length}`);
    if (results.some((id) => !open.includes(id))) throw new BadRequest('a tool result without its tool call before it');
    open = message.role === 'assistant' ? (message.calls ?? []).map(({ id }) => id) : [];
  }
  if (open.length > 0) throw new BadRequest('tool calls without a result in the next message');
  if (schema !== undefined) checkSchema(schema);
}

/** https://platform.openai.com/docs/guides/structured-outputs: every object closed; both providers insist on it. */
function checkSchema(schema: unknown, depth = 0): void {
  if (typeof schema !== 'object' || schema === null || depth > 20) return;
  if ('type' in schema && schema.type === 'object') {
    if (!('additionalProperties' in schema) || schema.additionalProperties !== false) {
      throw new BadRequest("schema: 'additionalProperties' is required to be supplied and to be false");
    }
  }
  for (const value of Object.values(schema)) checkSchema(value, depth + 1);
}
