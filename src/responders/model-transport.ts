import { packageVersion } from '../version.ts';
import { type NodeHttpFetch, nodeHttpFetch } from './node-http-fetch.ts';

/**
 * The transport of one model client: every request carries exactly these headers. What an SDK would add is left out,
 * for two reasons: it tells of this machine, and it comes from the environment (`…_CUSTOM_HEADERS`), which is not where
 * this project is configured.
 *
 * @param options.key sent as a bearer token; empty: no Authorization header (servers on one's own machine).
 * @throws RangeError when the URL is not http(s), or the key cannot stand in a header; without the key in it.
 */
export function modelTransport(options: {
  baseUrl: string;
  key: string;
  headers?: Readonly<Record<string, string>>;
}): NodeHttpFetch {
  if (!/^https?:$/.test(URL.canParse(options.baseUrl) ? new URL(options.baseUrl).protocol : '')) {
    throw new RangeError('baseUrl must be an http or https URL');
  }
  if (!/^[\x21-\x7E]*$/.test(options.key)) throw new RangeError('the key has characters that no key has');
  const transport = nodeHttpFetch();
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': `hangup-guard/${packageVersion()}`,
    ...(options.key !== '' && { authorization: `Bearer ${options.key}` }),
    ...options.headers,
  };
  return { ...transport, fetch: (input, init) => transport.fetch(input, { ...init, headers }) };
}
