import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { scaledClock } from '../../src/clock.ts';
import type { Seen, Signal } from '../../src/guard/signal.ts';
import { SIGNALS } from '../../src/guard/signals/index.ts';
import { packagePromptsDir } from '../../src/prompts.ts';
import { memoryRecords } from '../../src/records/memory-records.ts';
import { createLog } from '../../src/server/log.ts';
import { startGuard } from '../../src/server/start-guard.ts';
import { fixtureScenario } from '../../src/workshop/fixture.ts';
import { loadFixtures } from '../../src/workshop/fixture-files.ts';
import { connectWs } from '../../src/workshop/player/connect-ws.ts';
import { playCall } from '../../src/workshop/player/play-call.ts';
import { loadProbeTexts } from '../../src/workshop/player/probe-texts.ts';
import { configOf, newCallId } from './guard-kit.ts';
import { expectNoDifference, type Line, relayConfig, relayUnderTest, type Stage } from './relay-kit.ts';
import { printed, referenceServer, silent, type UpstreamConnection, upstreamServer } from './relay-upstream-server.ts';
import { agent, caller, INBOUND, type Spoken } from './retell-client.ts';

const HELLO = agent('Thanks for calling, what can I do for you?');
const CLOSING = 'If you are there, please say anything or press a key.';
const TAPE =
  'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists press one now';
const MORE =
  'this is the final notice press one to speak with a representative or press nine to be removed from our list';

interface Speech {
  readonly response_type: string;
  readonly response_id?: number;
  readonly interrupt_id?: number;
  readonly content?: string;
  readonly end_call?: boolean;
}

const frames = (line: Line): Speech[] =>
  line.texts.filter((one) => one.startsWith('{')).map((one) => JSON.parse(one) as Speech);
const interrupts = (line: Line): Speech[] => frames(line).filter((one) => one.response_type === 'agent_interrupt');
const hangUps = (line: Line): Speech[] => frames(line).filter((one) => one.end_call === true);
/** The requests that the upstream was handed, byte for byte. */
const requests = ({ received }: UpstreamConnection): string[] =>
  received.map(({ data }) => String(data)).filter((one) => one.includes('_required'));

async function begin({ line }: Pick<Stage, 'line'>): Promise<void> {
  await line.dial();
  line.details();
  await line.settled();
}

/** Plays a tape until the closing sentence has been said, by cutting in. */
async function untilClosing(line: Line): Promise<Spoken[]> {
  line.update([HELLO, caller(TAPE)]);
  await line.until(() => interrupts(line).some((one) => one.content === CLOSING), 'the closing sentence');
  return [HELLO, caller(TAPE), agent(CLOSING)];
}

async function untilHangUp(line: Line): Promise<Spoken[]> {
  const said = [...(await untilClosing(line)), caller(MORE)];
  line.update(said);
  await line.until(() => hangUps(line).length > 0, 'a hang-up');
  return said;
}

/** Puts a bug into a signal: it throws at what it is shown. */
function breakSignal(name: string, when: (seen: Seen) => boolean): void {
  const signal = SIGNALS.find((one) => one.name === name) as Signal;
  const { observe } = signal;
  vi.spyOn(signal, 'observe').mockImplementation((slot, seen, before, view) => {
    if (when(seen)) throw new TypeError('a bug');
    return observe(slot, seen, before, view);
  });
}
afterEach(() => {
  vi.restoreAllMocks();
});

const load = (name: string) => {
  const [fixture] = loadFixtures(join(import.meta.dirname, `../../fixtures/${name}.yaml`));
  if (!fixture) throw new Error(`no fixture ${name}`);
  return fixture;
};

