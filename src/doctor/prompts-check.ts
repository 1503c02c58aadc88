import { loadPrompts } from '../prompts.ts';
import { type Check, findingsOf } from './check.ts';

const { ok, warn, fail } = findingsOf('prompts');

export const promptsCheck: Check = {
  name: 'prompts',
  ifDown: 'a prompt with an error is refused at the start, never in a call',
  async run({ config }) {
    try {
      const prompts = loadPrompts(config.prompts_dir);
      const missing = Object.entries(config.agents).filter(
        ([, { language }]) => !prompts.languages.includes(language.toLowerCase().split('-', 1)[0] ?? ''),
      );
      return [
        ok(`${prompts.languages.length} languages, version ${prompts.hash}`),
        ...missing.map(([name, { language }]) =>
          warn(
            `agent ${name} speaks ${language}, for which there are no texts: the guard would speak English`,
            `add probes/${language}.md to prompts_dir`,
          ),
        ),
      ];
    } catch (error) {
      return [
        fail(error instanceof Error ? error.message : 'the prompts cannot be read', 'hangup-guard prompts check'),
      ];
    }
  },
};
