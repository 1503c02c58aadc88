import type { WebSocket } from 'ws';
import type { CallLog } from './log.ts';
import type { Metrics } from './metrics.ts';
import { refusedFrames } from './refused-frames.ts';
import type { Wire, WireEnd } from './wire.ts';

/** How often a silent peer is asked whether it is there; one that misses a whole round is dropped. */
const PING_MS = 20_000;

/** Puts a WebSocket under a call. What the peer sends wrongly is counted, logged and left. */
export function wireSocket(
  socket: WebSocket,
  callId: string,
  attach: (wire: Wire) => WireEnd,
  {
    metrics,
    log,
    pingMs = PING_MS,
  }: { readonly metrics: Metrics; readonly log: CallLog; readonly pingMs?: number | undefined },
): void {
  let alive = true;
  const end = attach({
    send: (frame, binary = false) => {
      if (socket.readyState === socket.OPEN) socket.send(frame, { binary });
    },
    close: (code) => (code === 1005 ? socket.close() : socket.close(code)),
    terminate: () => socket.terminate(),
    get buffered() {
      return socket.bufferedAmount;
    },
  });
  const refuse = refusedFrames(callId, { metrics, log });
  socket.on('message', (data, isBinary) => {
    alive = true;
    end.receive(data as Buffer, isBinary);
  });
  socket.on('pong', () => {
    alive = true;
  });
  const ping = setInterval(() => {
    if (!alive) socket.terminate();
    alive = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, pingMs);
  ping.unref();
  socket.on('error', (error: Error & { code?: string }) => {
    refuse(
      error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
        ? 'too-large'
        : error.code === 'WS_ERR_INVALID_UTF8'
          ? 'not-utf8'
          : 'broken',
    );
  });
  socket.on('close', (code) => {
    clearInterval(ping);
    end.closed(code);
  });
}
