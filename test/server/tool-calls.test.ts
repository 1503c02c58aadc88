import { describe, expect, it } from 'vitest';
import { ResponderError } from '../../src/responders/responder.ts';
import type { Tool } from '../../src/tools/tool.ts';
import {
  call,
  finish,
  model,
  pause,
  REQUEST,
  report,
  results,
  settled,
  slowTool,
  start,
  text,
} from '../tools/reply-kit.ts';
import { breathe } from './manual-clock.ts';

describe('a goodbye', () => {
  it('is the message of the tool where the model said nothing itself', async () => {
    const reply = start([[call('end_call', { message: 'Goodbye!' }), finish]]);
    await settled(reply);
    expect(reply.happened).toEqual(['started', 'last:Goodbye!{"endCall":true}', 'completed']);
    expect(reply.ends[0]).toMatchObject({ ended: true });
    expect(reply.asked).toHaveLength(1);
    expect(reply.rounds()).toMatchObject([{ at: 2, text: '', calls: [{ name: 'end_call' }] }]);
  });

  it('is what the model says itself, once, and may come without a message then', async () => {
    for (const args of [{ message: 'Goodbye!' }, {}]) {
      const reply = start([[text('Bye '), text('now.'), call('end_call', args), finish]]);
      await settled(reply);
      expect(reply.happened).toEqual(['started', 'say:Bye ', 'last:now.{"endCall":true}', 'completed']);
    }
  });

  it('of no words at all is no goodbye: the model is asked again', async () => {
    const reply = start([[call('end_call', {}), finish], [text('Anything else?')]]);
    await settled(reply);
    expect(reply.happened).toEqual(['started', 'say:Anything else?', 'last:', 'completed']);
    expect(results(reply.rounds())).toEqual([expect.stringContaining('nothing was said')]);
  });

  it('is said although something was said before an earlier tool', async () => {
    const { tool, runs } = slowTool();
    const reply = start(
      [
        [text('Let me see.'), call('look_up'), finish],
        [call('end_call', { message: 'All done, goodbye.' }), finish],
      ],
      [tool],
    );
    await breathe();
    runs[0]?.answer('found');
    await settled(reply);
    expect(reply.happened.at(-2)).toBe('last: All done, goodbye.{"endCall":true}');
  });

  it('leaves calls behind it alone', async () => {
    const { tool, runs } = slowTool();
    const reply = start([[call('end_call', { message: 'Bye.' }), call('look_up'), finish]], [tool]);
    await settled(reply);
    expect(runs).toHaveLength(0);
    expect(results(reply.rounds())[1]).toBe('Not called.');
  });
});

describe('a transfer', () => {
  it('goes to the configured number, with the configured words or those of the model', async () => {
    const silent = start([[call('transfer_call', { to: 'front_desk' }), finish]]);
    await settled(silent);
    expect(silent.happened[1]).toBe('last:I will put you through.{"transferTo":"+15551234567"}');
    expect(silent.ends[0]).toMatchObject({ transferred: true });
    const spoken = start([[text('One second.'), call('transfer_call', { to: 'front_desk' }), finish]]);
    await settled(spoken);
    expect(spoken.happened).toEqual(['started', 'say:One second.', 'last:{"transferTo":"+15551234567"}', 'completed']);
  });
});

