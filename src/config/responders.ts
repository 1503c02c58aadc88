import { z } from 'zod';
import { httpUrl, ms } from './fields.ts';

/** The settings of one responder, by its type. The key of a model comes from the environment. */
export const responder = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('scripted').describe('Built-in answers without a model.') }),
  z.strictObject({
    type: z
      .literal('openai')
      .describe('Chat completions of OpenAI or a compatible server. The key comes from OPENAI_API_KEY.'),
    model: z
      .string()
      .min(1)
      .max(200)
      .describe('Name of the model.')
      .meta({ examples: ['gpt-4.1-mini'] }),
    base_url: httpUrl
      .optional()
      .describe('Address of a compatible server.')
      .meta({ examples: ['https://api.openai.com/v1'] }),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .describe('Absent: the default of the model.')
      .meta({ examples: [0.7] }),
    max_tokens: z.int().min(1).max(100_000).default(300).describe('Longest answer, in tokens.'),
    timeout_ms: ms(100, 120_000)
      .default(10_000)
      .describe('How long the model may take for its first piece, and between two.'),
  }),
]);
export type ResponderConfig = z.infer<typeof responder>;
export const RESPONDER_TYPES = ['scripted', 'openai'] as const satisfies readonly ResponderConfig['type'][];
