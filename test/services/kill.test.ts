import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openLog } from '../../src/records/log.ts';
import { silentLogger } from '../../src/records/records-logger.ts';
import { hangUps, playUntilHungUp } from './robocall.ts';
import { serve, until, workingDirectory } from './serve-kit.ts';

const KILLS = 50;
const LANES = 2;
const CALLS_AT_ONCE = 4;
const LATEST_MS = 30;

/** Plays robocalls to a new process, and kills it -9 soon after the first hang-up frame. Answers the calls that had seen one. */
async function killAfterHangUp(dir: string, kill: number): Promise<string[]> {
  const guard = await serve(dir);
  const callIds = Array.from({ length: CALLS_AT_ONCE }, (_, i) => `kill_${kill}_${i}`);
  const clients = await Promise.all(callIds.map((callId) => guard.connect(callId)));
  clients.forEach((client, i) => {
    // A number that was hung up on would have a free pass.
    client.details({ from_number: `+1213777${1_000 + kill * CALLS_AT_ONCE + i}` });
  });
  await Promise.all(clients.map((client) => until(client, () => client.isComplete(0))));
  // They come to their ends at different moments, some of them after the kill.
  const played = clients.map(async (client) => {
    await sleep(Math.random() * LATEST_MS);
    await playUntilHungUp(client);
  });
  const ends = Promise.allSettled(played);
  await Promise.race(played);
  await sleep(Math.random() * LATEST_MS);
  guard.kill('SIGKILL');
  await guard.ended;
  await Promise.all(clients.map(({ closed }) => closed));
  await ends;
  return callIds.filter((_, i) => hangUps(clients[i] ?? expect.unreachable()).length > 0);
}

it(`kill -9 right after a hang-up frame, ${KILLS} times: the record is there each time`, {
  timeout: 240_000,
}, async () => {
  let kills = 0;
  let seen = 0;
  const lane = async (): Promise<void> => {
    const dir = workingDirectory();
    while (kills < KILLS) {
      const kill = ++kills;
      const callIds = await killAfterHangUp(dir, kill);
      expect(callIds.length).toBeGreaterThan(0);
      seen += callIds.length;
      const log = await openLog(`${dir}/data`, silentLogger);
      for (const callId of callIds) {
        const record = await log.get(callId);
        expect(record, callId).toMatchObject({
          decision: 'hang_up',
          decided: true,
          category: expect.stringMatching(/^(recorded_message|robocall_menu)$/),
          // Killed between the frame and the note that it was sent: known as decided only.
          outcome: record?.sent ? 'hung_up' : 'failed',
          confirmed: false,
        });
        expect(record?.evidence, callId).not.toEqual([]);
        expect(record?.probes.map(({ kind }) => kind)).toContain('closing');
      }
      log.close();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  expect(seen).toBeGreaterThan(KILLS);
});
