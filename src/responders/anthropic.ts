import { Anthropic } from '@anthropic-ai/sdk';
import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { Meter } from './answer-parts.ts';
import { anthropicError } from './anthropic-error.ts';
import { leastThinking } from './anthropic-thinking.ts';
import { type JsonAnswer, jsonAnswer } from './json-answer.ts';
import { messageAnswer, messageFinish, messageUsage } from './message-answer.ts';
import { cached, messageRequest } from './message-request.ts';
import type { ModelClient, TokenPrice } from './model-client.ts';
import { modelRequests, WHOLE_ANSWER_MS } from './model-stream.ts';
import { modelTransport } from './model-transport.ts';

const ANTHROPIC_URL = 'https://api.anthropic.com';
/** The API insists on a limit. */
const DEFAULT_MAX_TOKENS = 1024;
/** The newer version refuses a temperature, even the default one. */
const VERSIONS = { newest: '2026-10-21', withTemperature: '2023-06-01' };

export interface AnthropicOptions {
  readonly name: string;
  readonly model: string;
  /** Any server that speaks the Messages API, without `/v1/messages`. Default: Anthropic. */
  readonly baseUrl?: string;
  /** Empty: no Authorization header is sent (servers on one's own machine). */
  readonly apiKey: string;
  /** Only for older models: those from Claude Opus 4.7 on refuse it. */
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly price?: TokenPrice;
}

/**
 * A model behind the Messages API. One pool of sockets for all its calls; no retries, no logging, nothing read from the
 * environment or from credential files. Errors are ResponderError and carry neither the caller's words nor the key.
 *
 * @throws RangeError when `baseUrl` is not an http(s) URL, or the key cannot stand in a header.
 */
export function anthropicClient(options: AnthropicOptions): ModelClient {
  const { name, model, temperature } = options;
  // The SDK adds /v1 itself.
  const baseUrl = (options.baseUrl ?? ANTHROPIC_URL).replace(/\/(?:v1\/?)?$/, '');
  const meter: Meter = { model, price: options.price };
  const version = temperature === undefined ? VERSIONS.newest : VERSIONS.withTemperature;
  const transport = modelTransport({ baseUrl, key: options.apiKey, headers: { 'anthropic-version': version } });
  const requests = modelRequests(anthropicError);
  const client = sdk(baseUrl, transport.fetch);
  const { thinking, effort } = leastThinking(model);
  const common = { model, ...(thinking && { thinking }) };
  const fixed = {
    ...common,
    stream: true as const,
    max_tokens: options.maxTokens ?? DEFAULT_MAX_TOKENS,
    ...(effort && { output_config: { effort } }),
    ...(temperature !== undefined && { temperature }),
  };

  return {
    name,
    model,
    stream: (request, signal) =>
      requests.stream(
        (http) => client.messages.create({ ...fixed, ...messageRequest(request) }, { signal: http }),
        messageAnswer(meter),
        signal,
      ),
    async ask(question, signal) {
      const body = {
        ...common,
        max_tokens: question.maxTokens,
        // A model that takes a temperature answers more steadily at 0.
        ...(temperature !== undefined && { temperature: 0 }),
        system: [cached(question.system)],
        messages: [{ role: 'user' as const, content: question.content }],
        // https://platform.claude.com/docs/en/build-with-claude/structured-outputs
        output_config: {
          ...(effort && { effort }),
          format: { type: 'json_schema' as const, schema: { ...question.schema } },
        },
      };
      const answer = await requests.once((http) => client.messages.create(body, { signal: http }), signal);
      return jsonAnswer(readMessage(answer, meter));
    },
    close() {
      requests.abort();
      transport.close();
    },
  };
}

/** Servers differ: nothing in the answer is relied upon. */
function readMessage(answer: Partial<Message> | string | null | undefined, meter: Meter): JsonAnswer {
  if (typeof answer !== 'object' || answer === null) return {};
  const content = Array.isArray(answer.content) ? answer.content : [];
  const texts = content.map((block) => (block?.type === 'text' ? block.text : ''));
  return {
    text: texts.join(''),
    reason: typeof answer.stop_reason === 'string' ? messageFinish(answer.stop_reason) : undefined,
    usage: messageUsage(meter, answer.usage),
  };
}

function sdk(baseURL: string, fetch: ReturnType<typeof modelTransport>['fetch']): Anthropic {
  return new Anthropic({
    // With a key in code it looks for no token, profile or credential file; the transport sends the real one.
    apiKey: 'none',
    baseURL,
    // Without these the SDK reads the environment.
    webhookKey: null,
    openTelemetry: false,
    logLevel: 'off',
    maxRetries: 0,
    timeout: WHOLE_ANSWER_MS,
    fetch,
  });
}
