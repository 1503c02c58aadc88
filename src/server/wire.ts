/** The guard's end of one socket of one call: what the session can do to the platform. */
export interface Wire {
  send(frame: string | Buffer, binary?: boolean): void;
  /** An orderly close; 1005 closes without a code. On some platforms 1000 is a hang-up: see protocols of the platform. */
  close(code: number): void;
  /** Drops the connection without a close frame, so that the platform dials again. */
  terminate(): void;
  /** Bytes that wait to be sent. */
  readonly buffered: number;
}

/** The other end: what the platform (a WebSocket, or the player in process) does to the session. */
export interface WireEnd {
  receive(frame: Buffer, binary?: boolean): void;
  closed(code: number): void;
}
