/** How many tokens a text takes. `exact` for the encoding named in `by`; another model may count some percent apart. */
export interface TokenCount {
  readonly tokens: number;
  readonly exact: boolean;
  /** `o200k_base`, or how it was estimated. */
  readonly by: string;
}

type Counter = (text: string) => number;

/**
 * Counts with the optional package gpt-tokenizer (o200k_base), else estimates. The encoding takes some 100 ms and many
 * megabytes to load: for commands, never while calls are served.
 *
 * @param load for tests: how the counter is had; rejects where it is not installed.
 */
export async function countTokens(text: string, load: () => Promise<Counter> = loadCounter): Promise<TokenCount> {
  let count: Counter;
  try {
    count = await load();
  } catch {
    return { tokens: estimateTokens(text), exact: false, by: 'estimate: gpt-tokenizer is not installed' };
  }
  return { tokens: count(text), exact: true, by: 'o200k_base' };
}

async function loadCounter(): Promise<Counter> {
  const { countTokens: count } = await import('gpt-tokenizer/encoding/o200k_base');
  // Text that looks like a special token is text here.
  return (text) => count(text, { disallowedSpecial: new Set() });
}

/** About four characters of Latin script a token, and three for every four others. */
export function estimateTokens(text: string): number {
  const latin = text.replace(/[^\u0000-\u024f]/g, '').length;
  return Math.ceil(latin / 4 + (text.length - latin) * 0.75);
}
