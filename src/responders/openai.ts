import { OpenAI } from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { Meter } from './answer-parts.ts';
import { chatAnswer, chatFinish, chatUsage } from './chat-answer.ts';
import { chatRequest } from './chat-request.ts';
import { type JsonAnswer, jsonAnswer } from './json-answer.ts';
import type { ModelClient, Question, TokenPrice } from './model-client.ts';
import { modelRequests, WHOLE_ANSWER_MS } from './model-stream.ts';
import { modelTransport } from './model-transport.ts';
import { openaiError } from './openai-error.ts';

const OPENAI_URL = 'https://api.openai.com/v1';

export interface OpenaiOptions {
  readonly name: string;
  readonly model: string;
  /** Any server that speaks chat completions, up to and including `/v1`. Default: OpenAI. */
  readonly baseUrl?: string;
  /** Empty: no Authorization header is sent (servers on one's own machine). */
  readonly apiKey: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly price?: TokenPrice;
  /** Ask for token counts. Default: of OpenAI itself, and where there are prices, as some servers refuse the option. */
  readonly usage?: boolean;
}

/**
 * A chat-completions model. One pool of sockets for all its calls; no retries, no logging, nothing read from the
 * environment. Errors are ResponderError and carry neither the caller's words nor the key.
 *
 * @throws RangeError when `baseUrl` is not an http(s) URL, or the key cannot stand in a header.
 */
export function openaiClient(options: OpenaiOptions): ModelClient {
  const { name, model, baseUrl = OPENAI_URL } = options;
  const meter: Meter = { model, price: options.price };
  const isOpenai = baseUrl === OPENAI_URL;
  const transport = modelTransport({ baseUrl, key: options.apiKey });
  const requests = modelRequests(openaiError);
  const client = sdk(baseUrl, transport.fetch);
  const { temperature, maxTokens } = options;
  const fixed = {
    model,
    stream: true as const,
    ...((options.usage ?? (isOpenai || options.price !== undefined)) && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && limit(isOpenai, maxTokens)),
  };

  return {
    name,
    model,
    stream: (request, signal) =>
      requests.stream(
        (http) => client.chat.completions.create({ ...fixed, ...chatRequest(request) }, { signal: http }),
        chatAnswer(meter),
        signal,
      ),
    async ask(question, signal) {
      const body = {
        model,
        // A model that takes a temperature answers more steadily at 0.
        ...(temperature !== undefined && { temperature: 0 }),
        ...limit(isOpenai, question.maxTokens),
        ...asked(question),
      };
      const answer = await requests.once((http) => client.chat.completions.create(body, { signal: http }), signal);
      return jsonAnswer(readChat(answer, meter));
    },
    close() {
      requests.abort();
      transport.close();
    },
  };
}

/** OpenAI's newer models refuse the old name; other servers know only that one. */
function limit(isOpenai: boolean, tokens: number) {
  return isOpenai ? { max_completion_tokens: tokens } : { max_tokens: tokens };
}

/** https://platform.openai.com/docs/guides/structured-outputs */
function asked(question: Question): Pick<ChatCompletionCreateParamsNonStreaming, 'messages' | 'response_format'> {
  const schema = { name: question.name, schema: { ...question.schema }, strict: true };
  return {
    messages: [
      { role: 'system', content: question.system },
      { role: 'user', content: question.content },
    ],
    response_format: { type: 'json_schema', json_schema: schema },
  };
}

/** Servers differ: nothing in the answer is relied upon. */
function readChat(answer: Partial<ChatCompletion> | string | null | undefined, meter: Meter): JsonAnswer {
  if (typeof answer !== 'object' || answer === null) return {};
  const choice = answer.choices?.[0];
  const reason = typeof choice?.finish_reason === 'string' ? chatFinish(choice.finish_reason) : undefined;
  return {
    text: choice?.message?.content,
    reason: choice?.message?.refusal ? 'refusal' : reason,
    usage: chatUsage(meter, answer.usage),
  };
}

function sdk(baseURL: string, fetch: ReturnType<typeof modelTransport>['fetch']): OpenAI {
  return new OpenAI({
    // It insists on a key; the transport sends the real one.
    apiKey: 'none',
    baseURL,
    // Without these the SDK reads the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: WHOLE_ANSWER_MS,
    fetch,
  });
}
