import { describe, expect, it } from 'vitest';
import { CallReplies } from '../../src/server/call-replies.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import type { ReplyEnd } from '../../src/server/replying.ts';
import { makeTools } from '../../src/tools/index.ts';
import { toolsConfig } from '../tools/contexts.ts';
import {
  type Answer,
  CONFIG,
  eventsInto,
  finish,
  model,
  named,
  REQUEST,
  report,
  settled,
  text,
} from '../tools/reply-kit.ts';
import { ManualClock } from './manual-clock.ts';

const FACTS = { callId: 'call-1', agent: 'default', platform: 'test', direction: 'inbound', noText: false } as const;

describe('the replies of a call', () => {
  function replies(answers: readonly Answer[]) {
    const session = model(answers);
    const brief = { name: 'default', language: 'en', system: '', tools: [] };
    const tools = named(makeTools(toolsConfig(CONFIG)));
    const responder = { kind: 'turns' as const, name: 'm', open: () => session, close() {} };
    const clock = new ManualClock();
    const all = new CallReplies({ clock, responder, brief, tools, metrics: createMetrics(false) });
    const ask = async (turn: number) => {
      const ends: ReplyEnd[] = [];
      all.start({ ...REQUEST, turn }, FACTS, performance.now(), eventsInto([], ends));
      await settled({ ends });
    };
    return { all, ask, asked: session.asked };
  }

  it('show the last eight rounds to the model', async () => {
    const { ask, asked } = replies(Array.from({ length: 12 }, (_, i) => [text(`No ${i}.`), report(), finish]));
    for (let turn = 1; turn <= 12; turn++) await ask(turn);
    expect(asked.map(({ rounds }) => rounds.length)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8]);
    expect(asked[11]?.rounds.map((round) => round.text)).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((i) => `No ${i}.`));
  });

  it('count what each model took', async () => {
    const usage = (name: string, cost: number | null) => ({
      model: name,
      inputTokens: 10,
      cachedTokens: 4,
      outputTokens: 2,
      cost,
    });
    const take = (name: string, cost: number | null): Answer => [
      text('Yes.'),
      { type: 'finish', reason: 'stop', usage: usage(name, cost) },
    ];
    const many = Array.from({ length: 40 }, (_, i) => take(`x${i}`, 1));
    const { all, ask } = replies([take('a', 0.5), take('a', 0.25), take('b', null), take('b', 1), ...many]);
    for (let turn = 1; turn <= 44; turn++) await ask(turn);
    expect(all.usage.slice(0, 2)).toEqual([
      { model: 'a', requests: 2, inputTokens: 20, cachedTokens: 8, outputTokens: 4, cost: 0.75 },
      { model: 'b', requests: 2, inputTokens: 20, cachedTokens: 8, outputTokens: 4, cost: null },
    ]);
    expect(all.usage).toHaveLength(16);
    expect(all.usage.at(-1)).toMatchObject({ model: 'other', requests: 27 });
  });
});
