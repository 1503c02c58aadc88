import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { secretEquals } from '../config.ts';

/** Why a socket was refused; a constant word for log and counter. */
export type Refusal =
  | 'no-such-path'
  | 'ip-not-allowed'
  | 'wrong-secret'
  | 'no-such-agent'
  | 'bad-call-id'
  | 'bad-handshake'
  | 'too-many-calls'
  | 'too-many-sockets'
  | 'draining'
  | 'upstream-unreachable';

export const STATUS_OF: Readonly<Record<Refusal, readonly [number, string]>> = {
  'no-such-path': [404, 'Not Found'],
  'ip-not-allowed': [403, 'Forbidden'],
  'wrong-secret': [401, 'Unauthorized'],
  'no-such-agent': [404, 'Not Found'],
  'bad-call-id': [400, 'Bad Request'],
  'bad-handshake': [400, 'Bad Request'],
  'too-many-calls': [503, 'Service Unavailable'],
  'too-many-sockets': [429, 'Too Many Requests'],
  draining: [503, 'Service Unavailable'],
  'upstream-unreachable': [502, 'Bad Gateway'],
};

export interface SocketAddress {
  readonly agent: string;
  readonly callId: string;
  readonly secret?: string;
}

/** Call ids end up in files, logs and URLs: nothing but what a platform really uses. */
const CALL_ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/;

export const isCallId = (id: string): boolean => CALL_ID.test(id) && !id.includes('..');

/**
 * Reads `{prefix}/{agent}/{call_id}?key=SECRET` or `{prefix}/{agent}/{secret}/{call_id}`.
 * Returns null for any other path.
 */
export function readAddress(url: string, prefix: string): SocketAddress | null {
  const [path = '', query = ''] = url.split('?', 2);
  if (!path.startsWith(`${prefix}/`)) return null;
  let parts: string[];
  try {
    parts = path
      .slice(prefix.length + 1)
      .split('/')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
  if (parts.at(-1) === '') parts.pop();
  const [agent, second, third] = parts;
  if (!agent || !second || parts.length > 3) return null;
  const key = new URLSearchParams(query).get('key');
  if (third !== undefined) return { agent, secret: second, callId: third };
  return { agent, callId: second, ...(key ? { secret: key } : {}) };
}

/** The query of a platform's URL as it stands, without the guard's own `key`. */
export function foreignQuery(url: string): string {
  const [, query = ''] = url.split('?', 2);
  return query
    .split('&')
    .filter((part) => part !== '' && !new URLSearchParams(part).has('key'))
    .join('&');
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Addresses and CIDR ranges, ready to be asked. Throws on an entry that is neither. */
export function ipRanges(entries: readonly string[]): readonly Range[] {
  return entries.map((entry) => {
    if (entry.includes('/')) return ipaddr.parseCIDR(entry) as Range;
    const address = ipaddr.process(entry);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
}

export function inRanges(ip: string, ranges: readonly Range[]): boolean {
  if (!ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  return ranges.some(([range, bits]) => {
    if (address.kind() !== range.kind()) return false;
    return address.match(range as ipaddr.IPv4 & ipaddr.IPv6, bits);
  });
}

/** The peer, or the nearest address in X-Forwarded-For that is no proxy of ours. Anything else in it is forgeable. */
export function clientIp(request: IncomingMessage, proxies: readonly Range[]): string {
  let ip = request.socket.remoteAddress ?? '';
  if (proxies.length === 0) return ip;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((hop) => hop.trim());
  while (inRanges(ip, proxies)) {
    const next = hops.pop();
    if (!next || !ipaddr.isValid(next)) break;
    ip = next;
  }
  return ip;
}

/** Whether a host name or address to listen on is loopback only. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback');

/** Without a secret everybody who reaches the port is let in, which is why it is then loopback only. */
export const secretFits = (given: string | undefined, expected: string | undefined): boolean =>
  expected === undefined || secretEquals(given, expected);
