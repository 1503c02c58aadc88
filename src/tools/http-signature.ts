import { createHash, createHmac } from 'node:crypto';

/**
 * The headers by which a server knows that a request comes from the guard, and that it is not an old one sent again:
 * `x-hangup-guard-timestamp` (seconds since 1970) and `x-hangup-guard-signature`, `v1=` and the hex HMAC-SHA256 of
 * `<timestamp>.<body>` under the secret. Without a secret there is no signature.
 */
export function signatureHeaders(body: string, secret: string | undefined, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  if (!secret) return { 'x-hangup-guard-timestamp': timestamp };
  const mac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-hangup-guard-timestamp': timestamp, 'x-hangup-guard-signature': `v1=${mac}` };
}

/**
 * One key for the same act in the same call: the platform may discard an answer and ask again, and the model then calls
 * the tool anew, under other ids but with the same arguments (in any order).
 */
export function idempotencyKey(callId: string, tool: string, args: Readonly<Record<string, unknown>>): string {
  const sorted = Object.fromEntries(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256')
    .update(JSON.stringify([callId, tool, sorted]))
    .digest('hex');
}
