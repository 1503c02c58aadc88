import { z } from 'zod';

/** What Retell takes, by the field tables of its LLM WebSocket page; anything else it would drop without a word. */
const actions = {
  no_interruption_allowed: z.boolean().optional(),
  end_call: z.boolean().optional(),
  transfer_number: z.string().min(1).optional(),
  digit_to_press: z.string().min(1).optional(),
};
const speech = { content: z.string(), content_complete: z.boolean(), ...actions };

const frame = z.discriminatedUnion('response_type', [
  z.strictObject({
    response_type: z.literal('config'),
    config: z.strictObject({
      auto_reconnect: z.boolean(),
      call_details: z.boolean(),
      transcript_with_tool_calls: z.boolean(),
    }),
  }),
  z.strictObject({ response_type: z.literal('ping_pong'), timestamp: z.int() }),
  z.strictObject({ response_type: z.literal('response'), response_id: z.int().min(0), ...speech }),
  z.strictObject({ response_type: z.literal('agent_interrupt'), interrupt_id: z.int().min(0), ...speech }),
  z.strictObject({
    response_type: z.literal('update_agent'),
    agent_config: z.strictObject({ reminder_trigger_ms: z.int().positive(), reminder_max_count: z.int().min(0) }),
  }),
]);

/** A frame of the guard. */
export type Frame = z.infer<typeof frame>;
export type FrameOf<T extends Frame['response_type']> = Extract<Frame, { response_type: T }>;

/** Throws where Retell would drop the frame. */
export const readFrame = (text: string): Frame => frame.parse(JSON.parse(text));
