import { type Check, findingsOf } from './check.ts';

const { ok, warn } = findingsOf('memory');

/** Memory of numbers, today in the records of this machine. */
export const memoryCheck: Check = {
  name: 'memory',
  ifDown: 'the greeting waits for it at most latency.lookup_ms; the call then goes on without history',
  async run({ secrets, config }) {
    const found = [ok(`history of numbers comes from the records, ${config.records.retention_days} days back`)];
    for (const [name, value] of [
      ['REDIS_URL', secrets.redisUrl],
      ['DATABASE_URL', secrets.databaseUrl],
    ] as const) {
      if (value !== undefined) found.push(warn(`${name} is set, but this version does not use it`, 'unset it'));
    }
    return found;
  },
};
