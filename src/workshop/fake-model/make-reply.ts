import type { Asked, Dialect, Frame, Reply } from './dialect.ts';
import type { Answer } from './mind.ts';
import type { PromptCache } from './prompt-cache.ts';
import { inTokens, promptTokens } from './text-tokens.ts';

/** The answer within the token limit of the request, with its counts. */
export function makeReply(thought: Answer, asked: Asked, number: number, cache: PromptCache): Reply {
  const tokens = inTokens(thought.text);
  const { maxTokens = tokens.length } = asked;
  const answer: Answer =
    tokens.length > maxTokens ? { text: tokens.slice(0, maxTokens).join(''), finish: 'length' } : thought;
  const called = (answer.toolCalls ?? []).reduce((sum, call) => sum + 1 + inTokens(call.arguments).length, 0);
  const { cached, written } = cache(`${asked.ask.dialect} ${asked.ask.model}`, asked.cachable);
  return {
    answer,
    number,
    asked,
    counts: {
      input: Math.max(promptTokens(asked.promptChars), cached + written),
      cached,
      written,
      output: Math.min(tokens.length, maxTokens) + called,
    },
  };
}

/** The pieces of the body; one that is not streamed has two, so that something can go wrong in the middle. */
export function framesOf(reply: Reply, dialect: Dialect, tokensPerChunk: number): Frame[] {
  if (reply.asked.stream) return dialect.stream(reply, tokensPerChunk);
  const body = JSON.stringify(dialect.whole(reply));
  const half = body.length >> 1;
  return [
    { text: body.slice(0, half), tokens: 1 },
    { text: body.slice(half), tokens: 1 },
  ];
}
