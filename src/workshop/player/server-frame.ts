import { z } from 'zod';

const int = z.number().int();
const action = {
  end_call: z.boolean().optional(),
  transfer_number: z.string().optional(),
  digit_to_press: z.string().optional(),
  no_interruption_allowed: z.boolean().optional(),
};

/** Types as the platform checks them: a frame with a wrong one vanishes without a word. */
const BY_TYPE = {
  config: z.object({
    response_type: z.literal('config'),
    config: z.object({
      auto_reconnect: z.boolean().optional(),
      call_details: z.boolean().optional(),
      transcript_with_tool_calls: z.boolean().optional(),
    }),
  }),
  ping_pong: z.object({ response_type: z.literal('ping_pong'), timestamp: int }),
  response: z.object({
    response_type: z.literal('response'),
    response_id: int,
    content: z.string(),
    content_complete: z.boolean(),
    ...action,
  }),
  agent_interrupt: z.object({
    response_type: z.literal('agent_interrupt'),
    interrupt_id: int,
    content: z.string(),
    content_complete: z.boolean(),
    ...action,
  }),
  update_agent: z.object({
    response_type: z.literal('update_agent'),
    agent_config: z.object({
      responsiveness: z.number().min(0).max(1).optional(),
      interruption_sensitivity: z.number().min(0).max(1).optional(),
      reminder_trigger_ms: z.number().positive().optional(),
      reminder_max_count: int.min(0).optional(),
    }),
  }),
  tool_call_invocation: z.object({
    response_type: z.literal('tool_call_invocation'),
    tool_call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  tool_call_result: z.object({
    response_type: z.literal('tool_call_result'),
    tool_call_id: z.string(),
    content: z.string(),
    successful: z.boolean().optional(),
  }),
  metadata: z.object({ response_type: z.literal('metadata'), metadata: z.record(z.string(), z.unknown()) }),
} as const;

type FrameType = keyof typeof BY_TYPE;
export type ServerFrame = { [T in FrameType]: z.infer<(typeof BY_TYPE)[T]> }[FrameType];
export type ResponseFrame = z.infer<typeof BY_TYPE.response>;
export type InterruptFrame = z.infer<typeof BY_TYPE.agent_interrupt>;

export type ReadServerFrame =
  | { readonly frame: ServerFrame }
  /** Not JSON: the platform takes the payload for corrupt and gives up. */
  | { readonly corrupt: true }
  | { readonly dropped: 'not-an-object' | 'unknown-type' | 'wrong-types' };

/** Reads a frame of the server as strictly, and as silently, as the platform does. */
export function readServerFrame(text: string): ReadServerFrame {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { corrupt: true };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { dropped: 'not-an-object' };
  // Without a type it is taken for a response (legacy).
  const typed: { response_type?: unknown } = 'response_type' in value ? value : { ...value, response_type: 'response' };
  const type = typed.response_type;
  if (typeof type !== 'string' || !Object.hasOwn(BY_TYPE, type)) return { dropped: 'unknown-type' };
  const read = BY_TYPE[type as FrameType].safeParse(typed);
  return read.success ? { frame: read.data } : { dropped: 'wrong-types' };
}
