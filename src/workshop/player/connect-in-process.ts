import { Buffer } from 'node:buffer';
import type { Wire, WireEnd } from '../../server/wire.ts';
import type { Connect } from './connection.ts';

/**
 * Connects the player to a session in this process. Frames of the guard arrive in a microtask, as over a socket
 * never inside the call that caused them; frames of the platform arrive at once.
 */
export function connectInProcess(open: (agent: string, callId: string, wire: Wire) => WireEnd): Connect {
  return async ({ agent, callId }, handlers) => {
    let isOpen = true;
    const over = (code: number): void => {
      if (!isOpen) return;
      isOpen = false;
      queueMicrotask(() => handlers.onClose(code));
    };
    const wire: Wire = {
      send: (frame, binary = false) => {
        if (!isOpen) return;
        const text = typeof frame === 'string' ? frame : frame.toString('utf8');
        queueMicrotask(() => handlers.onFrame(text, binary));
      },
      close: over,
      terminate: () => over(1006),
      buffered: 0,
    };
    const end = open(agent, callId, wire);
    return {
      send: (text) => {
        if (isOpen) end.receive(Buffer.from(text));
      },
      close: (code) => {
        if (!isOpen) return;
        isOpen = false;
        end.closed(code);
      },
      terminate: () => {
        if (!isOpen) return;
        isOpen = false;
        end.closed(1006);
        queueMicrotask(() => handlers.onClose(1006));
      },
    };
  };
}
