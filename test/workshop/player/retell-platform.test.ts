import { describe, expect, it } from 'vitest';
import type { PlayResult } from '../../../src/workshop/player/play-result.ts';
import { ANSWER, type Asked, GREETING, parrot, reply, type Script } from '../retell-server.ts';
import { play, says, scenario } from '../scenarios.ts';

const person = scenario({ kind: 'person', lines: says('Hello, I would like to book a table.', 'For two please.') });
const tape = scenario({
  kind: 'recording',
  lines: [
    { type: 'say', text: 'This is a long announcement that nobody can stop at all', gapMs: 6_000 },
    { type: 'say', text: 'and it goes on and on and on without an end in sight', gapMs: 400 },
    { type: 'say', text: 'until it has said what it has to say to everybody here', gapMs: 2_500 },
  ],
});

function asked(result: PlayResult, type?: string): (Asked & { readonly atMs: number })[] {
  return (result.frames ?? [])
    .filter(({ from }) => from === 'platform')
    .map(({ text, atMs }) => ({ ...(JSON.parse(text) as Asked), atMs }))
    .filter(({ interaction_type }) => type === undefined || interaction_type === type);
}

/** Greets, then answers the nth request as told; later ones with nothing. */
function answering(...answers: ((id: number) => Readonly<Record<string, unknown>>)[]): Script {
  let n = 0;
  return {
    onOpen: (say) => say(reply(0, GREETING)),
    onFrame: (frame, say) => {
      if (frame.response_id === undefined) return;
      say((answers[n] ?? ((id: number) => reply(id, '')))(frame.response_id));
      n++;
    },
  };
}

