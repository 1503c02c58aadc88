/** One WebSocket of one call, seen from the platform: a real one, or the guard's session in process. */
export interface Connection {
  send(text: string): void;
  /** An orderly close by the platform. */
  close(code: number): void;
  /** Drops the connection; `onClose(1006)` follows. */
  terminate(): void;
}

export interface ConnectionHandlers {
  /** `binary` frames are a fault of the server. May come before `connect` has resolved. */
  onFrame(text: string, binary: boolean): void;
  /** The server closed (or the connection was lost: 1006, closed without a code: 1005). */
  onClose(code: number): void;
}

/** Dials the server for a call. Rejects when it refuses; the message holds no URL. */
export type Connect = (
  target: { readonly agent: string; readonly callId: string },
  handlers: ConnectionHandlers,
) => Promise<Connection>;
