import { WebSocket } from 'ws';
import type { Connect } from './connection.ts';

/** The platform waits this long for an upgrade. */
const HANDSHAKE_MS = 7_000;
/** A server may not flood the player. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;
/** How long an orderly close may take before the socket is dropped. */
const CLOSE_MS = 1_000;

/**
 * The URL of one call: the call id is added to the path as its last segment, the query stays.
 * A path that names no agent (`/llm-websocket`) gets the scenario's.
 * @throws TypeError when `base` is no ws, wss, http or https URL.
 */
export function callUrl(base: string, agent: string, callId: string): URL {
  const url = new URL(base);
  if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') throw new TypeError('the URL must start with ws:// or wss://');
  let path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith('/llm-websocket')) path += `/${encodeURIComponent(agent)}`;
  url.pathname = `${path}/${encodeURIComponent(callId)}`;
  return url;
}

/** Connects the player to a server over real WebSockets; `onSocket` is shown each before it is connected. */
export function connectWs(base: string, onSocket?: (socket: WebSocket) => void): Connect {
  return ({ agent, callId }, handlers) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(callUrl(base, agent, callId), {
        perMessageDeflate: false,
        handshakeTimeout: HANDSHAKE_MS,
        maxPayload: MAX_FRAME_BYTES,
      });
      onSocket?.(socket);
      let opened = false;
      let refusal = '';
      socket.on('unexpected-response', (request, response) => {
        refusal = `refused with HTTP ${response.statusCode}`;
        request.destroy();
        reject(new Error(refusal));
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // The message of ws may name the URL, which holds the key.
        if (!opened) reject(new Error(refusal || `no connection (${error.code ?? 'handshake failed'})`));
      });
      socket.on('message', (data, binary) => handlers.onFrame(data.toString(), binary));
      socket.on('close', (code) => {
        if (opened) handlers.onClose(code);
      });
      socket.on('open', () => {
        opened = true;
        resolve({
          send: (text) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(text);
          },
          close: (code) => {
            socket.close(code);
            setTimeout(() => socket.terminate(), CLOSE_MS).unref();
          },
          terminate: () => socket.terminate(),
        });
      });
    });
}
