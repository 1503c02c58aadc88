import { isLoopback } from './admission.ts';

/** Ends a call over the platform's REST API. Resolves to whether the platform agreed. */
export type StopCall = (callId: string) => Promise<boolean>;

const DEADLINE_MS = 5_000;
const RETELL_API = 'https://api.retellai.com';

/**
 * The base URL of the REST API from RETELL_BASE_URL; absent: Retell's own. Throws RangeError for what is no URL, and for
 * http beyond loopback, because the API key goes with every request. The message does not repeat the value.
 */
export function retellBaseUrl(given: string | undefined): string {
  const text = given?.trim();
  if (!text) return RETELL_API;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    throw new RangeError('RETELL_BASE_URL is not a base URL such as https://api.retellai.com');
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))) {
    throw new RangeError('RETELL_BASE_URL must be https: the API key goes with every request');
  }
  return url.href.replace(/\/+$/, '');
}

/**
 * `POST /v2/stop-call/{call_id}` of Retell, 204 when it worked (retell-sdk 5.66, `call.stop`).
 * `baseUrl` is only ever another than Retell's for tests and private gateways.
 */
export function retellStopCall(apiKey: string, baseUrl = RETELL_API): StopCall {
  return async (callId) => {
    const response = await fetch(`${baseUrl}/v2/stop-call/${encodeURIComponent(callId)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    await response.body?.cancel();
    return response.ok;
  };
}