describe('RetellPlatform', () => {
  it('sends call details and pings only when they were asked for', async () => {
    const with_ = await play(person, parrot);
    expect(asked(with_, 'call_details')[0]?.call).toMatchObject({ call_type: 'phone_call', direction: 'inbound' });
    const pings = asked(with_, 'ping_pong');
    expect(pings[1]?.atMs).toBe(4_000);
    const without = await play(person, answering());
    expect(asked(without, 'ping_pong')).toEqual([]);
    expect(asked(without, 'call_details')).toEqual([]);
  });

  it('leaves numbers and direction out of web calls', async () => {
    const { call } = asked(await play(scenario({ ...person, direction: 'web' }), parrot), 'call_details')[0] ?? {};
    expect(call).toMatchObject({ call_type: 'web_call' });
    expect(Object.keys(call ?? {})).not.toContain('from_number');
    expect(Object.keys(call ?? {})).not.toContain('direction');
  });

  it('always sends the whole transcript, with words in seconds, growing between events', async () => {
    const result = await play(person, parrot);
    let before = 0;
    for (const { transcript } of asked(result)) {
      if (transcript === undefined) continue;
      const words = transcript.reduce((sum, { words: timed }) => sum + timed.length, 0);
      expect(words).toBeGreaterThanOrEqual(before);
      before = words;
      for (const { content, words: timed } of transcript) expect(timed.map(({ word }) => word).join(' ')).toBe(content);
    }
    expect(result.transcript[0]).toEqual({ role: 'agent', text: GREETING });
    expect(result.transcript[1]).toEqual({ role: 'user', text: 'Hello, I would like to book a table.' });
  });

  it('asks for a turn after 0.6 s of silence and not in a shorter pause', async () => {
    const paused = scenario({
      kind: 'recording',
      lines: [
        { type: 'say', text: 'This cannot be stopped', gapMs: 6_000 },
        { type: 'say', text: 'and goes on', gapMs: 300 },
        { type: 'say', text: 'until the end', gapMs: 2_500 },
      ],
    });
    const requests = asked(await play(paused, answering()), 'response_required');
    const ends = requests.map(({ transcript }) => transcript?.at(-1)?.words.at(-1)?.end ?? 0);
    requests.forEach(({ atMs }, i) => {
      expect(atMs - (ends[i] ?? 0) * 1_000).toBeCloseTo(600, 0);
    });
    // Two stretches with 0.3 s between them are one turn.
    expect(requests[0]?.transcript?.at(-1)?.content).toBe('This cannot be stopped and goes on');
  });

  it('drops what the platform would drop, without a word', async () => {
    const result = await play(
      person,
      answering(
        (id) => ({ ...reply(id, 'typed wrongly'), content_complete: 'true' }),
        (id) => reply(id - 1, 'too late'),
        () => ({ response_type: 'nonsense' }),
      ),
    );
    expect(result.dropped).toMatchObject({ 'wrong-types': 1, stale: 1, 'unknown-type': 1 });
    expect(result.transcript.filter(({ role }) => role === 'agent')).toHaveLength(1);
    expect(result.unanswered.length).toBeGreaterThan(0);
  });

  it('accepts nothing for an id that is completed', async () => {
    const twice: Script = {
      onOpen: (say) => say(reply(0, GREETING)),
      onFrame: (frame, say) => {
        if (frame.response_id === undefined) return;
        say(reply(frame.response_id, 'Once.'));
        say(reply(frame.response_id, 'Twice.'));
      },
    };
    const result = await play(person, twice);
    expect(result.transcript.map(({ text }) => text)).not.toContain('Twice.');
    expect(result.dropped.completed).toBeGreaterThan(0);
  });

  it('cuts the agent off when the caller barges in: the transcript has only what was heard', async () => {
    const barging = scenario({
      kind: 'person',
      lines: [
        { type: 'say', text: 'Sorry to cut you off there but I need an ambulance.', bargeIn: true },
        ...says('Yes.'),
      ],
    });
    const result = await play(barging, parrot);
    const greeting = result.transcript[0]?.text ?? '';
    expect(greeting.length).toBeGreaterThan(0);
    expect(greeting.length).toBeLessThan(GREETING.length);
    expect(GREETING.startsWith(greeting)).toBe(true);
    expect(asked(result, 'update_only').map(({ turntaking }) => turntaking)).toContain('user_turn');
  });

  it('discards an end_call that the caller talks over, and carries out one that cannot be interrupted', async () => {
    const goodbye = 'I am sorry but I have to end this call here now, goodbye and have a nice day.';
    const open = await play(
      tape,
      answering((id) => reply(id, goodbye, { end_call: true })),
    );
    expect(open.endedBy).toBe('caller');
    expect(open.dropped['discarded-hang-up']).toBe(1);
    const firm = await play(
      tape,
      answering((id) => reply(id, goodbye, { end_call: true, no_interruption_allowed: true })),
    );
    expect(firm).toMatchObject({ endedBy: 'agent', how: 'end_call', live: true });
    const said = firm.transcript.filter(({ role }) => role === 'agent').map(({ text }) => text);
    expect(said.slice(1).join(' ')).toBe(goodbye);
    // The hang-up in the middle of the tape counts from there.
    expect(firm.callerWords).toBeLessThan(firm.wordsTotal);
    expect(firm.hangUpFrame?.words).toBeLessThanOrEqual(firm.callerWords);
  });

  it('ends at once when there is nothing to speak', async () => {
    const result = await play(
      person,
      answering((id) => reply(id, '', { end_call: true })),
    );
    expect(result).toMatchObject({ endedBy: 'agent', callMs: result.hangUpFrame?.atMs });
  });

  it('cuts in with agent_interrupt, but not without words', async () => {
    const cutting = (content: string, once = { done: false }): Script => ({
      onOpen: (say) => say(reply(0, GREETING)),
      onFrame: (frame, say) => {
        if (frame.transcript?.at(-1)?.role !== 'user' || frame.transcript.at(-1)?.words.length !== 6 || once.done)
          return;
        once.done = true;
        say({
          response_type: 'agent_interrupt',
          interrupt_id: 1,
          content,
          content_complete: true,
          end_call: true,
          no_interruption_allowed: true,
        });
      },
    });
    let tried = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const result = await play(tape, cutting('Goodbye.'), { seed });
      if (result.hangUpFrame === undefined) continue;
      tried++;
      expect(result).toMatchObject({ endedBy: 'agent', how: 'agent_interrupt' });
      expect(result.transcript.at(-1)).toEqual({ role: 'agent', text: 'Goodbye.' });
      expect((await play(tape, cutting(''), { seed })).endedBy).toBe('caller');
    }
    expect(tried).toBeGreaterThan(0);
  });

  it('reminds as update_agent says, and stops after the count', async () => {
    const quiet = scenario({ kind: 'silent', lines: [] });
    const result = await play(quiet, {
      onOpen: (say) => {
        say({ response_type: 'update_agent', agent_config: { reminder_trigger_ms: 4_000, reminder_max_count: 3 } });
        say({ response_type: 'update_agent', agent_config: { reminder_trigger_ms: '1', reminder_max_count: 99 } });
        say(reply(0, GREETING));
      },
      onFrame: (frame, say) => {
        if (frame.response_id !== undefined) say(reply(frame.response_id, 'Hello?'));
      },
    });
    const reminders = asked(result, 'reminder_required');
    expect(reminders).toHaveLength(3);
    expect((reminders[1]?.atMs ?? 0) - (reminders[0]?.atMs ?? 0)).toBeGreaterThan(4_000);
    expect((await play(quiet, answering())).turns.filter(({ kind }) => kind === 'reminder')).toHaveLength(1);
  });

  it('asks for nothing while a response is open: an unfinished one mutes the agent', async () => {
    const result = await play(scenario({ kind: 'silent', lines: [] }), {
      onOpen: (say) => say({ ...reply(0, 'Hello'), content_complete: false }),
      onFrame: () => undefined,
    });
    expect(asked(result, 'reminder_required')).toEqual([]);
  });

  it('shows digits only in transcript_with_tool_calls, and asks for an answer to them', async () => {
    const keys = scenario({ kind: 'person', lines: [{ type: 'digit', digit: '7' }, ...says('Thanks.')] });
    const result = await play(keys, {
      ...parrot,
      onOpen: (say) => {
        say({ response_type: 'config', config: { transcript_with_tool_calls: true } });
        say(reply(0, GREETING));
      },
    });
    const first = asked(result, 'response_required')[0];
    expect(first?.transcript_with_tool_calls?.at(-1)).toEqual({ role: 'dtmf', digit: '7' });
    expect(first?.transcript).toHaveLength(1);
    expect(asked(await play(keys, parrot)).every((frame) => frame.transcript_with_tool_calls === undefined)).toBe(true);
  });

  it('transfers, and notes digits that the agent presses', async () => {
    const moved = await play(
      person,
      answering((id) => reply(id, 'One moment.', { transfer_number: '+12135550111' })),
    );
    expect(moved).toMatchObject({ endedBy: 'transfer', transferredTo: '+12135550111' });
    expect(
      (
        await play(
          person,
          answering((id) => reply(id, 'Pressing.', { digit_to_press: '5' })),
        )
      ).agentDigits,
    ).toEqual(['5']);
  });

  it('goes on under the same id after a first part ("one moment"), and counts the silence', async () => {
    const open: number[] = [];
    const holding = (goesOn: boolean): Script => ({
      onOpen: parrot.onOpen ?? (() => undefined),
      onFrame: (frame, say) => {
        if (frame.response_id !== undefined) {
          open.push(frame.response_id);
          say({ ...reply(frame.response_id, 'One moment please.'), content_complete: false });
        }
        if (frame.interaction_type !== 'ping_pong') return;
        say({ response_type: 'ping_pong', timestamp: frame.timestamp });
        for (const id of goesOn ? open.splice(0) : []) say(reply(id, ' Here it is.'));
      },
    });
    const result = await play(person, holding(true));
    expect(result.transcript.map(({ text }) => text)).toContain('One moment please. Here it is.');
    expect(result.unanswered).toEqual([]);
    expect((await play(person, holding(false))).maxDeadAirMs).toBeGreaterThan(8_000);
    expect((await play(person, parrot)).maxDeadAirMs).toBeLessThan(1_500);
  });
});

