import type { Duplex } from 'node:stream';
import type { Upstream } from '../responders/responder.ts';

/** A platform that sends more before its handshake is answered is no platform. */
const MOST_EARLY_BYTES = 64 * 1024;

/**
 * Holds the platform's handshake until the server behind the guard has taken its own: a platform that cannot be served
 * is refused, and tries again, just as it would without the guard. A platform that gives up meanwhile is noticed,
 * because its socket is read on; what it sent too early is put back.
 */
export function whenOpen(upstream: Upstream, socket: Duplex, opened: () => void, failed: () => void): void {
  const early: Buffer[] = [];
  let bytes = 0;
  const read = (): void => {
    for (let part = socket.read() as Buffer | null; part !== null; part = socket.read() as Buffer | null) {
      early.push(part);
      bytes += part.length;
      if (bytes > MOST_EARLY_BYTES) socket.destroy();
    }
  };
  const gone = (): void => {
    socket.destroy();
    upstream.terminate();
  };
  socket.on('readable', read);
  socket.once('end', gone);
  socket.once('close', gone);
  const settle = (then: () => void): void => {
    socket.removeListener('readable', read);
    socket.removeListener('end', gone);
    socket.removeListener('close', gone);
    if (socket.destroyed) return;
    if (early.length > 0) socket.unshift(Buffer.concat(early));
    then();
  };
  upstream.opened.then(
    () => {
      if (socket.destroyed) upstream.terminate();
      settle(opened);
    },
    () => settle(failed),
  );
}
