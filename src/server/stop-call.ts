/** Ends a call over the platform's REST API. Resolves to whether the platform agreed. */
export type StopCall = (callId: string) => Promise<boolean>;

const DEADLINE_MS = 5_000;

/**
 * `POST /v2/stop-call/{call_id}` of Retell, 204 when it worked (retell-sdk 5.66, `call.stop`).
 * `baseUrl` is only ever another than Retell's for tests and private gateways.
 */
export function retellStopCall(apiKey: string, baseUrl = 'https://api.retellai.com'): StopCall {
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
