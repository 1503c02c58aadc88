import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { caller } from '../server/retell-client.ts';
import { HELLO, hangUps, type Played, playPiece } from './robocall.ts';
import { type Served, serve, showCall, until, workingDirectory } from './serve-kit.ts';

/** Turns that would have ended the call several times over. */
async function playOn(guard: Served, callId: string, from?: Played): Promise<void> {
  const client = await guard.connect(callId);
  client.details();
  await until(client, () => client.isComplete(0));
  let played: Played = from ?? { said: [HELLO], turn: 0 };
  for (let i = 0; i < 6; i++) played = await playPiece(client, played);
  expect(hangUps(client)).toEqual([]);
  // A model, or its script, answers: the caller is served like anybody.
  client.ask(played.turn + 1, [...played.said, caller('hello can i book an appointment')]);
  await until(client, () => client.isComplete(played.turn + 1));
  expect(client.said(played.turn + 1)).not.toBe('');
  client.socket.close(1000);
}

it('a decision that cannot be put on disk is none: the robocall is served, and the log says so', async () => {
  const dir = workingDirectory();
  const guard = await serve(dir);
  const spool = join(dir, 'data', 'spool');
  renameSync(spool, `${spool}-away`);
  writeFileSync(spool, 'in the way');
  await playOn(guard, 'unwritten_1');
  const line = await guard.logged('the decision could not be written', { callId: 'unwritten_1' });
  expect(JSON.stringify(line)).toContain('cannot write to the spool');
  expect(await guard.logged('call ended', { callId: 'unwritten_1' })).toMatchObject({
    decision: 'none',
    decided: false,
    sent: false,
    outcome: 'caller_left',
  });
  expect((await fetch(`http://127.0.0.1:${guard.port}/readyz`)).status).toBe(200);
});

it('a disk that takes no more stops no call either; once the spool works again robocalls are hung up on', async () => {
  const dir = workingDirectory();
  // Room for an opened call, but neither for a decision nor for a database.
  const guard = await serve(dir, { fileLimitKb: 1 });
  await playOn(guard, 'full_1');
  await guard.logged('the decision could not be written', { callId: 'full_1' });
  const state: unknown = await (await fetch(`http://127.0.0.1:${guard.port}/readyz`)).json();
  expect(state).toMatchObject({ status: 'ready', store: 'down' });
  guard.kill('SIGTERM');
  expect(await guard.ended).toBe(0);

  const roomy = await serve(dir);
  const client = await roomy.call('room_1');
  let played: Played = { said: [HELLO], turn: 0 };
  while (hangUps(client).length === 0 && played.turn < 6) played = await playPiece(client, played);
  expect(hangUps(client)).not.toEqual([]);
  client.socket.close(1000);
  await roomy.logged('call ended', { callId: 'room_1' });
  expect(await showCall(dir, 'room_1')).toMatchObject({ outcome: 'hung_up', decided: true, confirmed: true });
});
