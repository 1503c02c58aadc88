import { z } from 'zod';
import type { ToolsConfig } from '../config/tools.ts';
import { failed, parametersOf } from './arguments.ts';
import type { Tool } from './tool.ts';

/**
 * Transfers to one of the configured targets. The model names a target and never sees a number, so that nothing which
 * is said in a call can choose one. Null without targets.
 */
export function transferCall(targets: ToolsConfig['transfer_call']): Tool | null {
  const byName = new Map(Object.entries(targets));
  const names = [...byName.keys()];
  if (names.length === 0) return null;
  const schema = z.object({ to: z.enum(names).describe('Where to.') });
  const when = [...byName].map(([name, target]) => `- ${name}: ${target.when}`);
  return {
    spec: {
      name: 'transfer_call',
      description: `Transfer the caller to one of these places, and to no other, when this holds:\n${when.join('\n')}`,
      parameters: parametersOf(schema),
    },
    shown: false,
    slow: false,
    forget(args) {
      // A name that is not configured may be anything that the caller has said.
      const { success, data } = schema.safeParse(args);
      return success ? data : {};
    },
    async run(args) {
      const { success, data } = schema.safeParse(args);
      const target = success ? byName.get(data.to) : undefined;
      if (!target) return failed(`Not transferred: "to" must be one of ${names.join(', ')}; there is nowhere else.`);
      return { type: 'transfer', number: target.number, say: target.say };
    },
  };
}
