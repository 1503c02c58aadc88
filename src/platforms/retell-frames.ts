import { cleanText } from './clean-text.ts';
import type { Outgoing } from './platform.ts';

/** Retell's `interaction_type`: what it sends. */
export const INTERACTION_TYPES = [
  'ping_pong',
  'call_details',
  'update_only',
  'response_required',
  'reminder_required',
] as const;
export type InteractionType = (typeof INTERACTION_TYPES)[number];

/** What can be done at the end of a spoken piece. Retell performs one of them an id, `end_call` before a transfer. */
interface Spoken {
  readonly content: string;
  readonly content_complete: boolean;
  readonly no_interruption_allowed?: true;
  readonly end_call?: true;
  readonly transfer_number?: string;
  readonly digit_to_press?: string;
}

/** What Retell accepts. A wrong type makes it drop the whole frame in silence. */
export type RetellFrame =
  | {
      readonly response_type: 'config';
      readonly config: {
        readonly auto_reconnect: boolean;
        readonly call_details: boolean;
        readonly transcript_with_tool_calls: boolean;
      };
    }
  | { readonly response_type: 'ping_pong'; readonly timestamp: number }
  | ({ readonly response_type: 'response'; readonly response_id: number } & Spoken)
  | ({ readonly response_type: 'agent_interrupt'; readonly interrupt_id: number } & Spoken)
  | {
      readonly response_type: 'tool_call_invocation';
      readonly tool_call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | {
      readonly response_type: 'tool_call_result';
      readonly tool_call_id: string;
      readonly content: string;
      readonly successful?: boolean;
    }
  | { readonly response_type: 'metadata'; readonly metadata: Readonly<Record<string, unknown>> }
  | {
      readonly response_type: 'update_agent';
      readonly agent_config: { readonly reminder_trigger_ms: number; readonly reminder_max_count: number };
    };

/** Asks for everything: keep-alives with reconnects, the call's facts, and the list that holds pressed digits. */
export const CONFIG_FRAME: RetellFrame = {
  response_type: 'config',
  config: { auto_reconnect: true, call_details: true, transcript_with_tool_calls: true },
};

/** @param interruptId used where the speech cuts in: pieces of one interruption share it. */
export function toRetellFrame(out: Outgoing, interruptId: number): RetellFrame {
  switch (out.type) {
    case 'speech':
      return out.turn === null
        ? { response_type: 'agent_interrupt', interrupt_id: interruptId, ...spoken(out) }
        : { response_type: 'response', response_id: out.turn, ...spoken(out) };
    case 'digit':
      return {
        response_type: 'response',
        response_id: out.turn,
        content: '',
        content_complete: true,
        digit_to_press: out.digit,
      };
    case 'reminders':
      return {
        response_type: 'update_agent',
        agent_config: {
          reminder_trigger_ms: Math.max(1, Math.round(out.triggerMs)),
          reminder_max_count: Math.max(0, Math.round(out.maxCount)),
        },
      };
    case 'tool-call':
      return {
        response_type: 'tool_call_invocation',
        tool_call_id: out.id,
        name: out.name,
        arguments: out.arguments,
      };
    case 'tool-result':
      return {
        response_type: 'tool_call_result',
        tool_call_id: out.id,
        content: cleanText(out.content),
        ...(out.successful !== undefined && { successful: out.successful }),
      };
    case 'metadata':
      return { response_type: 'metadata', metadata: out.metadata };
  }
}

function spoken(out: Extract<Outgoing, { type: 'speech' }>): Spoken {
  return {
    content: cleanText(out.text),
    content_complete: out.done,
    ...(out.uninterruptible === true && { no_interruption_allowed: true }),
    ...(out.endCall === true && { end_call: true }),
    ...(out.transferTo !== undefined && out.endCall !== true && { transfer_number: out.transferTo }),
  };
}
