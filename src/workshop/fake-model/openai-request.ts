import { z } from 'zod';
import type { PromptMessage } from '../../responders/model-client.ts';
import type { ToolResult } from '../../responders/responder.ts';
import { checkAsk } from './check-ask.ts';
import { type Asked, BadRequest } from './dialect.ts';
import type { Ask } from './mind.ts';

const text = z.union([z.string(), z.array(z.object({ type: z.literal('text'), text: z.string() }))]);
const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer']), content: text }),
  z.object({ role: z.literal('user'), content: text }),
  z.object({
    role: z.literal('assistant'),
    content: text.nullish(),
    tool_calls: z
      .array(z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }))
      .min(1)
      .optional(),
  }),
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: text }),
]);
const jsonObject = z.record(z.string(), z.unknown());

/** The part of https://platform.openai.com/docs/api-reference/chat/create that the answer depends on. */
const request = z.object({
  model: z.string().min(1),
  messages: z.array(message),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  tools: z
    .array(
      z.object({
        type: z.literal('function'),
        function: z.object({
          name: z.string(),
          description: z.string().default(''),
          parameters: jsonObject.default({}),
        }),
      }),
    )
    .default([]),
  response_format: z
    .union([
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string().regex(/^[\w-]{1,64}$/), schema: jsonObject }),
      }),
      z.object({ type: z.literal('text') }),
    ])
    .optional(),
});

/** @throws BadRequest */
export function readOpenai(body: unknown): Asked {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw new BadRequest(firstIssue(parsed.error));
  const { data } = parsed;
  if (data.stream_options && data.stream !== true) {
    throw new BadRequest("The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  }
  const system: string[] = [];
  const messages: PromptMessage[] = [];
  for (const one of data.messages) {
    if (one.role === 'tool') {
      addResult(messages, { id: one.tool_call_id, content: plain(one.content), failed: false });
    } else if (one.role === 'user') {
      messages.push({ role: 'user', content: plain(one.content) });
    } else if (one.role === 'assistant') {
      if (one.content == null && one.tool_calls === undefined) {
        throw new BadRequest("Invalid value for 'content': expected a string, got null.");
      }
      const calls = one.tool_calls?.map((call) => ({ id: call.id, ...call.function }));
      messages.push({ role: 'assistant', content: plain(one.content ?? ''), ...(calls && { calls }) });
    } else {
      system.push(plain(one.content));
    }
  }
  const tools = data.tools.map((tool) => tool.function);
  const format = data.response_format;
  const ask: Ask = {
    dialect: 'openai',
    model: data.model,
    system: system.join('\n\n'),
    messages,
    tools,
    ...(format?.type === 'json_schema' && { schema: format.json_schema.schema }),
  };
  // A conversation of system messages alone is allowed.
  if (system.length === 0 || messages.length > 0) checkAsk(ask);
  return {
    ask,
    stream: data.stream === true,
    maxTokens: data.max_completion_tokens ?? data.max_tokens ?? undefined,
    wantsUsage: data.stream_options?.include_usage === true,
    // https://platform.openai.com/docs/guides/prompt-caching: by itself, from the start of the prompt.
    cachable: `${JSON.stringify(tools)}${system[0] ?? ''}`,
    promptChars: JSON.stringify([tools, data.messages]).length,
  };
}

function addResult(messages: PromptMessage[], result: ToolResult): void {
  const last = messages.at(-1);
  if (last?.role === 'tool') messages[messages.length - 1] = { role: 'tool', results: [...last.results, result] };
  else messages.push({ role: 'tool', results: [result] });
}

function plain(content: z.infer<typeof text>): string {
  return typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
}

/** Where the body is wrong, without its values. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'invalid body' : `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`;
}
