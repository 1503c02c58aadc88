import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { type Dialect, type Frame, inChunks, type Reply, type TokenCounts } from './dialect.ts';
import type { Answer } from './mind.ts';
import { readOpenai } from './openai-request.ts';
import { inTokens } from './text-tokens.ts';

const CREATED = 1_767_225_600;

/** Chat completions: https://platform.openai.com/docs/api-reference/chat, streamed and whole. */
export const openaiDialect: Dialect = {
  name: 'openai',
  path: '/v1/chat/completions',
  idHeader: 'x-request-id',
  key: (headers) => /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1],
  read: readOpenai,
  whole,
  stream,
  failure: (status, message) => ({ error: { message, param: null, ...kindOf(status) } }),
  errorEvent: event({ error: { message: 'The server had an error.', type: 'server_error', param: null, code: null } }),
  brokenEvent: 'data: {"id":"chatcmpl-fake","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"cont\n\n',
};

function whole({ answer, number, asked, counts }: Reply): ChatCompletion {
  const refused = answer.finish === 'refusal';
  const calls = answer.toolCalls ?? [];
  return {
    id: `chatcmpl-fake${number}`,
    object: 'chat.completion',
    created: CREATED,
    model: asked.ask.model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: refused || (answer.text === '' && calls.length > 0) ? null : answer.text,
          refusal: refused ? answer.text : null,
          ...(calls.length > 0 && {
            tool_calls: calls.map(({ id, name, arguments: json }) => ({
              id,
              type: 'function' as const,
              function: { name, arguments: json },
            })),
          }),
        },
        logprobs: null,
        finish_reason: finishReason(answer),
      },
    ],
    usage: usage(counts),
  };
}

function stream({ answer, number, asked, counts }: Reply, tokensPerChunk: number): Frame[] {
  const base = {
    id: `chatcmpl-fake${number}`,
    object: 'chat.completion.chunk' as const,
    created: CREATED,
    model: asked.ask.model,
  };
  const frame = (
    delta: ChatCompletionChunk.Choice.Delta,
    tokens: number,
    finish: ChatCompletionChunk.Choice['finish_reason'] = null,
  ): Frame => {
    const chunk: ChatCompletionChunk = {
      ...base,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      // All chunks but the last say null when usage was asked for.
      ...(asked.wantsUsage && { usage: null }),
    };
    return { text: event(chunk), tokens };
  };
  const refused = answer.finish === 'refusal';
  const calls = answer.toolCalls ?? [];
  const silent = answer.text === '' && calls.length > 0;
  const frames = [frame({ role: 'assistant', content: refused || silent ? null : '', refusal: null }, 0)];
  for (const { text, tokens } of inChunks(inTokens(answer.text), tokensPerChunk)) {
    frames.push(frame(refused ? { refusal: text } : { content: text }, tokens));
  }
  for (const [index, { id, name, arguments: json }] of calls.entries()) {
    frames.push(frame({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }, 1));
    for (const { text, tokens } of inChunks(inTokens(json), tokensPerChunk)) {
      frames.push(frame({ tool_calls: [{ index, function: { arguments: text } }] }, tokens));
    }
  }
  frames.push(frame({}, 0, finishReason(answer)));
  if (asked.wantsUsage) {
    frames.push({
      text: event({ ...base, choices: [], usage: usage(counts) } satisfies ChatCompletionChunk),
      tokens: 0,
    });
  }
  frames.push({ text: 'data: [DONE]\n\n', tokens: 0 });
  return frames;
}

/** A refusal is a message of its own kind that ends like any other. */
function finishReason({ finish, toolCalls = [] }: Answer): ChatCompletion.Choice['finish_reason'] {
  if (finish === 'content-filter') return 'content_filter';
  if (finish === 'length') return 'length';
  return toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

function usage({ input, cached, output }: TokenCounts): CompletionUsage {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}

/** https://platform.openai.com/docs/guides/error-codes/api-errors */
function kindOf(status: number): { type: string; code: string | null } {
  if (status === 401) return { type: 'invalid_request_error', code: 'invalid_api_key' };
  if (status === 429) return { type: 'requests', code: 'rate_limit_exceeded' };
  return { type: status >= 500 ? 'server_error' : 'invalid_request_error', code: null };
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
