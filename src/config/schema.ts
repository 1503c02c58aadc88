import { z } from 'zod';
import { PRESETS, type Preset } from '../guard/policy.ts';
import { MODES } from '../guard/types.ts';
import { type AgentConfig, agentSchema, categoryActions } from './agent.ts';
import { classifier } from './classifier.ts';
import { addressRange, country, currency, ms, name } from './fields.ts';
import { numberList } from './lists.ts';
import { type ResponderConfig, responder } from './responders.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const listen = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(255)
    .default('127.0.0.1')
    .describe('Address to listen on. Beyond loopback HANGUP_GUARD_KEY is needed.'),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port of the WebSocket and the HTTP endpoints; 0 takes a free one.'),
  allowed_ips: z
    .array(addressRange)
    .max(1000)
    .default([])
    .describe('Addresses and ranges that may open a call; empty: any. Retell calls from 100.20.5.228.'),
  trusted_proxies: z.array(addressRange).max(1000).default([]).describe('Proxies whose X-Forwarded-For is believed.'),
  max_frame_bytes: z.int().min(1024).max(16_777_216).default(1_900_000).describe('Largest frame that is taken.'),
  max_calls: z.int().min(1).max(100_000).default(2000).describe('Calls at a time; more are refused with 503.'),
  max_sockets_per_call: z.int().min(1).max(100).default(8).describe('Sockets that one call id may open in its life.'),
  handshake_ms: ms(100, 60_000).default(5000).describe('How long a peer may take to send its request.'),
  drain_seconds: z
    .int()
    .min(0)
    .max(7200)
    .default(300)
    .describe(
      'After SIGTERM live calls may finish for this long; then they are dropped so that the platform dials again. Keep the grace period of your orchestrator longer.',
    ),
});

/** The schema of guard.yaml. `{}` is a valid file: every field has a default. `knownSignals` undefined: any signal name passes. */
export function guardSchema(knownSignals?: readonly string[]) {
  const agent = agentSchema(knownSignals);
  return z.strictObject({
    mode: z
      .enum(MODES)
      .default('shadow')
      .describe('enforce acts; shadow decides and records but never acts; off does neither.'),
    preset: z
      .enum(Object.keys(PRESETS) as [Preset, ...Preset[]])
      .default('balanced')
      .describe('What one lost customer costs, in wasted calls: cautious 1000, balanced 100, eager 30.'),
    lost_customer_costs: z
      .number()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('The same as a number of your own, over the preset.')
      .meta({ examples: [100] }),
    prior: z
      .number()
      .min(0.0001)
      .max(0.9)
      .default(0.1)
      .describe('Share of calls that are unwanted before anything is known of one.'),
    listen: listen.prefault({}).describe('Where the guard listens, and its limits.'),
    agents: z
      .record(name, agent)
      // Without a prototype: agent names come from URLs, and "constructor" is not an agent.
      .transform((agents) => withDefault<AgentConfig>(agents, 'default', () => agent.parse({})))
      .prefault({})
      .describe(
        'Agents by name, which is the {agent} of the URL /llm-websocket/{agent}. The agent "default" always exists.',
      ),
    responders: z
      .record(name, responder)
      .transform((responders) => withDefault<ResponderConfig>(responders, 'scripted', () => ({ type: 'scripted' })))
      .prefault({})
      .describe('Who can answer callers, by name. The responder "scripted" always exists.'),
    classifier,
    lists: z
      .strictObject({
        allow: numberList('Never hung up on, unless attestation failed.'),
        block: numberList('Always hung up on.'),
        protect: numberList('Never hung up on, whatever they sound like: relay services, alarm panels.'),
      })
      .prefault({})
      .describe('Numbers whose treatment is settled.'),
    sanctioned_countries: z
      .array(country)
      .max(250)
      .default(['CU', 'IR', 'KP', 'SY', 'RU', 'BY', 'VE'])
      .describe('Countries that may not be served, as ISO codes of two letters: stands above every list.'),
    silence: z
      .strictObject({
        trigger_ms: ms(1000, 600_000).default(8000).describe('Silence after which the agent speaks up.'),
        max_count: z.int().min(1).max(50).default(6).describe('Reminders in a row that are asked of the platform.'),
      })
      .prefault({})
      .describe('Reminders that the guard asks of the platform while a caller has not spoken.'),
    latency: z
      .strictObject({
        fallback_ms: ms(500, 30_000)
          .default(3500)
          .describe('Without a first piece of the model after this, a fallback sentence is said.'),
        details_ms: ms(0, 10_000).default(1500).describe('How long the greeting waits for call_details.'),
        lookup_ms: ms(0, 5000).default(300).describe('How long the greeting waits for what is known of the number.'),
      })
      .prefault({})
      .describe('Deadlines within a call.'),
    saved: z
      .strictObject({
        bad_call_seconds: z
          .number()
          .min(0)
          .max(86_400)
          .default(180)
          .describe('Assumed length of an unwanted call without the guard.'),
        price_per_minute: z
          .number()
          .min(0)
          .max(1000)
          .nullable()
          .default(null)
          .describe('Price of a minute; null: money is not estimated.')
          .meta({ examples: [0.1] }),
        currency: currency.default('USD').describe('Currency of the price, shown only.'),
      })
      .prefault({})
      .describe('Estimate of what was saved: (bad_call_seconds - length of the call) at the price.'),
    records: z
      .strictObject({
        dir: z
          .string()
          .min(1)
          .default('./data')
          .describe('Directory of the records, relative to the working directory.'),
        retention_days: z
          .int()
          .min(1)
          .max(3650)
          .default(30)
          .describe('Days after which the record of a call is deleted.'),
      })
      .prefault({})
      .describe('What is kept of calls.'),
    prompts_dir: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Directory whose guard.md, classifier.md and probes/<language>.md replace those of the package file by file, relative to this file.',
      )
      .meta({ examples: ['prompts'] }),
    weights_file: z
      .string()
      .min(1)
      .optional()
      .describe('Weights in place of those of the package, relative to this file.')
      .meta({ examples: ['weights.json'] }),
    log: z
      .strictObject({ level: z.enum(LOG_LEVELS).default('info').describe('Least severe level that is logged.') })
      .prefault({})
      .describe('The log on standard output.'),
    categories: categoryActions
      .describe(
        'What is done by category, over the built-in actions: hang_up, scope (say what the line is for, then closing), message (leave it), screening (say who calls), go_on, ignore.',
      )
      .meta({ examples: [{ sales_pitch: 'hang_up', voicemail: 'message' }] }),
  });
}

function withDefault<Value>(
  given: Record<string, Value>,
  key: string,
  make: () => Value,
): Readonly<Record<string, Value>> {
  return Object.assign(Object.create(null), Object.hasOwn(given, key) ? given : { [key]: make(), ...given });
}

/** guard.yaml as it was read, with every default filled in. Names are those of the file. */
export type Config = z.output<ReturnType<typeof guardSchema>>;
