import { describe, expect, it } from 'vitest';
import { withNumbers } from '../../../src/workshop/player/call-facts.ts';
import type { PlayResult } from '../../../src/workshop/player/play-result.ts';
import type { Scenario } from '../../../src/workshop/player/scenario.ts';
import { GREETING, parrot, reply, type Script } from '../retell-server.ts';
import { play, says, scenario } from '../scenarios.ts';
import { TEXTS } from '../texts.ts';

async function many(what: Partial<Scenario> & Pick<Scenario, 'kind' | 'lines'>, script: Script, n: number, over = {}) {
  const results: PlayResult[] = [];
  for (let i = 0; i < n; i++) {
    results.push(await play(scenario({ ...what, id: `${i}`, improvise: true }), script, { seed: i, ...over }));
  }
  return results;
}

/** Asks a probe at the first request, answers everything else. */
function probing(text: string): Script {
  return {
    onOpen: (say) => say(reply(0, GREETING)),
    onFrame: (frame, say) => {
      if (frame.response_id !== undefined) say(reply(frame.response_id, frame.response_id === 1 ? text : 'All right.'));
    },
  };
}

describe('determinism', () => {
  it('same seed, same frames; another seed, others', async () => {
    for (const kind of ['person', 'recording'] as const) {
      const what = scenario({ kind, lines: says(...(TEXTS[0] ?? [])), improvise: true });
      const once = await play(what, parrot, { seed: 7, asrNoise: true });
      const again = await play(what, parrot, { seed: 7, asrNoise: true });
      const other = await play(what, parrot, { seed: 8, asrNoise: true });
      expect(again).toEqual(once);
      expect(other.frames).not.toEqual(once.frames);
      expect(other.callId).not.toBe(once.callId);
      expect(once.callId).toMatch(/^call_[0-9a-f]{27}$/);
    }
  });
});

describe('a person', () => {
  it('waits for answers, says everything, and leaves after the last one', async () => {
    const lines = says('Hello, I need a taxi.', 'To the station.', 'Thank you.');
    const result = await play(scenario({ kind: 'person', lines }), parrot);
    expect(result.transcript.map(({ role }) => role)).toEqual([
      'agent',
      'user',
      'agent',
      'user',
      'agent',
      'user',
      'agent',
    ]);
    expect(result).toMatchObject({ endedBy: 'caller', live: false, unanswered: [] });
    expect(result.callMs).toBeGreaterThan(result.saidAllMs ?? Number.POSITIVE_INFINITY);
  });

  it('barges in on 12-20% of agent turns, and pauses 0.15-4 s otherwise', async () => {
    const lines = says(...Array.from({ length: 12 }, (_, i) => `My number ${i} is all right.`));
    const results = await many({ kind: 'person', lines }, parrot, 60);
    const agentTurns = results.flatMap(({ transcript }) => transcript.filter(({ role }) => role === 'agent')).length;
    const cut = results
      .flatMap(({ transcript }) => transcript.filter(({ role }) => role === 'agent'))
      .filter(({ text }) => !text.endsWith('?')).length;
    // Some of the draws come too late to cut, some cuts come from a hesitation.
    expect(cut / agentTurns).toBeGreaterThan(0.08);
    expect(cut / agentTurns).toBeLessThan(0.25);
    expect(results.some(({ turns }) => turns.some(({ kind }) => kind === 'reminder'))).toBe(true);
  });

  it('answers a probe, sometimes clumsily, and ignores about one in nine', async () => {
    const lines = says('Good day to you.', 'Blue elephants.', 'Yellow submarines.');
    const results = await many({ kind: 'person', lines }, probing('May I ask who is calling?'), 300);
    const after = results.flatMap(({ transcript, probes }) => {
      const at = transcript.findIndex(({ text }) => text.includes('who is calling'));
      return probes[0]?.heard === true && at >= 0 ? [transcript[at + 1]?.text ?? ''] : [];
    });
    expect(after.length).toBeGreaterThan(200);
    const ignored = after.filter((text) => text.startsWith('Blue')).length / after.length;
    expect(ignored).toBeGreaterThan(0.06);
    expect(ignored).toBeLessThan(0.18);
    const clumsy =
      after.filter((text) => /^(what|yeah|sorry|huh|uh|come again|Good day)/.test(text)).length / after.length;
    expect(clumsy).toBeGreaterThan(0.2);
    expect(clumsy).toBeLessThan(0.45);
  });

  it('answers as the fixture says', async () => {
    const lines = says('Good day to you.', 'Blue elephants.');
    const answer = async (to: Scenario['probes'][string]): Promise<PlayResult> =>
      play(
        scenario({ kind: 'person', lines, probes: { closing: to } }),
        probing('If you are there, please say something or press a key.'),
      );
    expect((await answer({ type: 'say', text: 'I am here.' })).transcript.map(({ text }) => text)).toContain(
      'I am here.',
    );
    expect((await answer({ type: 'ignore' })).transcript[3]?.text).toBe('Blue elephants.');
    const waits = await answer({ type: 'wait' });
    expect(waits.turns.some(({ kind }) => kind === 'reminder')).toBe(true);
    expect((await answer({ type: 'digit', digit: '4' })).turns.length).toBeGreaterThanOrEqual(3);
  });

  it('waits silently through "one moment" two times in three', async () => {
    const lines = says('Good day to you, can you look something up?', 'Blue elephants.');
    const results = await many(
      { kind: 'person', lines },
      {
        onOpen: (say) => say(reply(0, GREETING)),
        onFrame: (frame, say) => {
          if (frame.response_id === 1) say({ ...reply(1, 'One moment please.'), content_complete: false });
          else if (frame.response_id !== undefined) say(reply(frame.response_id, 'All right.'));
        },
      },
      150,
    );
    const held = results.filter(({ probes }) => probes[0]?.heard === true);
    const spoke = held.filter(({ transcript }) => {
      const at = transcript.findIndex(({ text }) => text.startsWith('One moment'));
      return /^(okay|sure|no problem|Blue)/.test(transcript[at + 1]?.text ?? '');
    });
    expect(held.length).toBeGreaterThan(100);
    expect(1 - spoke.length / held.length).toBeGreaterThan(0.5);
    expect(1 - spoke.length / held.length).toBeLessThan(0.75);
  });

  it('asks whether anybody is there when no answer comes, and counts it', async () => {
    const result = await play(scenario({ kind: 'person', lines: says('Hello there, how are you?', 'Fine.') }), {
      onOpen: (say) => say(reply(0, GREETING)),
      onFrame: () => undefined,
    });
    expect(result.transcript.map(({ text }) => text).join(' ')).toContain('hello?');
    expect(result.unanswered).toContain(1);
    expect(result.endedBy).toBe('caller');
  });
});

