import { z } from 'zod';
import type { PromptMessage } from '../../responders/model-client.ts';
import { checkAsk } from './check-ask.ts';
import { type Asked, BadRequest } from './dialect.ts';
import type { Ask } from './mind.ts';
import { firstIssue } from './openai-request.ts';

const cacheControl = z.object({ type: z.literal('ephemeral') }).nullish();
const textBlock = z.object({
  type: z.literal('text'),
  text: z.string().regex(/\S/, 'text content blocks must contain non-whitespace text'),
  cache_control: cacheControl,
});
const toolUse = z.object({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[\w-]+$/),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
});
const toolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(textBlock)]).default(''),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const jsonObject = z.record(z.string(), z.unknown());

/** The part of https://platform.claude.com/docs/en/api/messages that the answer depends on. */
const request = z.object({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  system: z.union([z.string(), z.array(textBlock)]).default(''),
  messages: z.array(
    z.discriminatedUnion('role', [
      z.object({ role: z.literal('user'), content: content(z.union([textBlock, toolResult])) }),
      z.object({ role: z.literal('assistant'), content: content(z.union([textBlock, toolUse])) }),
    ]),
  ),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  tools: z
    .array(
      z.object({
        name: z.string().regex(/^[\w-]{1,128}$/),
        description: z.string().default(''),
        input_schema: jsonObject.refine((schema) => schema.type === 'object', 'type: Field required'),
        cache_control: cacheControl,
      }),
    )
    .default([]),
  output_config: z
    .object({ format: z.object({ type: z.literal('json_schema'), schema: jsonObject }).nullish() })
    .nullish(),
});
type Message = z.infer<typeof request>['messages'][number];

/** @throws BadRequest */
export function readAnthropic(body: unknown): Asked {
  const parsed = request.safeParse(body);
  if (!parsed.success) throw new BadRequest(firstIssue(parsed.error));
  const { data } = parsed;
  if (data.messages[0] && data.messages[0].role !== 'user') {
    throw new BadRequest('messages: first message must use the "user" role');
  }
  const tools = data.tools.map(({ name, description, input_schema }) => ({
    name,
    description,
    parameters: input_schema,
  }));
  const system = typeof data.system === 'string' ? data.system : data.system.map((block) => block.text).join('\n\n');
  const schema = data.output_config?.format?.schema;
  const ask: Ask = {
    dialect: 'anthropic',
    model: data.model,
    system,
    messages: data.messages.flatMap(neutral),
    tools,
    ...(schema && { schema }),
  };
  checkAsk(ask);
  return {
    ask,
    stream: data.stream === true,
    maxTokens: data.max_tokens,
    wantsUsage: true,
    cachable: cachable(data),
    promptChars: JSON.stringify([tools, system, data.messages]).length,
  };
}

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching: tools, then system, up to the last mark in them. */
function cachable({ tools, system }: z.infer<typeof request>): string {
  const blocks = [...tools, ...(typeof system === 'string' ? [{ text: system }] : system)];
  const last = blocks.findLastIndex((block) => 'cache_control' in block && block.cache_control);
  return last < 0 ? '' : JSON.stringify(blocks.slice(0, last + 1));
}

/** A user message with results and text is two of ours. */
function neutral({ role, content: blocks }: Message): PromptMessage[] {
  if (typeof blocks === 'string') return [{ role, content: blocks }];
  const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  if (role === 'assistant') {
    const calls = blocks.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, arguments: JSON.stringify(block.input) }] : [],
    );
    return [{ role, content: text, ...(calls.length > 0 && { calls }) }];
  }
  const results = blocks.flatMap((block) =>
    block.type === 'tool_result'
      ? [{ id: block.tool_use_id, content: flat(block.content), failed: block.is_error === true }]
      : [],
  );
  if (results.length > 0 && blocks[0]?.type !== 'tool_result') {
    throw new BadRequest('messages: `tool_result` blocks must come first in the content of a message');
  }
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, results }] : []),
    ...(text === '' ? [] : [{ role, content: text }]),
  ];
}

function flat(content: string | readonly { readonly text: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
}

function content<T extends z.ZodType>(block: T) {
  return z.union([z.string().regex(/\S/, 'messages must have non-empty content'), z.array(block).min(1)]);
}