describe('a report', () => {
  it('without words is followed by another answer, without the quote', async () => {
    const reply = start([[report(), finish], [text('Who is calling?')]]);
    await settled(reply);
    expect(reply.happened).toEqual([
      'reported:recorded_message:true',
      'started',
      'say:Who is calling?',
      'last:',
      'completed',
    ]);
    expect(reply.asked[1]?.rounds).toEqual([
      {
        at: 2,
        text: '',
        calls: [
          {
            id: 'call_report_caller',
            name: 'report_caller',
            arguments: '{"category":"recorded_message","confidence":"high","quote":""}',
          },
        ],
        results: [{ id: 'call_report_caller', content: 'Noted. Go on with the call.', failed: false }],
      },
    ]);
    expect(JSON.stringify(reply.asked[1]?.rounds)).not.toContain('warranty');
  });

  it('beside words needs no other answer', async () => {
    const reply = start([[text('Who is calling?'), report(), finish]]);
    await settled(reply);
    expect(reply.happened.at(-1)).toBe('completed');
    expect(reply.asked).toHaveLength(1);
    expect(reply.rounds()).toHaveLength(1);
  });

  it('that is wrong is told to the model and to nobody else', async () => {
    const reply = start([[report({ category: 'blocked_number' }), finish], [text('Yes?')]]);
    await settled(reply);
    expect(reply.happened).not.toContainEqual(expect.stringContaining('reported'));
    expect(reply.asked[1]?.rounds[0]?.results[0]?.failed).toBe(true);
  });
});

