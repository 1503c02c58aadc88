/** The part of a pino logger that this room uses. */
export interface RecordsLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const silentLogger: RecordsLogger = { info() {}, warn() {}, error() {} };
