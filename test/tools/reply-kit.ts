import { expect } from 'vitest';
import type { ReplyPiece, ToolRound, TurnRequest } from '../../src/responders/responder.ts';
import { type ReplyEnd, type ReplyEvents, streamReply } from '../../src/server/replying.ts';
import { makeTools } from '../../src/tools/index.ts';
import type { Tool } from '../../src/tools/tool.ts';
import { breathe, ManualClock } from '../server/manual-clock.ts';
import { FRONT_DESK, toolsConfig } from './contexts.ts';

export const SAID = 'This is an important message about your vehicle warranty.';
export const REQUEST: TurnRequest = {
  turn: 5,
  kind: 'reply',
  transcript: [
    { role: 'agent', text: 'Hello?' },
    { role: 'caller', text: SAID },
  ],
  language: 'en',
  rounds: [],
};

export type Answer = readonly (ReplyPiece | Error | { readonly type: 'pause' })[];
export const text = (words: string): ReplyPiece => ({ type: 'text', text: words });
export const finish: ReplyPiece = { type: 'finish', reason: 'tool-calls' };
export const pause = { type: 'pause' } as const;
export const call = (name: string, args: unknown = {}, id = `call_${name}`): ReplyPiece => ({
  type: 'tool-call',
  id,
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
});
export const report = (more: Record<string, unknown> = {}) =>
  call('report_caller', { category: 'recorded_message', confidence: 'high', quote: SAID, ...more });

/** A model that gives these answers in order, and keeps what it was asked. */
export function model(answers: readonly Answer[]) {
  const asked: TurnRequest[] = [];
  return {
    asked,
    async *answer(request: TurnRequest, signal: AbortSignal): AsyncGenerator<ReplyPiece> {
      asked.push(request);
      for (const piece of answers[asked.length - 1] ?? []) {
        if (piece instanceof Error) throw piece;
        if (piece.type === 'pause') await new Promise((resolve) => signal.addEventListener('abort', resolve));
        else yield piece;
        if (signal.aborted) return;
      }
    },
    close() {},
  };
}

/** A tool of the test's own: answers when it is told to. */
export function slowTool(name = 'look_up', shown = true) {
  const runs: { readonly answer: (content: string) => void; readonly signal: AbortSignal }[] = [];
  const tool: Tool = {
    spec: { name, description: '', parameters: { type: 'object' } },
    shown,
    slow: true,
    run: (_args, _context, signal) =>
      new Promise((resolve) => {
        const answer = (content: string) => resolve({ type: 'result', content, failed: false });
        signal.addEventListener('abort', () => answer('aborted'));
        runs.push({ answer, signal });
      }),
  };
  return { tool, runs };
}

export const named = (tools: readonly Tool[]) => new Map(tools.map((tool) => [tool.spec.name, tool]));
export const CONFIG = { transfer_call: { front_desk: FRONT_DESK } };

export function eventsInto(happened: string[], ends: ReplyEnd[]): ReplyEvents {
  return {
    say: (words, done, how) => happened.push(`${done ? 'last' : 'say'}:${words}${how ? JSON.stringify(how) : ''}`),
    started: () => happened.push('started'),
    wait: (again) => happened.push(again ? 'wait again' : 'wait'),
    toolCalled: ({ id, name, arguments: args }) => happened.push(`called:${id}:${name}:${args}`),
    toolAnswered: ({ id, content, failed }) => happened.push(`${failed ? 'refused' : 'answered'}:${id}:${content}`),
    reported: ({ category, quoted }) => happened.push(`reported:${category}:${quoted}`),
    used: () => {},
    ended: (result, end) => {
      happened.push(end.error ? `${result}: ${end.error}` : result);
      ends.push(end);
    },
  };
}

export function start(
  answers: readonly Answer[],
  more: readonly Tool[] = [],
  request = REQUEST,
  session = model(answers),
) {
  const clock = new ManualClock();
  const happened: string[] = [];
  const ends: ReplyEnd[] = [];
  const tools = named([...makeTools(toolsConfig(CONFIG)), ...more]);
  const context = { callId: 'call-1', agent: 'default' };
  const cancel = streamReply(session, request, { tools, context }, clock, eventsInto(happened, ends));
  return { clock, happened, ends, cancel, asked: session.asked, rounds: () => ends[0]?.rounds ?? [] };
}

export async function settled(reply: { readonly ends: readonly unknown[] }): Promise<void> {
  for (let i = 0; i < 2_000 && reply.ends.length === 0; i++) await breathe();
  expect(reply.ends).toHaveLength(1);
}

export const results = (rounds: readonly ToolRound[]) =>
  rounds.flatMap((round) => round.results.map(({ content }) => content));