describe('a tool that takes its time', () => {
  it('has the caller asked to wait after 800 ms of nothing, and every 3.5 s again; the reply goes on behind it', async () => {
    const { tool, runs } = slowTool();
    const reply = start([[call('look_up', { day: 'Monday' }), finish], [text('At ten.')]], [tool]);
    await breathe();
    await reply.clock.pass(799);
    expect(reply.happened).toEqual(['called:call_look_up:look_up:{"day":"Monday"}']);
    await reply.clock.pass(1);
    expect(reply.happened.at(-1)).toBe('wait');
    await reply.clock.pass(3_499);
    expect(reply.happened).toHaveLength(2);
    await reply.clock.pass(3_501);
    runs[0]?.answer('10:00');
    await settled(reply);
    expect(reply.happened.slice(1)).toEqual([
      'wait',
      'wait again',
      'wait again',
      'answered:call_look_up:10:00',
      'say:At ten.',
      'last:',
      'completed',
    ]);
  });

  it('does not at once when something was said, nor when it is quick', async () => {
    const first = slowTool();
    const spoken = start([[text('Let me see.'), call('look_up'), finish], [text('At ten.')]], [first.tool]);
    await breathe();
    await spoken.clock.pass(3_400);
    first.runs[0]?.answer('10:00');
    await settled(spoken);
    expect(spoken.happened).not.toContain('wait');
    expect(spoken.happened.join('|')).toContain('say:Let me see.|');
    // The words of two answers do not stick together.
    expect(spoken.happened.join('|')).toContain('last: At ten.');
    const second = slowTool();
    const quick = start([[call('look_up'), finish], [text('At ten.')]], [second.tool]);
    await breathe();
    await quick.clock.pass(700);
    second.runs[0]?.answer('10:00');
    await settled(quick);
    await quick.clock.pass(5_000);
    expect(quick.happened).not.toContain('wait');
  });

  it('is waited for before the core would give the reply up', async () => {
    const { tool } = slowTool();
    const session = model([[call('look_up'), finish]]);
    const late = { ...session, answer: session.answer };
    let go = (): void => {};
    late.answer = async function* (request, signal) {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      yield* session.answer(request, signal);
    };
    const reply = start([], [tool], REQUEST, late);
    await reply.clock.pass(2_900);
    go();
    await breathe();
    await reply.clock.pass(100);
    expect(reply.happened.at(-1)).toBe('wait');
    reply.cancel();
  });

  it('and never comes back is over after four more times, and the core speaks', async () => {
    const { tool, runs } = slowTool();
    const reply = start([[text('Let me see.'), call('look_up'), finish]], [tool]);
    await breathe();
    await reply.clock.pass(17_400);
    expect(reply.happened.filter((one) => one === 'wait again')).toHaveLength(4);
    expect(reply.ends).toHaveLength(0);
    await reply.clock.pass(100);
    expect(reply.happened.at(-1)).toBe('failed: a tool took too long');
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  it('is followed by the watch over stalled answers again', async () => {
    const { tool, runs } = slowTool();
    const reply = start([[call('look_up'), finish], [pause]], [tool]);
    await breathe();
    await reply.clock.pass(10_000);
    runs[0]?.answer('10:00');
    await breathe();
    await reply.clock.pass(3_400);
    expect(reply.ends).toHaveLength(0);
    await reply.clock.pass(100);
    expect(reply.happened.at(-1)).toBe('failed: the answer stalled');
  });
});

describe('limits', () => {
  it('four rounds a turn, then the core speaks', async () => {
    const reply = start(Array.from({ length: 10 }, () => [report(), finish]));
    await settled(reply);
    expect(reply.asked).toHaveLength(5);
    expect(reply.rounds()).toHaveLength(4);
    expect(reply.happened.at(-1)).toBe('failed: tools were called too often in one turn');
    // The same id in each answer is four ids for the provider.
    const ids = reply.rounds().flatMap(({ calls }) => calls.map(({ id }) => id));
    expect(new Set(ids).size).toBe(4);
  });

  it('eight calls an answer', async () => {
    const reply = start([Array.from({ length: 40 }, () => report()), [text('Yes?')]]);
    await settled(reply);
    expect(reply.rounds()[0]?.calls).toHaveLength(8);
    expect(reply.rounds()[0]?.results).toHaveLength(8);
    expect(reply.happened.filter((one) => one.startsWith('reported'))).toHaveLength(8);
  });

  it.each([
    ['an unknown tool', 'drop table; <b>', '{"x":"y"}'],
    ['no name', '', '{}'],
    ['no JSON', 'end_call', '{"message": "Bye'],
    ['no object', 'end_call', '["Bye"]'],
    ['arguments without end', 'end_call', `{"message":"${'x'.repeat(40_000)}"}`],
  ])('%s is a failed call, shown in a form that providers take', async (_what, name, args) => {
    const reply = start([[call(name, args, 'id with spaces/ü'), finish], [text('Yes?')]]);
    await settled(reply);
    const [round] = reply.asked[1]?.rounds ?? [];
    expect(round?.results).toMatchObject([{ failed: true }]);
    expect(round?.calls[0]?.name).toMatch(/^[\w-]{1,64}$/);
    expect(round?.calls[0]?.id).toMatch(/^[\w-]{1,64}$/);
    expect(round?.results[0]?.id).toBe(round?.calls[0]?.id);
    expect(round?.calls[0]?.arguments).toBe('{}');
  });

  it('a tool that throws is a failed call', async () => {
    const tool: Tool = { ...slowTool().tool, run: () => Promise.reject(new Error('secret')) };
    const reply = start([[call('look_up'), finish], [text('Sorry.')]], [tool]);
    await settled(reply);
    expect(results(reply.asked[1]?.rounds ?? [])).toEqual(['It did not work.']);
  });
});

describe('broken order', () => {
  it('text behind a call is said, calls without a finish are made', async () => {
    const reply = start([[report(), text('Who is calling?')]]);
    await settled(reply);
    expect(reply.happened).toEqual([
      'started',
      'say:Who is calling?',
      'reported:recorded_message:true',
      'last:',
      'completed',
    ]);
  });

  it('calls of an answer that broke off are not made', async () => {
    const broken = new ResponderError('server-error', 'reset', { retryable: false });
    const reply = start([[call('end_call', { message: 'Bye.' }), broken]]);
    await settled(reply);
    expect(reply.happened).toEqual(['failed: reset']);
  });

  it('an error behind a tool is no end, however whole the sentence before it was', async () => {
    const { tool, runs } = slowTool();
    const reply = start([[text('Let me see.'), call('look_up'), finish], [new Error('reset')]], [tool]);
    await breathe();
    runs[0]?.answer('10:00');
    await settled(reply);
    expect(reply.happened.at(-1)).toBe('failed: reset');
    expect(reply.rounds()).toHaveLength(1);
  });
});