describe('a robocall in front of the relay', () => {
  it('is probed, asked to speak up and hung up on; turns that the guard took are not handed on', async () => {
    const { upstream, line, clock, record } = await relayUnderTest(referenceServer);
    const callId = newCallId();
    const platform = line(callId);
    await begin({ line: platform });
    const said: Spoken[] = [HELLO];
    const asked: string[] = [];
    let id = 0;
    for (const turn of load('robocall-prize-draw').turns) {
      if (!('say' in turn)) continue;
      said.push(caller(turn.say));
      platform.update(said);
      await platform.settled();
      const request = JSON.stringify({ interaction_type: 'response_required', response_id: ++id, transcript: said });
      asked.push(request);
      platform.send(request);
      await platform.settled();
      for (let i = 0; i < 12; i++) upstream.tick();
      await platform.settled();
      await clock.pass(1_500);
    }
    const behind = await upstream.connection(0);
    const spoken = frames(platform);
    const guardTook = (turn: number): boolean =>
      spoken.some((one) => one.response_id === turn && !('end_call' in one && one.end_call === false));
    const taken = asked.filter((_, i) => guardTook(i + 1));
    expect(taken.length).toBeGreaterThan(1);
    expect(requests(behind)).toEqual(asked.filter((_, i) => !guardTook(i + 1)));
    expect(requests(behind).length).toBeGreaterThan(0);
    // Everything else has passed.
    expect(behind.received.filter(({ data }) => data.includes('update_only'))).toHaveLength(asked.length);
    expect(hangUps(platform)[0]).toMatchObject({ content: 'Goodbye.' });
    platform.close(1000);
    await expect.poll(behind.closeCode).toBe(1000);
    expect(await record(callId)).toMatchObject({
      outcome: 'hung_up',
      decision: 'hang_up',
      category: 'recorded_message',
      decided: true,
      sent: true,
      confirmed: true,
      faults: [],
    });
  });

  it.each([
    ['robocall-prize-draw', 'agent'],
    ['person-chatty-grandmother', 'caller'],
  ])('is played whole, over sockets: %s is ended by the %s', { timeout: 60_000 }, async (name, endedBy) => {
    const upstream = await upstreamServer(referenceServer);
    const speaking = setInterval(() => upstream.tick(), 2);
    const clock = scaledClock(15);
    const records = memoryRecords({ clock });
    const guard = await startGuard({
      config: configOf(relayConfig(upstream.url)),
      secrets: {},
      records,
      log: createLog('silent'),
      clock,
    });
    try {
      const result = await playCall(fixtureScenario(load(name)), {
        connect: connectWs(guard.url),
        clock,
        seed: 1,
        probeTexts: loadProbeTexts(join(packagePromptsDir, 'probes')),
      });
      expect(result.endedBy).toBe(endedBy);
      expect(result.unanswered).toEqual([]);
      const behind = await upstream.connection(0);
      await expect.poll(behind.closeCode).toBe(1000);
      expect(upstream.connections).toHaveLength(1);
      expect(result.reconnects).toBe(0);
    } finally {
      clearInterval(speaking);
      await guard.close();
    }
  });

  it('is only watched in shadow mode, and not even that when the guard is off', async () => {
    for (const mode of ['shadow', 'off']) {
      await expectNoDifference(referenceServer, tapeCall, { changes: { mode } });
    }
  });
});

/** A robocall as the bare upstream would answer it. */
async function tapeCall(stage: Stage): Promise<void> {
  const { line, upstream, pass } = stage;
  await begin(stage);
  const said: Spoken[] = [HELLO];
  for (let id = 1; id <= 4; id++) {
    said.push(caller(id % 2 ? TAPE : MORE));
    line.update(said);
    line.ask(id, said, id === 3 ? 'reminder_required' : 'response_required');
    await line.settled();
    for (let i = 0; i < 12; i++) upstream.tick();
    await line.settled();
    await pass(3_000);
    said.push(agent('Let me see.'));
  }
  line.close(1000);
  await line.closed();
}

