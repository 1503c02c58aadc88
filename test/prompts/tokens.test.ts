import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { budgetWarnings, promptTokens, sampleTexts } from '../../src/prompts/budget.ts';
import { countTokens, estimateTokens } from '../../src/prompts/tokens.ts';
import { loadPrompts } from '../../src/prompts.ts';

const prompts = loadPrompts();
const root = fileURLToPath(new URL('../..', import.meta.url));

it('counts as o200k_base, text that looks like a special token included', async () => {
  expect(await countTokens('Hello, how can I help you?')).toEqual({ tokens: 8, exact: true, by: 'o200k_base' });
  expect((await countTokens('<|endoftext|>')).tokens).toBeGreaterThan(1);
});

it('estimates without the package, and says so', async () => {
  const count = await countTokens('Hello there', () => Promise.reject(new Error('not installed')));
  expect(count).toEqual({ tokens: 3, exact: false, by: 'estimate: gpt-tokenizer is not installed' });
  for (const text of Object.values(sampleTexts(prompts))) {
    const { tokens } = await countTokens(text);
    expect(estimateTokens(text) / tokens).toBeGreaterThan(0.8);
    expect(estimateTokens(text) / tokens).toBeLessThan(1.4);
  }
});

it('every prompt states a budget and keeps it', async () => {
  const counts = await promptTokens(prompts);
  const budgets = { guard: 700, classifier: 900, 'retell-llm': 700, 'retell-end-call': 150 };
  for (const [name, budget] of Object.entries(budgets)) {
    const key = name as keyof typeof budgets;
    expect(prompts.model[key].budget).toBe(budget);
    expect(counts[key].exact).toBe(true);
    expect(counts[key].tokens, name).toBeLessThanOrEqual(budget);
  }
  expect(await budgetWarnings(prompts)).toEqual([]);
});

it('a budget that is exceeded is a warning with the file', async () => {
  const model = { ...prompts.model, guard: { ...prompts.model.guard, budget: 100 } };
  expect(await budgetWarnings({ ...prompts, model })).toEqual([
    {
      file: 'prompts/guard.md',
      message: expect.stringMatching(/^\d+ tokens \(o200k_base\), budget 100$/),
      hint: expect.any(String),
    },
  ]);
});

it('the tokenizer is out of reach while calls are served', () => {
  const seen = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\(?)\s*'(\.[^']+\.ts)'/g))
      follow(join(dirname(file), from));
  };
  follow(join(root, 'src/server/start-guard.ts'));
  const files = [...seen].map((file) => relative(root, file));
  expect(files).toContain('src/prompts.ts');
  expect(files).not.toContain('src/prompts/tokens.ts');
});
