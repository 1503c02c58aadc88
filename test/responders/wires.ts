import { anthropicClient } from '../../src/responders/anthropic.ts';
import type { ModelClient, TokenPrice } from '../../src/responders/model-client.ts';
import { openaiClient } from '../../src/responders/openai.ts';
import { chunk, event, sse } from './sse-server.ts';

/** How a provider writes what all of them can say, so that one test covers them. */
export interface Wire {
  client(url: string, options?: WireOptions): ModelClient;
  /** Path of the request below the URL. */
  readonly path: string;
  /** A whole ordinary answer. */
  whole(text: readonly string[]): string;
  /** An answer that has begun. */
  begun(text: string): string;
  /** The end of an answer for a reason. */
  ended(reason: 'stop' | 'length' | 'refusal'): string;
  /** One tool call whose arguments come in these pieces, and the end. */
  called(id: string, name: string, json: readonly string[]): string;
  /** An error in the stream that says the server is overloaded. */
  failed(message: string): string;
  /** A whole answer that is not streamed. */
  plain(text: string, reason?: 'stop' | 'length' | 'refusal'): Record<string, unknown>;
  /** The text of the last message of the user, as sent. */
  asked(body: Record<string, unknown>): unknown;
}

export interface WireOptions {
  readonly apiKey?: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly price?: TokenPrice;
}

/** An event of the Messages API. */
export function named(type: string, data: Record<string, unknown> = {}): string {
  return `event: ${type}\n${event({ type, ...data })}`;
}

export function messageStart(usage: Record<string, unknown> = { input_tokens: 11, output_tokens: 1 }): string {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [], stop_reason: null, usage };
  return named('message_start', { message });
}

export function block(
  index: number,
  content_block: Record<string, unknown>,
  deltas: Record<string, unknown>[],
): string {
  return [
    named('content_block_start', { index, content_block }),
    ...deltas.map((delta) => named('content_block_delta', { index, delta })),
    named('content_block_stop', { index }),
  ].join('');
}

export const textDelta = (text: string) => ({ type: 'text_delta', text });

export function messageEnd(stop_reason: string, usage: Record<string, unknown> = { output_tokens: 3 }): string {
  return named('message_delta', { delta: { stop_reason, stop_sequence: null }, usage }) + named('message_stop');
}

const stopReasons = { stop: 'end_turn', length: 'max_tokens', refusal: 'refusal' };
const finishReasons = { stop: 'stop', length: 'length', refusal: 'content_filter' };

export const wires: Record<'openai' | 'anthropic', Wire> = {
  openai: {
    client: (url, options) =>
      openaiClient({ name: 'main', model: 'test-model', apiKey: 'sk-secret', ...options, baseUrl: `${url}/v1` }),
    path: '/v1/chat/completions',
    whole: (text) => sse([...text]),
    begun: (text) => chunk({ role: 'assistant', content: text }),
    ended: (reason) => chunk({}, finishReasons[reason]) + event('[DONE]'),
    called(id, name, json) {
      const part = (rest: Record<string, unknown>) => chunk({ tool_calls: [{ index: 0, ...rest }] });
      const start = part({ id, type: 'function', function: { name, arguments: '' } });
      const pieces = json.map((text) => part({ function: { arguments: text } }));
      return start + pieces.join('') + chunk({}, 'tool_calls') + event('[DONE]');
    },
    failed: (message) => event({ error: { message, type: 'server_error' } }),
    plain: (text, reason = 'stop') => ({
      choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finishReasons[reason] }],
      usage: { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 60 } },
    }),
    asked: (body) => (body.messages as { content: unknown }[]).at(-1)?.content,
  },
  anthropic: {
    client: (url, options) =>
      anthropicClient({ name: 'main', model: 'test-model', apiKey: 'sk-secret', ...options, baseUrl: url }),
    path: '/v1/messages',
    whole: (text) =>
      messageStart() +
      named('ping') +
      block(0, { type: 'text', text: '' }, text.map(textDelta)) +
      messageEnd('end_turn'),
    begun: (text) =>
      messageStart() +
      named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
      named('content_block_delta', { index: 0, delta: textDelta(text) }),
    ended: (reason) => named('content_block_stop', { index: 0 }) + messageEnd(stopReasons[reason]),
    called(id, name, json) {
      const deltas = json.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
      return messageStart() + block(1, { type: 'tool_use', id, name, input: {} }, deltas) + messageEnd('tool_use');
    },
    failed: (message) => named('error', { error: { type: 'overloaded_error', message } }),
    plain: (text, reason = 'stop') => ({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text }],
      stop_reason: stopReasons[reason],
      usage: { input_tokens: 10, cache_creation_input_tokens: 30, cache_read_input_tokens: 60, output_tokens: 5 },
    }),
    asked: (body) => (body.messages as { content: unknown }[]).at(-1)?.content,
  },
};
