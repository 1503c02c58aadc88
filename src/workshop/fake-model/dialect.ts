import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, Ask, DialectName } from './mind.ts';

/** A request as read from its body. */
export interface Asked {
  readonly ask: Ask;
  readonly stream: boolean;
  readonly maxTokens: number | undefined;
  /** Whether a stream ends with token counts. */
  readonly wantsUsage: boolean;
  /** The start of the prompt that the provider would keep; '' for none. */
  readonly cachable: string;
  /** Characters of the whole prompt. */
  readonly promptChars: number;
}

/** Token counts of one answer. `input` includes both `cached` and `written`. */
export interface TokenCounts {
  readonly input: number;
  /** Read from the prompt cache. */
  readonly cached: number;
  /** Put into it. */
  readonly written: number;
  readonly output: number;
}

/** An answer about to be sent. */
export interface Reply {
  readonly answer: Answer;
  /** Number of the request, for ids. */
  readonly number: number;
  readonly asked: Asked;
  readonly counts: TokenCounts;
}

/** A piece of a body and how many tokens it carries; those with none are openings and endings. */
export interface Frame {
  readonly text: string;
  readonly tokens: number;
}

/** The API of a provider: form only, no content. */
export interface Dialect {
  readonly name: DialectName;
  readonly path: string;
  /** Header of a response that names the request. */
  readonly idHeader: string;
  /** The key that a request carries. */
  key(headers: IncomingHttpHeaders): string | undefined;
  /** @throws BadRequest what the provider would refuse. */
  read(body: unknown): Asked;
  /** The body of an answer that is not streamed. */
  whole(reply: Reply): unknown;
  stream(reply: Reply, tokensPerChunk: number): Frame[];
  /** The body of an error. */
  failure(status: number, message: string): unknown;
  /** An error in the middle of a stream. */
  readonly errorEvent: string;
  /** An event whose data is not JSON. */
  readonly brokenEvent: string;
}

/** What the provider answers with status 400. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

/** Joins tokens into chunks of `size`; each with its number of tokens. */
export function inChunks(tokens: readonly string[], size: number): { text: string; tokens: number }[] {
  const chunks: { text: string; tokens: number }[] = [];
  for (let i = 0; i < tokens.length; i += size) {
    const part = tokens.slice(i, i + size);
    chunks.push({ text: part.join(''), tokens: part.length });
  }
  return chunks;
}
