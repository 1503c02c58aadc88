import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { agent, caller } from '../server/retell-client.ts';
import { HELLO, hangUps, playPiece, playUntilHungUp } from './robocall.ts';
import { serve, showCall, until, upgradeStatus, workingDirectory } from './serve-kit.ts';

const enforce = (drainSeconds: number): string => `mode: enforce\nlisten:\n  drain_seconds: ${drainSeconds}\n`;
const QUESTION = caller('hi i would like to move my appointment to next tuesday');

async function ready(port: number) {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`);
  return { code: response.status, ...((await response.json()) as { status: string; liveCalls: number }) };
}

describe('SIGTERM', () => {
  it('takes no new calls, lets the live one finish, and ends with 0', async () => {
    const dir = workingDirectory(enforce(60));
    const guard = await serve(dir);
    const client = await guard.call('live_1');
    expect(await ready(guard.port)).toMatchObject({ code: 200, status: 'ready', liveCalls: 1 });
    guard.kill('SIGTERM');
    await guard.logged('draining');
    expect(await ready(guard.port)).toMatchObject({ code: 503, status: 'draining', liveCalls: 1 });
    expect((await fetch(`http://127.0.0.1:${guard.port}/healthz`)).status).toBe(200);
    expect(await upgradeStatus(guard.port, '/llm-websocket/default/new_1')).toBe(503);

    client.ask(1, [HELLO, QUESTION]);
    await until(client, () => client.isComplete(1));
    expect(client.said(1)).not.toBe('');
    // A live call may come back, too.
    client.socket.terminate();
    const again = await guard.connect('live_1');
    again.ask(2, [HELLO, QUESTION, agent(client.said(1)), caller('in the morning please')]);
    await until(again, () => again.isComplete(2));
    expect(again.closeCode).toBeNull();
    again.socket.close(1000);
    expect(await guard.ended).toBe(0);
    expect(await showCall(dir, 'live_1')).toMatchObject({ outcome: 'caller_left', decision: 'none', turns: 2 });
  });

  it('drops at the deadline what is left, abnormally; another process goes on without a second greeting', async () => {
    const dir = workingDirectory(enforce(1));
    const guard = await serve(dir);
    const person = await guard.call('moved_person');
    person.ask(1, [HELLO, QUESTION]);
    await until(person, () => person.isComplete(1));
    const tape = await guard.call('moved_tape');
    const played = await playPiece(tape, { said: [HELLO], turn: 0 });
    expect(hangUps(tape)).toEqual([]);
    const started = performance.now();
    guard.kill('SIGTERM');
    expect(await Promise.all([person.closed, tape.closed])).toEqual([1006, 1006]);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(await guard.ended).toBe(0);

    const next = await serve(dir);
    const personAgain = await next.connect('moved_person');
    personAgain.details();
    // Time enough for a greeting, which waits for what is known of the number.
    await sleep(500);
    const said = [HELLO, QUESTION, agent(person.said(1)), caller('in the morning if you have anything')];
    personAgain.ask(2, said);
    await until(personAgain, () => personAgain.isComplete(2));
    expect(personAgain.said(2)).not.toBe('');
    expect(personAgain.responses(0)).toEqual([]);
    // What the tape had said before counts.
    const tapeAgain = await next.connect('moved_tape');
    tapeAgain.details();
    await playUntilHungUp(tapeAgain, played);
    expect(tapeAgain.responses(0)).toEqual([]);
    tapeAgain.socket.close(1000);
    personAgain.socket.close(1000);
    await next.logged('call ended', { callId: 'moved_tape' });
    await next.logged('call ended', { callId: 'moved_person' });
    expect(await showCall(dir, 'moved_tape')).toMatchObject({
      outcome: 'hung_up',
      decision: 'hang_up',
      confirmed: true,
    });
    expect(await showCall(dir, 'moved_person')).toMatchObject({ outcome: 'caller_left', decision: 'none' });
  });

  it('a second time does not wait for the deadline', async () => {
    const dir = workingDirectory(enforce(60));
    const guard = await serve(dir);
    const client = await guard.call('hurry_1');
    guard.kill('SIGTERM');
    await guard.logged('draining');
    guard.kill('SIGTERM');
    expect(await client.closed).toBe(1006);
    expect(await guard.ended).toBe(0);
  });
});

describe('SIGHUP', () => {
  const blocked = { from_number: '+12137770001' };
  const withList = 'mode: enforce\nlists:\n  block:\n    - "+12137770001"\n';

  it('applies a changed guard.yaml to the next call; the live one goes on under the old', async () => {
    const dir = workingDirectory();
    const guard = await serve(dir);
    const live = await guard.call('hup_live', blocked);
    writeFileSync(join(dir, 'guard.yaml'), withList);
    guard.kill('SIGHUP');
    await guard.logged('config reloaded');
    const next = await guard.connect('hup_next');
    next.details(blocked);
    await until(next, () => hangUps(next).length > 0);
    expect(next.responses(0)).toEqual([]);
    next.socket.close(1000);
    live.ask(1, [HELLO, QUESTION]);
    await until(live, () => live.isComplete(1));
    expect(live.said(1)).not.toBe('');
    expect(hangUps(live)).toEqual([]);
    live.socket.close(1000);
    await guard.logged('call ended', { callId: 'hup_next' });
    await guard.logged('call ended', { callId: 'hup_live' });
    const nextRecord = await showCall(dir, 'hup_next');
    const liveRecord = await showCall(dir, 'hup_live');
    expect(nextRecord).toMatchObject({
      outcome: 'hung_up',
      category: 'blocked_number',
      decided: true,
      confirmed: true,
    });
    expect(liveRecord).toMatchObject({ outcome: 'caller_left', decision: 'none' });
    expect(liveRecord.versions.config).not.toBe(nextRecord.versions.config);
  });

  it('leaves the old config in force when the new one is broken, and names the place', async () => {
    const dir = workingDirectory(withList);
    const guard = await serve(dir);
    writeFileSync(join(dir, 'guard.yaml'), 'mode: enforce\nlists:\n  block:\n    - "not a number"\n');
    guard.kill('SIGHUP');
    const line = await guard.logged('the config cannot be used: the old one stays in force');
    expect(JSON.stringify(line)).toContain('guard.yaml:4:');
    expect(JSON.stringify(line)).toContain('lists.block');
    const next = await guard.connect('hup_broken');
    next.details(blocked);
    await until(next, () => hangUps(next).length > 0);
  });
});
