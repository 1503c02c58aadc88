import { openRecords } from '../../src/records/open-records.ts';
import { decided, hungUp, opened } from './sample-records.ts';

// Decides call after call and says so only after the append came back, until it is killed.
const [, , dataDir = '', name = ''] = process.argv;
const records = await openRecords({ dataDir, retentionDays: 100_000 });
for (let i = 0; ; i++) {
  const callId = `${name}-${i}`;
  records.append(opened(callId), false);
  records.append(decided(callId), true);
  process.stdout.write(`${callId}\n`);
  if (i % 3 === 0) records.append({ type: 'sent', at: Date.now(), callId, attempt: 1 }, true);
  if (i % 5 === 0) records.append({ type: 'closed', at: Date.now(), callId, record: hungUp(callId) }, true);
  if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
