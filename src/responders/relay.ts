import { type RelayTiming, UpstreamSocket } from './relay-upstream.ts';
import type { RelayResponder } from './responder.ts';

/**
 * A custom-LLM server of the user's own that answers behind the guard. One `dial`, one socket: who redials is the
 * platform, as it would without the guard.
 * @throws Error when `spec.url` is no ws:// or wss:// URL; the message does not repeat it, for it may hold a secret.
 */
export function relayResponder(
  name: string,
  spec: { readonly url: string },
  timing?: Partial<RelayTiming>,
): RelayResponder {
  const base = URL.canParse(spec.url) ? new URL(spec.url) : null;
  if (!base || !/^wss?:$/.test(base.protocol)) throw new Error(`responder ${name}: its url is no ws:// or wss:// URL`);
  const open = new Set<UpstreamSocket>();
  let closed = false;
  return {
    kind: 'relay',
    name,
    dial: (callId, query) => {
      const upstream = new UpstreamSocket(upstreamUrl(base, callId, query), () => open.delete(upstream), timing);
      open.add(upstream);
      if (closed) upstream.terminate();
      return upstream;
    },
    close: () => {
      closed = true;
      for (const upstream of open) upstream.terminate();
    },
  };
}

/**
 * The address that the platform itself would dial: the call id as last segment of the path, the query kept, one slash
 * between; `query` is that of the platform's URL, which may carry variables of the call (https://docs.retellai.com/api-references/llm-websocket). Call ids are checked on admission; `.` and `..`,
 * which no encoding keeps from being resolved, do not get this far.
 */
export function upstreamUrl(base: URL, callId: string, query = ''): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${encodeURIComponent(callId)}`;
  if (query !== '') url.search = url.search === '' ? `?${query}` : `${url.search}&${query}`;
  // Never sent, and `ws` refuses it.
  url.hash = '';
  return url;
}
