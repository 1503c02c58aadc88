import { z } from 'zod';
import { ms, name } from './fields.ts';

const money = z.number().min(0).max(1_000_000).optional();

/** The LLM classifier: off until a responder is named. */
export const classifier = z
  .strictObject({
    responder: name
      .optional()
      .describe('Responder of type openai or anthropic whose model is asked. Absent: there is no classifier.')
      .meta({ examples: ['openai'] }),
    deadline_ms: ms(200, 30_000).default(4000).describe('A later answer is not used.'),
    max_per_call: z.int().min(1).max(50).default(4).describe('Questions to the model in one call.'),
    max_cost_per_call: money
      .describe('Not asked again in a call that has cost this much; needs prices at the responder.')
      .meta({ examples: [0.01] }),
    max_cost_per_day: money
      .describe('Not asked again on a day (UTC) that has cost this much in this process; needs prices.')
      .meta({ examples: [5] }),
    max_per_day: z
      .int()
      .min(1)
      .max(100_000_000)
      .default(20_000)
      .describe('Questions to the model on one day (UTC), in this process.'),
  })
  .prefault({})
  .describe('A model that is asked what kind of caller this is, while there is doubt: one capped signal among others.');
export type ClassifierConfig = z.infer<typeof classifier>;
