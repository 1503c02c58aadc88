import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { packagePromptsDir } from '../../../src/prompts.ts';
import { fixtureScenario } from '../../../src/workshop/fixture.ts';
import { loadFixtures } from '../../../src/workshop/fixture-files.ts';
import { type PlayHereOptions, playHere } from '../../../src/workshop/play-here.ts';
import type { Faults } from '../../../src/workshop/player/faults.ts';
import { lockstep } from '../../../src/workshop/player/lockstep.ts';
import { playCall } from '../../../src/workshop/player/play-call.ts';
import { loadProbeTexts } from '../../../src/workshop/player/probe-texts.ts';
import { VirtualClock } from '../../../src/workshop/player/virtual-clock.ts';
import { parrot, reply, type Script, serveScript } from '../retell-server.ts';
import { PROBES, play, says, scenario } from '../scenarios.ts';

const directory = join(import.meta.dirname, '../../../fixtures');
const probeTexts = loadProbeTexts(join(packagePromptsDir, 'probes'));
const names = ['robocall-prize-draw', 'person-elderly-looking-for-card', 'silent-line', 'keypad-menu-energy'];
const scenarios = names.map((name) => fixtureScenario(loadFixtures(join(directory, `${name}.yaml`))[0] ?? raise(name)));

function raise(name: string): never {
  throw new Error(`no fixture ${name}`);
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** What both ways give, frame by frame with the moment of each. */
async function bothWays(faults: Faults, options: Partial<PlayHereOptions> = {}) {
  const common = { seed: 'lockstep', probeTexts, concurrency: 4, keepFrames: true, faults, ...options };
  const [here, there] = [await playHere(scenarios, common), await playHere(scenarios, { ...common, overSocket: true })];
  const seen = ({ result, record }: (typeof here)[number]) => ({
    result,
    evidence: record?.evidence,
    record: record?.callMs,
  });
  return { here: here.map(seen), there: there.map(seen) };
}

describe('lockstep with a guard: every frame comes in the moment in which it does in process', () => {
  it.each<[string, Faults]>([
    ['without faults', {}],
    ['lost connections', { dropSocketAtMs: [2_000, 9_500, 20_000] }],
    ['duplicated events', { duplicateEvents: true }],
    ['a caller who talks over the goodbye', { talkOverGoodbye: 'wait, one more thing, please' }],
  ])('%s', async (_name, faults) => {
    const { here, there } = await bothWays(faults);
    expect(there).toEqual(here);
    expect(here.some(({ result }) => result.endedBy === 'agent')).toBe(true);
    expect(here.every(({ result }) => (result.frames?.length ?? 0) > 20)).toBe(true);
    if (faults.dropSocketAtMs) expect(here.some(({ result }) => result.reconnects > 0)).toBe(true);
  });

  it('with calls one after the other as with all at once, but for the time of day', async () => {
    const alone = await bothWays({}, { concurrency: 1 });
    expect(alone.there).toEqual(alone.here);
    expect(alone.here.map(({ evidence }) => evidence)).toEqual(
      (await bothWays({})).there.map(({ evidence }) => evidence),
    );
  });
});

const caller = scenario({ kind: 'person', lines: says('Hello there.', 'I need a taxi.', 'Thanks.') });

/** A call to `url` in lockstep. */
async function over(url: string, stuckMs?: number) {
  const clock = new VirtualClock();
  const { connect, hold } = lockstep(url, stuckMs);
  clock.holdFor(hold);
  return clock.run(playCall(caller, { connect, clock, seed: 1, probeTexts: PROBES, keepFrames: true }));
}

const OTHER_PROCESS = `
  import { WebSocketServer } from 'ws';
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => console.log(server.address().port));
`;

describe('lockstep with any server in this process', () => {
  const drops: () => Script = () => {
    let left = 2;
    return {
      onOpen: (say) => say(reply(0, 'Hello?')),
      onFrame: (frame, say, wire) => {
        if (frame.response_id === undefined) return;
        if (left-- > 0) wire.terminate();
        else say(reply(frame.response_id, 'Yes.'));
      },
    };
  };
  const hangsUp: Script = {
    onOpen: (say) => say(reply(0, 'Hello?')),
    onFrame: (frame, _say, wire) => frame.response_id === 1 && wire.close(1000),
  };
  it.each<[string, () => Script]>([
    ['that answers', () => parrot],
    ['that hangs up', () => hangsUp],
    ['that drops its sockets', drops],
  ])('%s: as in process', async (_name, script) => {
    const server = await serveScript(script());
    open.push(server);
    expect(await over(server.url)).toEqual(await play(caller, script()));
  });

  it('dials again in virtual time when nobody answers, and says so', async () => {
    const before = performance.now();
    expect(await over('ws://127.0.0.1:1/x?key=topsecret')).toMatchObject({ endedBy: 'error', callMs: 6_000 });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('drops a line that does not come to rest, instead of holding the clock for ever', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    // It reads nothing, not even that the caller has gone.
    server.on('connection', (socket) => {
      socket.send(JSON.stringify(reply(0, 'Hello?')));
      socket.pause();
      open.push({ close: async () => socket.terminate() });
    });
    open.push({ close: async () => server.close() });
    const { port } = server.address() as AddressInfo;
    expect(await over(`ws://127.0.0.1:${port}/llm-websocket/default`, 50)).toMatchObject({ endedBy: 'caller' });
  });

  it('refuses a server in another process: what that one does cannot be waited for', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', OTHER_PROCESS], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    open.push({ close: async () => void child.kill() });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const result = await over(`ws://127.0.0.1:${port.toString().trim()}/llm-websocket/default`);
    expect(result).toMatchObject({ endedBy: 'error', how: expect.stringContaining('in its own process') });
  });
});