describe('a recording', () => {
  const [text = ''] = [TEXTS[4]?.join(' ')];

  it('goes on whatever the agent says, and drops the line after two silent reminders', async () => {
    const patient: Script = {
      ...parrot,
      onOpen: (say) => {
        say({ response_type: 'update_agent', agent_config: { reminder_trigger_ms: 9_000, reminder_max_count: 5 } });
        say(reply(0, GREETING));
      },
    };
    const result = await play(scenario({ kind: 'recording', lines: says(text), loop: false }), patient);
    expect(result).toMatchObject({ endedBy: 'caller', callerWords: result.wordsTotal, live: false });
    expect(result.turns.filter(({ kind }) => kind === 'reminder')).toHaveLength(2);
  });

  it('is caught live or by silence', async () => {
    const hangingUp = (id: number, isReminder: boolean): Script => ({
      onOpen: (say) => say(reply(0, GREETING)),
      onFrame: (frame, say) => {
        if (frame.response_id === undefined) return;
        const now = isReminder ? frame.interaction_type === 'reminder_required' : frame.response_id >= id;
        say(reply(frame.response_id, 'Well.', now ? { end_call: true, no_interruption_allowed: true } : {}));
      },
    });
    const what = scenario({ kind: 'recording', lines: says(text), loop: false });
    expect(await play(what, hangingUp(1, false))).toMatchObject({ endedBy: 'agent', live: true, saidAllMs: null });
    expect(await play(what, hangingUp(0, true))).toMatchObject({ endedBy: 'agent', live: false });
  });

  it('waits for the greeting in 40%, loops in 25%, and loses its start now and then', async () => {
    const results = await many({ kind: 'recording', lines: says(text) }, parrot, 300);
    const overlaps = results.filter(({ transcript }) => !transcript[0]?.text.endsWith('?')).length / results.length;
    expect(overlaps).toBeGreaterThan(0.4);
    expect(overlaps).toBeLessThan(0.7);
    const looped =
      results.filter(({ callerWords, wordsTotal }) => callerWords > wordsTotal * 1.5).length / results.length;
    expect(looped).toBeGreaterThan(0.17);
    expect(looped).toBeLessThan(0.33);
    const cutStart = results.filter(
      ({ transcript }) => !transcript.find(({ role }) => role === 'user')?.text.startsWith('This'),
    ).length;
    expect(cutStart / results.length).toBeGreaterThan(0.05);
    expect(cutStart / results.length).toBeLessThan(0.2);
  });

  it('is heard with 5-15% word error when the ASR is noisy, and a person no better', async () => {
    for (const kind of ['person', 'recording'] as const) {
      const results = await many({ kind, lines: says(text), loop: false }, parrot, 40, { asrNoise: true });
      const known = new Set(text.split(' '));
      const heard = results.flatMap(({ transcript }) =>
        transcript.filter(({ role }) => role === 'user').flatMap((u) => u.text.split(' ')),
      );
      const wrong = heard.filter((word) => !known.has(word)).length / heard.length;
      expect(wrong).toBeGreaterThan(0.02);
      expect(wrong).toBeLessThan(0.2);
    }
  });
});

describe('numbers', () => {
  it('are all different, and the same for the same seed', () => {
    const scenarios = Array.from({ length: 3_000 }, (_, i) =>
      scenario({ id: `${i}`, kind: i % 2 === 0 ? 'person' : 'recording', lines: says('Hi.') }),
    );
    const numbers = withNumbers(scenarios, 'a').map(({ from }) => from);
    expect(new Set(numbers).size).toBe(3_000);
    expect(withNumbers(scenarios, 'a').map(({ from }) => from)).toEqual(numbers);
    expect(withNumbers(scenarios, 'b')[0]?.from).not.toBe(numbers[0]);
  });
});
