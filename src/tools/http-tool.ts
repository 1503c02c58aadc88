import type { ToolsConfig } from '../config/tools.ts';
import type { NodeHttpFetch } from '../responders/node-http-fetch.ts';
import { failed } from './arguments.ts';
import { answerText } from './http-answer.ts';
import { idempotencyKey, signatureHeaders } from './http-signature.ts';
import type { Tool, ToolOutcome } from './tool.ts';

const MOST_ARGUMENT_CHARS = 32_768;
const BROKEN_OFF = 'Broken off; whether it took effect is not known.';

/**
 * A tool of the user's own: a POST to the configured URL, answered with text or JSON for the model. Whatever goes wrong
 * is a result that says so. The caller's number is not sent: who needs it has it from the platform by the call's id.
 *
 * @param options.secret signs the requests; see `signatureHeaders`.
 */
export function httpTool(
  name: string,
  config: ToolsConfig['http'][string],
  options: { readonly fetch: NodeHttpFetch['fetch']; readonly secret?: string },
): Tool {
  const { url, description, parameters, timeout_ms: timeoutMs, max_answer_chars: mostChars } = config;

  async function post(body: string, key: string, signal: AbortSignal): Promise<ToolOutcome> {
    const response = await options.fetch(url, {
      method: 'POST',
      body,
      signal,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/plain',
        'idempotency-key': key,
        ...signatureHeaders(body, options.secret, Date.now()),
      },
    });
    if (!response.ok) return failed(`It did not work: the server answered with status ${response.status}.`);
    return { type: 'result', content: await answerText(response, mostChars), failed: false };
  }

  return {
    spec: { name, description, parameters },
    shown: true,
    slow: true,
    async run(args, context, signal) {
      if (signal.aborted) return failed(BROKEN_OFF);
      const { callId, agent, turn } = context;
      const body = JSON.stringify({ name, arguments: args, call: { call_id: callId, agent, turn } });
      if (body.length > MOST_ARGUMENT_CHARS) return failed('Not called: the arguments are too long; shorten them.');
      const stop = new AbortController();
      const abort = () => stop.abort();
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        stop.abort();
      }, timeoutMs);
      signal.addEventListener('abort', abort, { once: true });
      let read = false;
      try {
        const outcome = await post(body, idempotencyKey(callId, name, args), stop.signal);
        read = outcome.type === 'result' && !outcome.failed;
        return outcome;
      } catch {
        // What was thrown may name the address: the model has no use for it.
        if (signal.aborted) return failed(BROKEN_OFF);
        if (late) return failed('No answer in time; whether it took effect is not known, so do not call it again.');
        return failed('It did not work: the server could not be reached or broke off.');
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        // A body that nobody reads would hold its socket; one that was read leaves it for the next request.
        if (!read) stop.abort();
      }
    },
  };
}
