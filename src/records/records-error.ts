export type RecordsErrorCode =
  | 'spool-failed'
  | 'store-damaged'
  | 'store-newer'
  | 'store-unavailable'
  | 'no-such-directory'
  | 'bad-events';

/** Thrown by this room. The message names paths and causes, never a caller's number or words. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';
  readonly code: RecordsErrorCode;
  constructor(code: RecordsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The short code of a system or SQLite error (`ENOSPC`, `SQLITE_BUSY`), else its message. */
export function causeOf(error: unknown): string {
  if (error instanceof Error) {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    return code === '' ? error.message : code;
  }
  return String(error);
}