describe('once the hang-up is decided', () => {
  it('no speech of the upstream reaches the platform; all else does', async () => {
    const { upstream, line } = await relayUnderTest(referenceServer);
    const platform = line();
    await begin({ line: platform });
    platform.ask(1, [HELLO, caller('hi')]);
    await platform.settled();
    upstream.tick();
    const said = await untilHangUp(platform);
    const before = platform.trace.length;
    const { socket } = await upstream.connection(0);
    for (const frame of [
      { response_type: 'agent_interrupt', interrupt_id: 1, content: 'Wait!', content_complete: true },
      { response_type: 'response', response_id: 1, content: 'More of it.', content_complete: true },
      { response_type: 'response', response_id: 2, content: 'Hello?', content_complete: true },
      { response_id: 2, content: 'Without a type.', content_complete: true },
    ]) {
      socket.send(JSON.stringify(frame));
    }
    for (let i = 0; i < 12; i++) upstream.tick();
    const rest = [
      '{"response_type":"metadata", "metadata":{}}',
      '{"response_type":"tool_call_result","tool_call_id":"t","content":"done"}',
      'not JSON',
    ];
    for (const frame of rest) socket.send(frame);
    await platform.settled();
    expect(platform.trace.slice(before, -1)).toEqual(rest.map((one) => `text ${one}`));
    platform.ask(2, [...said, caller(MORE)]);
    await platform.until(() => hangUps(platform).length === 2);
    expect(hangUps(platform)[1]).toMatchObject({ response_type: 'response', response_id: 2 });
    expect(requests(await upstream.connection(0))).toHaveLength(1);
  });

  it('at the very start, for a blocked number, the upstream greets nobody', async () => {
    const { upstream, line, record } = await relayUnderTest(referenceServer, {
      lists: { block: [{ number: INBOUND.from_number, reason: 'test' }] },
    });
    const callId = newCallId();
    const platform = line(callId);
    await platform.dial();
    platform.details();
    await platform.until(() => hangUps(platform).length === 1);
    await platform.settled();
    expect(platform.texts.join()).not.toContain(HELLO.content);
    platform.close(1000);
    await expect.poll((await upstream.connection(0)).closeCode).toBe(1000);
    expect(await record(callId)).toMatchObject({ outcome: 'hung_up', category: 'blocked_number' });
  });

  it('it holds over a lost connection: the upstream is not asked again', async () => {
    const { upstream, line } = await relayUnderTest(referenceServer);
    const platform = line();
    await begin({ line: platform });
    const said = await untilHangUp(platform);
    platform.terminate();
    await platform.closed();
    await expect.poll((await upstream.connection(0)).closeCode).toBe(1006);
    const before = platform.texts.length;
    await platform.dial();
    platform.details();
    await platform.until(() => hangUps(platform).length === 2);
    platform.ask(1, said);
    await platform.until(() => hangUps(platform).length === 3);
    await platform.settled();
    for (let i = 0; i < 12; i++) upstream.tick();
    await platform.settled();
    expect(requests(await upstream.connection(1))).toEqual([]);
    expect(platform.texts.slice(before).join()).not.toContain(HELLO.content);
    const ids = interrupts(platform).map((one) => one.interrupt_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('and not followed by the platform, the socket is closed with 1000 on both sides', async () => {
    const { upstream, line, clock } = await relayUnderTest(referenceServer);
    const platform = line();
    await begin({ line: platform });
    const said = await untilHangUp(platform);
    for (let i = 0; i < 4; i++) {
      if (platform.trace.at(-1) === 'closed 1000') break;
      platform.update([...said, agent('Goodbye.'), caller(`press one ${i}`)]);
      await clock.pass(4_500);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await platform.closed();
    expect(platform.trace.at(-1)).toBe('closed 1000');
    await expect.poll((await upstream.connection(0)).closeCode).toBe(1000);
  });
});

describe('a question of the guard', () => {
  it('that is answered gives the turn that waited to the upstream, as it was', async () => {
    const { upstream, line } = await relayUnderTest(referenceServer);
    const platform = line();
    await begin({ line: platform });
    const said = await untilClosing(platform);
    const request = ` {"interaction_type":"response_required","response_id":1.0,"x":1e2,"transcript":${JSON.stringify(said)}}`;
    platform.send(request);
    await platform.settled();
    const behind = await upstream.connection(0);
    expect(requests(behind)).toEqual([]);
    platform.update([...said, caller('yes hello i am here sorry that was my radio can you help me')]);
    await platform.until(() => requests(behind).length === 1, 'the turn that waited');
    expect(requests(behind)).toEqual([request]);
    for (let i = 0; i < 12; i++) upstream.tick();
    await platform.settled();
    const reply = frames(platform).filter((one) => one.response_id === 1);
    expect(reply.map((one) => one.content).join('')).toMatch(/let me see/);
  });

  it('is not spoken over by the answer that the upstream has begun', async () => {
    const { upstream, line } = await relayUnderTest(referenceServer);
    const platform = line();
    await begin({ line: platform });
    platform.ask(1, [HELLO, caller('hi')]);
    await platform.settled();
    upstream.tick();
    upstream.tick();
    await untilClosing(platform);
    const before = platform.trace.length;
    for (let i = 0; i < 12; i++) upstream.tick();
    await platform.settled();
    expect(platform.trace.slice(before)).toHaveLength(1);
  });

  it.each([
    ['its own counter', [0, 1, 2, 3]],
    ['the time', [Date.now(), Date.now() + 1]],
    ['nothing but whole numbers', [2 ** 31, 2 ** 40]],
  ])('never has an interrupt_id of the upstream, which counts by %s', async (_how, ids) => {
    await expectFreshIds(ids);
  });

  it('never has an interrupt_id of the upstream, even if that one uses those of the guard', async () => {
    const [first] = await expectFreshIds([]);
    await expectFreshIds([first as number, (first as number) + 1]);
  });
});

/** The upstream cuts in under these ids before the guard does. Returns those of the guard. */
async function expectFreshIds(used: readonly number[]): Promise<number[]> {
  const { upstream, line } = await relayUnderTest(silent);
  const platform = line();
  await platform.dial();
  platform.details();
  const { socket } = await upstream.connection(0);
  for (const id of used) {
    const frame = { response_type: 'agent_interrupt', interrupt_id: id, content: 'Oh, wait.', content_complete: true };
    socket.send(JSON.stringify(frame));
  }
  await platform.until(() => interrupts(platform).length === used.length);
  await untilHangUp(platform);
  const own = interrupts(platform).slice(used.length);
  const ids = own.map((one) => one.interrupt_id ?? -1);
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.filter((id) => used.includes(id))).toEqual([]);
  return ids;
}

describe('a bug in the guard', () => {
  it.each<[string, string, (seen: Seen) => boolean]>([
    ['as the call opens', 'number-facts', (seen) => seen.type === 'opened'],
    ['at the first words', 'robocall-wording', (seen) => seen.type === 'said'],
    ['at every event', 'silence', () => true],
  ])('%s leaves a plain relay', async (_when, name, when) => {
    breakSignal(name, when);
    await expectNoDifference(referenceServer, tapeCall, { faulty: true });
  });

  it('while a question is out gives the turn that waited to the upstream, and is a plain relay from then on', async () => {
    const { upstream, line, record } = await relayUnderTest(referenceServer);
    const callId = newCallId();
    const platform = line(callId);
    await begin({ line: platform });
    const said = await untilClosing(platform);
    platform.ask(1, said);
    await platform.settled();
    const behind = await upstream.connection(0);
    expect(requests(behind)).toEqual([]);
    breakSignal('robocall-wording', (seen) => seen.type === 'said');
    platform.update([...said, caller(MORE)]);
    await platform.until(() => requests(behind).length === 1);
    platform.ask(2, [...said, caller(MORE)]);
    await platform.until(() => requests(behind).length === 2);
    const before = platform.trace.length;
    for (let i = 0; i < 12; i++) upstream.tick();
    behind.socket.send('{"response_type":"agent_interrupt","interrupt_id":1,"content":"Hey.","content_complete":true}');
    await platform.settled();
    expect(platform.trace.slice(before).filter((one) => one.includes('"response_id":2,'))).not.toEqual([]);
    expect(platform.trace.slice(before).filter((one) => one.includes('agent_interrupt'))).toHaveLength(1);
    expect(hangUps(platform)).toEqual([]);
    behind.socket.close(1000);
    await platform.closed();
    expect(platform.trace.at(-1)).toBe('closed 1000');
    expect((await record(callId)).faults).toHaveLength(1);
  });

  it('in the store does not hold up the first frames', async () => {
    const { upstream, line } = await relayUnderTest(
      silent,
      {},
      { wrap: (records) => ({ ...records, resume: () => new Promise(() => {}) }) },
    );
    const platform = line();
    await platform.dial();
    platform.details();
    platform.ask(1, [HELLO, caller('hi')]);
    const behind = await upstream.connection(0);
    const sent = performance.now();
    await platform.until(() => behind.received.length === 2);
    expect(performance.now() - sent).toBeLessThan(150);
    expect(behind.received.map(printed)[1]).toContain('response_required');
  });
});
