import type { Problem } from '../config/problem.ts';
import type { Prompts } from '../prompts.ts';
import type { ModelPromptName } from './model-prompt.ts';
import { countTokens, type TokenCount } from './tokens.ts';

/** A line like any other, with every tool: what budgets are measured with. The agent's own prompt is not in it. */
const SAMPLE = { scope: 'appointments and bills at a dental office', language: 'en' };
const SAMPLE_GUARD = {
  ...SAMPLE,
  report: true,
  end_call: true,
  transfers: ['front_desk: the caller asks for a person'],
  agent: 'the office',
  prompt: '',
};

/** Each prompt for a model with every section, filled in with a sample. */
export function sampleTexts({ model }: Pick<Prompts, 'model'>): Readonly<Record<ModelPromptName, string>> {
  return {
    guard: model.guard.render(SAMPLE_GUARD),
    classifier: model.classifier.render(SAMPLE),
    'retell-llm': model['retell-llm'].render(SAMPLE),
    'retell-end-call': model['retell-end-call'].render({}),
  };
}

/** Tokens of each prompt for a model, as its budget counts them. */
export async function promptTokens(prompts: Pick<Prompts, 'model'>): Promise<Record<ModelPromptName, TokenCount>> {
  const entries = await Promise.all(
    Object.entries(sampleTexts(prompts)).map(async ([name, text]) => [name, await countTokens(text)] as const),
  );
  return Object.fromEntries(entries) as Record<ModelPromptName, TokenCount>;
}

/** A warning for each prompt that takes more tokens than it states; the model needs the longer for its first word. */
export async function budgetWarnings(prompts: Pick<Prompts, 'model' | 'files'>): Promise<Problem[]> {
  const counts = await promptTokens(prompts);
  return prompts.files.flatMap(({ id, file }) => {
    const count = Object.hasOwn(counts, id) ? counts[id as ModelPromptName] : undefined;
    const budget = prompts.model[id as ModelPromptName]?.budget;
    if (count === undefined || budget === null || budget === undefined || count.tokens <= budget) return [];
    const message = `${count.tokens} tokens (${count.by}), budget ${budget}`;
    return [{ file, message, hint: 'shorten it, or raise "budget" in its front matter' }];
  });
}
