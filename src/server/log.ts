import pino, { type DestinationStream, type Logger } from 'pino';

/** The log, as the rooms use it. */
export type CallLog = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

/** Keys under which personal data could stand; they are never written. */
const REDACTED = [
  'text',
  'quote',
  'transcript',
  'callerNumber',
  'lineNumber',
  'number',
  'from_number',
  'to_number',
  'key',
  'secret',
  'url',
  'headers',
  'authorization',
].flatMap((key) => [key, `*.${key}`]);

/** One JSON object a line, static messages, no transcript, no number, no secret. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { name: 'hangup-guard' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '[redacted]' },
    serializers: { err: pino.stdSerializers.err },
  };
  return destination ? pino(options, destination) : pino(options);
}
