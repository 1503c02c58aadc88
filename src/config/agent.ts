import { z } from 'zod';
import { ACTIONS } from '../guard/policy.ts';
import { CATEGORIES, MODES } from '../guard/types.ts';
import { e164, language, ms, name, spoken } from './fields.ts';
import { tools } from './tools.ts';

/** What is done with a caller of a category, by category; the ladder still decides when. */
export const categoryActions = z.partialRecord(z.enum(CATEGORIES), z.enum(ACTIONS)).default({});

/** The settings of one agent. `knownSignals` undefined: any signal name passes. */
export function agentSchema(knownSignals: readonly string[] | undefined) {
  const mode = z.enum(MODES);
  const signals =
    knownSignals === undefined ? z.record(z.string(), mode) : z.partialRecord(z.enum([...knownSignals]), mode);
  return z.strictObject({
    begin_message: spoken
      .optional()
      .describe(
        'First sentence of the agent. Absent: the greeting of its language in prompts/. Empty: the caller speaks first.',
      )
      .meta({ examples: ['Dental office, how can I help you?'] }),
    language: language.default('en').describe('Language that the agent speaks, as a BCP 47 tag.'),
    spoken_name: spoken.default('the office').describe('Name the agent speaks under: {{agent}} in prompts/.'),
    scope: spoken
      .default('questions from our customers')
      .describe('What the line is for, in a few words of its language: {{scope}} in prompts/, and told to the model.'),
    prompt: z
      .string()
      .max(100_000)
      .default('You answer the phone. Be friendly and answer in one or two short sentences.')
      .describe("The agent's own prompt for the model. Give either this or prompt_file."),
    prompt_file: z
      .string()
      .min(1)
      .optional()
      .describe('File with the prompt, relative to this file.')
      .meta({ examples: ['agent-prompt.md'] }),
    responder: name.default('scripted').describe('Who answers the caller: a name under responders.'),
    mode: z
      .enum(MODES)
      .optional()
      .describe('Mode of this agent; absent: the mode at the top.')
      .meta({ examples: ['shadow'] }),
    signals: signals
      .default({})
      .describe('Mode of single signals: shadow records what a signal says without counting it.')
      .meta({ examples: [{}] }),
    transfer_to: e164
      .optional()
      .describe('Where protected callers can be transferred, in E.164.')
      .meta({ examples: ['+15551234567'] }),
    reminders: z
      .strictObject({
        trigger_ms: ms(1000, 600_000).default(10_000).describe('reminder_trigger_ms of the agent on the platform.'),
        max_count: z.int().min(0).max(100).default(1).describe('reminder_max_count of the agent on the platform.'),
      })
      .prefault({})
      .describe("The agent's own reminder settings on the platform: given back once the caller has spoken."),
    tools,
    voicemail_message: spoken
      .optional()
      .describe('Left on a voicemail. Absent: the text in prompts/ when the action is "message".')
      .meta({ examples: ['Hello, please call us back when it suits you.'] }),
    screening_answer: spoken
      .optional()
      .describe('Told to a call-screening assistant. Absent: the text in prompts/.')
      .meta({ examples: ['This is the dental office, calling back about your appointment.'] }),
    categories: categoryActions
      .describe('What this agent does by category, over categories at the top.')
      .meta({ examples: [{ sales_pitch: 'hang_up' }] }),
  });
}

export type AgentConfig = z.infer<ReturnType<typeof agentSchema>>;
