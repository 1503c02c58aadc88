import { z } from 'zod';
import type { ToolOutcome } from './tool.ts';

/** The JSON Schema of arguments, as models are given it. */
export function parametersOf(schema: z.ZodObject): Readonly<Record<string, unknown>> {
  const { $schema: _version, ...parameters } = z.toJSONSchema(schema);
  return parameters;
}

/** A tool was not used, or did not work: `content` tells the model in one sentence what to do. */
export function failed(content: string): Extract<ToolOutcome, { type: 'result' }> {
  return { type: 'result', content, failed: true };
}
