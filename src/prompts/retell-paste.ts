import type { Prompts } from '../prompts.ts';

/**
 * What is pasted into an agent whose model the platform hosts. The field names are those of its API
 * (https://docs.retellai.com/api-references/update-retell-llm), the tool that of
 * https://docs.retellai.com/build/single-multi-prompt/end-call.
 */
export interface RetellPaste {
  readonly general_prompt: string;
  readonly general_tools: readonly [{ readonly type: 'end_call'; readonly name: string; readonly description: string }];
}

/** The guard as a prompt and an end-call tool, without anything that needs the guard to run. */
export function retellPaste({ model }: Pick<Prompts, 'model'>, scope: string): RetellPaste {
  return {
    general_prompt: model['retell-llm'].render({ scope }),
    general_tools: [{ type: 'end_call', name: 'end_call', description: model['retell-end-call'].render({}) }],
  };
}
