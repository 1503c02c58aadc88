/** The public surface of the package: start a guard in your own process, bring your own records or responder. */

export { type Clock, scaledClock, wallClock } from './clock.ts';
export { type Config, ConfigError, loadConfig, parseConfig, readSecrets, type Secrets } from './config.ts';
export type {
  CallEvent,
  CallFacts,
  Category,
  Decision,
  Effect,
  Evidence,
  Mode,
  Outcome,
  Rung,
  Verdict,
} from './guard/types.ts';
export { memoryRecords } from './records/memory-records.ts';
export { openRecords } from './records/open-records.ts';
export type { CallRecord, Records } from './records/record.ts';
export { createLog } from './server/log.ts';
export { type Guard, type GuardOptions, RefusedError, startGuard } from './server/start-guard.ts';
export type { Wire, WireEnd } from './server/wire.ts';
