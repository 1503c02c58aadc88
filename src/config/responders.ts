import { z } from 'zod';
import { envName, httpUrl, ms, name, wsUrl } from './fields.ts';

const price = z
  .strictObject({
    input: z.number().min(0).max(10_000).describe('Per million tokens sent.'),
    cached_input: z
      .number()
      .min(0)
      .max(10_000)
      .optional()
      .describe("Per million tokens read from the provider's prompt cache; absent: as input."),
    output: z.number().min(0).max(10_000).describe('Per million tokens received.'),
  })
  .optional()
  .describe(
    'Prices of your contract, for the cost of a call in its record. Absent: cost is not counted, and compatible servers are not asked for tokens.',
  )
  .meta({ examples: [{ input: 0.4, cached_input: 0.1, output: 1.6 }] });

/** What every model has; the key comes from the environment. */
const model = (example: string, url: string) => ({
  model: z
    .string()
    .min(1)
    .max(200)
    .describe('Name of the model.')
    .meta({ examples: [example] }),
  base_url: httpUrl
    .optional()
    .describe('Address of a compatible server.')
    .meta({ examples: [url] }),
  key_env: envName
    .optional()
    .describe('Environment variable that holds the key, where it is not the usual one.')
    .meta({ examples: ['OTHER_API_KEY'] }),
  max_tokens: z.int().min(1).max(100_000).default(300).describe('Longest answer, in tokens.'),
  first_token_ms: ms(100, 30_000)
    .default(2000)
    .describe('Without a first token after this the next provider is asked; the last one is waited for.'),
  stall_ms: ms(100, 30_000).default(2000).describe('An answer that says nothing for so long is over.'),
  price,
});

/** The settings of one responder, by its type. The key of a model comes from the environment. */
export const responder = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('scripted').describe('Built-in answers without a model.') }),
  z.strictObject({
    type: z
      .literal('openai')
      .describe('Chat completions of OpenAI or a compatible server. The key comes from OPENAI_API_KEY.'),
    ...model('gpt-4.1-mini', 'https://api.openai.com/v1'),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .optional()
      .describe('Absent: the default of the model.')
      .meta({ examples: [0.7] }),
  }),
  z.strictObject({
    type: z
      .literal('anthropic')
      .describe('Messages of Anthropic or a compatible server. The key comes from ANTHROPIC_API_KEY.'),
    ...model('claude-haiku-4-5', 'https://api.anthropic.com'),
    temperature: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('Absent: the default of the model, which newer models insist on.')
      .meta({ examples: [0.7] }),
  }),
  z.strictObject({
    type: z.literal('providers').describe('Other responders in order: the next one answers when one cannot.'),
    providers: z
      .array(name)
      .min(1)
      .max(8)
      .describe('Names under responders, of type openai or anthropic, the first choice first.')
      .meta({ examples: [['openai', 'anthropic']] }),
  }),
  z.strictObject({
    type: z.literal('relay').describe('A custom-LLM server of your own answers; the guard stands in front of it.'),
    url: wsUrl
      .describe('Address that the platform would be given; /{call_id} is added at the end of its path.')
      .meta({ examples: ['wss://agents.example.com/llm-websocket'] }),
    reminders: z
      .enum(['own', 'guard'])
      .default('own')
      .describe(
        'own: reminders are those of your server, and silence is only seen through them. guard: the guard asks for more while nobody has spoken, and your server is asked to answer them.',
      ),
  }),
]);
export type ResponderConfig = z.infer<typeof responder>;
/** Those that are a model, and can stand in `providers` or classify. */
export const MODEL_TYPES = ['openai', 'anthropic'] as const satisfies readonly ResponderConfig['type'][];
export const RESPONDER_TYPES = [
  'scripted',
  'openai',
  'anthropic',
  'providers',
  'relay',
] as const satisfies readonly ResponderConfig['type'][];
