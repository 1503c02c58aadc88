import { OpenAI } from 'openai';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import { chatAnswer } from './chat-answer.ts';
import { nodeHttpFetch } from './node-http-fetch.ts';
import { timedOut, toResponderError } from './openai-error.ts';
import { buildMessages } from './prompt.ts';
import {
  type AgentBrief,
  type ReplyPiece,
  type Responder,
  ResponderError,
  type TurnRequest,
  type TurnSession,
} from './responder.ts';

const OPENAI_URL = 'https://api.openai.com/v1';
const DEFAULT_TIMEOUT_MS = 10_000;
/** However it drips, an answer is over by then. */
const WHOLE_ANSWER_MS = 60_000;
/** Once the server has said why it stopped, only usage and the end of the body can follow. */
const TAIL_MS = 500;

/** A tool that the model may call; `parameters` is JSON Schema. */
export interface ResponderTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface OpenaiOptions {
  readonly name: string;
  readonly model: string;
  /** Any server that speaks chat completions, up to and including `/v1`. Default: OpenAI. */
  readonly baseUrl?: string;
  /** Empty: no Authorization header is sent (servers on one's own machine). */
  readonly apiKey: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  /** Longest wait for the first piece, and for each one after it. Default 10 s. */
  readonly timeoutMs?: number;
  /** Ask for token counts. Default: only of OpenAI itself, as some servers refuse the option. */
  readonly usage?: boolean;
  readonly tools?: readonly ResponderTool[];
}

/**
 * Answers with a chat-completions model, streamed. One client and one pool of sockets for all its calls; no retries, no
 * logging. Errors are ResponderError and carry neither the caller's words nor the key; once text has been passed on
 * they are not retryable, as the caller would hear it twice.
 *
 * @throws RangeError when `baseUrl` is not an http(s) URL.
 */
export function openaiResponder(options: OpenaiOptions): Responder {
  const baseURL = options.baseUrl ?? OPENAI_URL;
  if (!/^https?:$/.test(URL.canParse(baseURL) ? new URL(baseURL).protocol : '')) {
    throw new RangeError('baseUrl must be an http or https URL');
  }
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const transport = nodeHttpFetch();
  const client = new OpenAI({
    // The SDK insists on a key; the header it would make is taken out again.
    apiKey: options.apiKey || 'none',
    ...(options.apiKey === '' && { defaultHeaders: { Authorization: null } }),
    baseURL,
    // Without these the SDK reads the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: WHOLE_ANSWER_MS,
    fetch: transport.fetch,
  });
  const fixed = fixedParameters(options, baseURL === OPENAI_URL);

  return {
    name: options.name,
    open: ({ agent }) => session(client, fixed, agent, timeoutMs),
    close: () => transport.close(),
  };
}

type Parameters = Omit<ChatCompletionCreateParamsStreaming, 'messages'>;

function fixedParameters(options: OpenaiOptions, isOpenai: boolean): Parameters {
  const { model, temperature, maxTokens, tools = [] } = options;
  return {
    model,
    stream: true,
    ...((options.usage ?? isOpenai) && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    // OpenAI's newer models refuse the old name; other servers know only that one.
    ...(maxTokens !== undefined && (isOpenai ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters } },
      })),
    }),
  };
}

function session(client: OpenAI, fixed: Parameters, agent: AgentBrief, timeoutMs: number): TurnSession {
  const open = new Set<AbortController>();

  async function* answer(request: TurnRequest, signal: AbortSignal): AsyncGenerator<ReplyPiece> {
    if (signal.aborted) return;
    // The SDK leaves its listener on the signal it is given, so that is one of our own for each turn.
    const http = new AbortController();
    const startedAt = performance.now();
    const parts = chatAnswer();
    let waiting: NodeJS.Timeout | undefined;
    let late = false;
    let spoke = false;
    const giveUp = () => {
      late = true;
      http.abort();
    };
    const wait = (ms: number) => {
      waiting = setTimeout(giveUp, Math.max(0, Math.min(ms, startedAt + WHOLE_ANSWER_MS - performance.now())));
    };
    const stop = () => http.abort();
    signal.addEventListener('abort', stop, { once: true });
    open.add(http);
    try {
      wait(timeoutMs);
      const body = { ...fixed, messages: buildMessages(agent, request) };
      const stream = await client.chat.completions.create(body, { signal: http.signal });
      for await (const chunk of stream) {
        // Time that the reader of these pieces takes is not the server's.
        clearTimeout(waiting);
        const text = parts.take(chunk);
        if (text !== '') {
          spoke = true;
          yield { type: 'text', text };
        }
        if (http.signal.aborted || parts.full()) break;
        wait(parts.finished() ? TAIL_MS : timeoutMs);
      }
      // The SDK ends an aborted stream as if it were complete.
      if (http.signal.aborted && !late) return;
      if (late && !parts.finished()) throw timedOut();
    } catch (error) {
      if (http.signal.aborted && !late) return;
      // A connection that breaks behind a finished answer takes nothing away from it.
      if (!parts.finished() || error instanceof ResponderError) {
        throw forCaller(late ? timedOut() : toResponderError(error), spoke);
      }
    } finally {
      clearTimeout(waiting);
      signal.removeEventListener('abort', stop);
      open.delete(http);
      http.abort();
    }
    try {
      yield* parts.end();
    } catch (error) {
      throw forCaller(toResponderError(error), spoke);
    }
  }

  return {
    kind: 'turns',
    answer,
    close() {
      for (const http of open) http.abort();
    },
  };
}

function forCaller(error: ResponderError, spoke: boolean): ResponderError {
  return spoke ? new ResponderError(error.code, error.message, { retryable: false }) : error;
}
