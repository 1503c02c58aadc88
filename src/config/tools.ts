import { z } from 'zod';
import { e164, httpUrl, ms } from './fields.ts';

const toolName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'expected 1 to 64 letters, digits, "-" or "_", starting with a letter');

const jsonSchema = z
  .record(z.string(), z.json())
  .refine((schema) => schema.type === 'object', 'expected a JSON Schema of type object')
  .refine((schema) => JSON.stringify(schema).length <= 20_000, 'expected at most 20000 characters');

/** The tools of one agent's model. */
export const tools = z
  .strictObject({
    end_call: z.boolean().default(true).describe('The model may say goodbye and end the call.'),
    report_caller: z
      .boolean()
      .default(true)
      .describe('The model may report a caller; that is one piece of evidence, never an order.'),
    transfer_call: z
      .record(
        toolName,
        z.strictObject({
          number: e164.describe('Where the call goes, in E.164.'),
          when: z.string().min(1).max(500).describe('When the model should transfer there.'),
          say: z
            .string()
            .max(500)
            .default('')
            .describe('Said before the transfer, unless the model has said something itself.'),
        }),
      )
      .refine((targets) => Object.keys(targets).length <= 32, 'expected at most 32 entries')
      .default({})
      .describe('Where the model may transfer a call, by name; it never chooses a number itself.')
      .meta({ examples: [{ front_desk: { number: '+15551234567', when: 'the caller asks for a person' } }] }),
    http: z
      .record(
        toolName,
        z.strictObject({
          description: z.string().min(1).max(2000).describe('What it does and when to use it, for the model.'),
          url: httpUrl.describe('Called with POST and a JSON body: name, arguments, call.'),
          parameters: jsonSchema.default({ type: 'object', properties: {} }).describe('JSON Schema of the arguments.'),
          timeout_ms: ms(100, 30_000).default(5000).describe('The model is told of a failure after this.'),
          max_answer_chars: z.int().min(10).max(32_000).default(4000).describe('More of the answer is cut off.'),
        }),
      )
      .refine((all) => Object.keys(all).length <= 32, 'expected at most 32 entries')
      .default({})
      .describe('Your own tools, by name. Requests are signed with HANGUP_GUARD_TOOL_SECRET where it is set.')
      .meta({
        examples: [
          {
            free_times: {
              description: 'Free appointment times of a day.',
              url: 'https://example.com/free-times',
              parameters: { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] },
            },
          },
        ],
      }),
  })
  .superRefine((all, ctx) => {
    for (const own of ['end_call', 'report_caller', 'transfer_call']) {
      if (Object.hasOwn(all.http, own))
        ctx.addIssue({ code: 'custom', path: ['http', own], message: 'the name of a tool of the guard' });
    }
  })
  .prefault({})
  .describe('What the model of this agent may do besides speaking. Without effect for scripted and relay.');
export type ToolsConfig = z.infer<typeof tools>;
