import { wallClock } from '../../src/clock.ts';
import { Spool } from '../../src/records/spool.ts';
import { hungUp } from './sample-records.ts';

const [, , dir = ''] = process.argv;
const spool = new Spool({ dir, clock: wallClock });
for (let lines = 0; ; lines++) {
  try {
    const record = hungUp(`call-${lines}`);
    spool.append({ type: 'closed', at: record.endedAt, callId: record.callId, record }, true);
  } catch (error) {
    process.stdout.write(`refused after ${lines} lines: ${error instanceof Error ? error.message : error}`);
    break;
  }
}