describe('how a call ends or comes back', () => {
  const closing = (code: number): Script => ({
    onOpen: (say) => say(reply(0, GREETING)),
    onFrame: (frame, _say, wire) => {
      if (frame.response_id === 1) wire.close(code);
    },
  });

  it('takes 1000 for a hang-up and other codes for errors', async () => {
    expect(await play(person, closing(1000))).toMatchObject({ endedBy: 'agent', how: 'closed 1000' });
    expect((await play(person, closing(1005))).how).toContain('error_llm_websocket_open');
    expect((await play(person, closing(1011))).how).toContain('error_llm_websocket_runtime');
  });

  it('dials again after 1006, up to four times, and asks again for what is owed', async () => {
    let opened = 0;
    const flaky: Script = {
      onOpen: (say) => {
        if (opened++ === 0) say(reply(0, GREETING));
      },
      onFrame: (frame, say, wire) => {
        if (frame.response_id === 1) wire.terminate();
        else if (frame.response_id !== undefined) say(reply(frame.response_id, ANSWER));
      },
    };
    const result = await play(person, flaky);
    expect(result).toMatchObject({ reconnects: 1, endedBy: 'caller', unanswered: [] });
    const again = asked(result).filter(({ response_id }) => response_id === 2)[0];
    expect(again?.transcript?.map(({ role }) => role)).toEqual(['agent', 'user']);
    const never = await play(person, { onFrame: () => undefined, onOpen: (_say, wire) => wire.terminate() });
    expect(never).toMatchObject({ reconnects: 4, endedBy: 'error' });
  });

  it('drops the line when pings are not answered', async () => {
    const deaf: Script = {
      onOpen: (say) => {
        say({ response_type: 'config', config: { auto_reconnect: true } });
        say(reply(0, GREETING));
      },
      onFrame: (frame, say) => {
        if (frame.response_id !== undefined) say(reply(frame.response_id, ANSWER));
      },
    };
    expect((await play(person, deaf)).how).toContain('error_llm_websocket_lost_connection');
  });

  it('gives up on a server that does not speak JSON, or cannot be reached', async () => {
    const junk = await play(person, { onOpen: (_say, wire) => wire.send('{'), onFrame: () => undefined });
    expect(junk.how).toContain('error_llm_websocket_corrupt_payload');
    const gone = await play(person, parrot, { connect: () => Promise.reject(new Error('refused with HTTP 401')) });
    expect(gone).toMatchObject({ endedBy: 'error', how: 'error_llm_websocket_open (refused with HTTP 401)' });
  });
});

