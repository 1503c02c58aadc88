import { isLoopback } from '../server/admission.ts';

/** More than any list of models. */
const MOST_BYTES = 4_000_000;

/** What a server answered. `body` is empty where it is too long or no answer of success. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** Its clock, epoch ms, where it tells it. */
  readonly date?: number;
}

/** One GET without redirects. Throws an Error in a few words, which never holds a header or a query. */
export async function askHttp(
  url: string,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, {
      headers: { ...options.headers },
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const long = Number(response.headers.get('content-length') ?? 0) > MOST_BYTES;
    const body = response.ok && !long ? (await response.text()).slice(0, MOST_BYTES) : '';
    if (!response.bodyUsed) await response.body?.cancel();
    const date = Date.parse(response.headers.get('date') ?? '');
    return { status: response.status, body, ...(Number.isFinite(date) ? { date } : {}) };
  } catch (error) {
    throw new Error(reasonOf(error, options.timeoutMs));
  }
}

/** Whether a request to this http(s) address would leave the machine unencrypted. */
export function isPlainBeyondLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, ''));
}

/** Why a connection failed, in a word of the operating system where there is one. */
export function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? code : 'the connection failed';
}
