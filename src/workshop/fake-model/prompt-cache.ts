import { createHash } from 'node:crypto';
import { promptTokens } from './text-tokens.ts';

const MAX_PREFIXES = 1_000;

/** Tokens of `prefix` that are read from the cache or written to it; those of another `scope` are not shared. */
export type PromptCache = (scope: string, prefix: string) => { readonly cached: number; readonly written: number };

/**
 * What a provider's prompt cache would report: the first request with a prefix writes it, later ones read it. Whole
 * prefixes only, and they never grow old: enough to see that a client keeps its prefix stable.
 */
export function promptCache(minTokens: number): PromptCache {
  const seen = new Set<string>();
  return (scope, prefix) => {
    const tokens = promptTokens(prefix.length);
    if (tokens < Math.max(1, minTokens)) return { cached: 0, written: 0 };
    const hash = createHash('sha256').update(`${scope}\n${prefix}`).digest('base64');
    if (seen.has(hash)) return { cached: tokens, written: 0 };
    const oldest = seen.size >= MAX_PREFIXES ? seen.values().next().value : undefined;
    if (oldest !== undefined) seen.delete(oldest);
    seen.add(hash);
    return { cached: 0, written: tokens };
  };
}