describe('faults', () => {
  const hangsUp = answering;
  const goodbye = (id: number) => reply(id, 'Goodbye then.', { end_call: true, no_interruption_allowed: true });

  it('ignores the first hang-up frames', async () => {
    const result = await play(tape, hangsUp(goodbye, goodbye), { faults: { ignoreHangUps: 1 } });
    expect(result.dropped['ignored-hang-up']).toBe(1);
    expect(result).toMatchObject({ endedBy: 'agent' });
    expect(result.turns.length).toBeGreaterThanOrEqual(3);
  });

  it('loses the socket at a moment, or with the hang-up frame', async () => {
    expect((await play(person, parrot, { faults: { dropSocketAtMs: [3_000, 6_000] } })).reconnects).toBe(2);
    const lost = await play(tape, hangsUp(goodbye, goodbye), { faults: { dropOnHangUp: true } });
    expect(lost).toMatchObject({ reconnects: 1, endedBy: 'agent' });
  });

  it('talks over the goodbye', async () => {
    const talking = { faults: { talkOverGoodbye: 'no wait listen to me first please' } };
    const soft = hangsUp((id) => reply(id, 'Then I wish you a very good day, goodbye.', { end_call: true }));
    expect((await play(person, soft, talking)).dropped['discarded-hang-up']).toBe(1);
    expect((await play(person, hangsUp(goodbye), talking)).endedBy).toBe('agent');
  });

  it('sends every frame twice', async () => {
    const result = await play(person, parrot, { faults: { duplicateEvents: true } });
    expect(asked(result, 'response_required').map(({ response_id }) => response_id)).toEqual([1, 1, 2, 2]);
    expect(result.dropped.completed).toBe(2);
  });
});
