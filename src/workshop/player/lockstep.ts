import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { connectWs } from './connect-ws.ts';
import type { Connect } from './connection.ts';
import type { Hold } from './virtual-clock.ts';

/** One connection, seen from both of its ends, which are in this process. */
interface Line {
  readonly socket: WebSocket;
  readonly near: Socket;
  readonly far: Socket;
}

/** Node tells here of every socket that a server in this process has accepted. */
const ACCEPTED = 'net.server.socket';
/** Nothing is on its way for longer, by the wall, within one process: a line on which it seems so is dropped. */
const STUCK_MS = 10_000;

/**
 * Calls a server in this process over real WebSockets, in virtual time: `hold` lets time stand still while anything
 * is on its way. Nothing is, once every line is up or down for both of its ends, and each end has read as many bytes
 * as the other has written. So a frame arrives in the moment in which it was sent, as in process.
 * Dialling rejects when the server is in another process.
 */
export function lockstep(url: string, stuckMs = STUCK_MS): { readonly connect: Connect; readonly hold: Hold } {
  const lines = new Set<Line>();
  /** Server ends while anybody dials, by their ports. */
  const accepted = new Map<string, Socket>();
  let dialling = 0;
  let busySince: number | null = null;

  const onAccepted = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    accepted.set(`${socket.localPort} ${socket.remotePort}`, socket);
  };

  const connect: Connect = async (target, handlers) => {
    let found = false;
    const dial = connectWs(url, (socket) => {
      socket.once('upgrade', ({ socket: near }) => {
        const far = accepted.get(`${near.remotePort} ${near.localPort}`);
        if (far === undefined) return;
        found = true;
        lines.add({ socket, near, far });
      });
    });
    if (dialling++ === 0) subscribe(ACCEPTED, onAccepted);
    try {
      const connection = await dial(target, handlers);
      if (found) return connection;
      connection.terminate();
      throw new Error('lockstep needs the server in its own process');
    } finally {
      if (--dialling === 0) {
        unsubscribe(ACCEPTED, onAccepted);
        accepted.clear();
      }
    }
  };

  const hold: Hold = () => {
    const unsettled = [...lines].filter((line) => !isSettled(line));
    for (const line of lines) if (isDown(line)) lines.delete(line);
    if (unsettled.length === 0 && dialling === 0) {
      busySince = null;
      return undefined;
    }
    busySince ??= performance.now();
    if (performance.now() - busySince > stuckMs) {
      busySince = null;
      for (const line of unsettled) {
        line.socket.terminate();
        lines.delete(line);
      }
    }
    return turn();
  };

  return { connect, hold };
}

function isSettled(line: Line): boolean {
  return isDown(line) || (isUp(line) && isDelivered(line));
}

/** Neither end has begun to close. */
function isUp({ socket, near, far }: Line): boolean {
  return socket.readyState === WebSocket.OPEN && !near.destroyed && !far.destroyed;
}

/** Both ends know that it is over. */
function isDown({ socket, near, far }: Line): boolean {
  return socket.readyState === WebSocket.CLOSED && near.closed && far.closed;
}

function isDelivered({ near, far }: Line): boolean {
  return near.bytesWritten === far.bytesRead && far.bytesWritten === near.bytesRead;
}

/** One turn of the event loop, in which sockets are read. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
