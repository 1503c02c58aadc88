import type {
  ContentBlock,
  Message,
  RawMessageStreamEvent,
  StopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import { readAnthropic } from './anthropic-request.ts';
import { type Dialect, type Frame, inChunks, type Reply, type TokenCounts } from './dialect.ts';
import type { Answer } from './mind.ts';
import { inTokens } from './text-tokens.ts';

/** Messages: https://platform.claude.com/docs/en/api/messages, streamed and whole. */
export const anthropicDialect: Dialect = {
  name: 'anthropic',
  path: '/v1/messages',
  idHeader: 'request-id',
  key: (headers) => {
    const key = headers['x-api-key'];
    return typeof key === 'string' ? key : /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  },
  read: readAnthropic,
  whole,
  stream,
  failure: (status, message) => ({ type: 'error', error: { type: errorType(status), message }, request_id: null }),
  errorEvent: event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  brokenEvent: 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_d\n\n',
};

function whole(reply: Reply): Message {
  const { answer, counts } = reply;
  const blocks: ContentBlock[] = answer.text === '' ? [] : [{ type: 'text', text: answer.text, citations: null }];
  for (const { id, name, arguments: json } of answer.toolCalls ?? []) {
    blocks.push({ type: 'tool_use', id, name, input: inputOf(json), caller: { type: 'direct' } });
  }
  return { ...message(reply), content: blocks, usage: usage(counts, counts.output), ...stop(answer) };
}

/** Order of events: https://platform.claude.com/docs/en/build-with-claude/streaming */
function stream(reply: Reply, tokensPerChunk: number): Frame[] {
  const { answer, counts } = reply;
  const frames: Frame[] = [];
  const add = (data: RawMessageStreamEvent, tokens = 0) => {
    frames.push({ text: event(data.type, data), tokens });
    if (data.type === 'content_block_start' && data.index === 0) frames.push({ text: event('ping', {}), tokens: 0 });
  };
  add({ type: 'message_start', message: message(reply) });
  let index = 0;
  if (answer.text !== '') {
    add({ type: 'content_block_start', index, content_block: { type: 'text', text: '', citations: null } });
    for (const { text, tokens } of inChunks(inTokens(answer.text), tokensPerChunk)) {
      add({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } }, tokens);
    }
    add({ type: 'content_block_stop', index });
    index += 1;
  }
  for (const { id, name, arguments: json } of answer.toolCalls ?? []) {
    const block: ContentBlock = { type: 'tool_use', id, name, input: {}, caller: { type: 'direct' } };
    add({ type: 'content_block_start', index, content_block: block }, 1);
    // The first piece is empty, as the provider's is.
    for (const { text, tokens } of [{ text: '', tokens: 0 }, ...inChunks(inTokens(json), tokensPerChunk)]) {
      add({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: text } }, tokens);
    }
    add({ type: 'content_block_stop', index });
    index += 1;
  }
  // Its counts are totals, not additions.
  add({
    type: 'message_delta',
    delta: { container: null, ...stop(answer) },
    usage: {
      input_tokens: counts.input - counts.cached - counts.written,
      cache_read_input_tokens: counts.cached,
      cache_creation_input_tokens: counts.written,
      output_tokens: counts.output,
      output_tokens_details: null,
      server_tool_use: null,
    },
  });
  add({ type: 'message_stop' });
  return frames;
}

/** The message as it begins. */
function message({ number, asked, counts }: Reply): Message {
  return {
    id: `msg_fake${number}`,
    type: 'message',
    role: 'assistant',
    model: asked.ask.model,
    content: [],
    container: null,
    diagnostics: null,
    stop_details: null,
    stop_reason: null,
    stop_sequence: null,
    usage: usage(counts, 1),
  };
}

function stop({ finish, toolCalls = [] }: Answer): Pick<Message, 'stop_reason' | 'stop_details' | 'stop_sequence'> {
  // The filters of the provider end an answer as a refusal too.
  const refused = finish === 'refusal' || finish === 'content-filter';
  const ordinary: StopReason = toolCalls.length > 0 ? 'tool_use' : 'end_turn';
  return {
    stop_reason: refused ? 'refusal' : finish === 'length' ? 'max_tokens' : ordinary,
    stop_details: refused ? { type: 'refusal', category: null, explanation: null } : null,
    stop_sequence: null,
  };
}

/** `input_tokens` are those that the cache had no part in. */
function usage({ input, cached, written }: TokenCounts, output: number): Usage {
  return {
    input_tokens: input - cached - written,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: 'standard',
    inference_geo: null,
    speed: null,
  };
}

/** Not streamed, the input is an object already: broken JSON cannot be sent, it becomes an empty one. */
function inputOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** https://platform.claude.com/docs/en/api/errors */
function errorType(status: number): string {
  const types: Readonly<Record<number, string>> = {
    400: 'invalid_request_error',
    401: 'authentication_error',
    404: 'not_found_error',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return types[status] ?? 'api_error';
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
