import type { CallFacts, PlatformEvent } from '../guard/types.ts';
import { IncrementalDecoder, type IncrementalFrame } from './incremental.ts';
import type { Decoded, Outgoing, Platform, PlatformSession, RefusedFrame, Utterance } from './platform.ts';
import { readCall } from './retell-call.ts';
import { RetellDigits } from './retell-digits.ts';
import { CONFIG_FRAME, toRetellFrame } from './retell-frames.ts';
import { RetellTranscript } from './retell-transcript.ts';

/** A call of a day has fewer utterances; more is an attack on memory. */
const MAX_UTTERANCES = 20_000;
const INTERRUPTS_A_SOCKET = 10_000;

type RetellArray = 'transcript' | 'transcript_with_tool_calls';
type Seen = IncrementalFrame<RetellArray>;

/** Retell's custom-LLM WebSocket, https://docs.retellai.com/api-references/llm-websocket */
export const retell: Platform = {
  name: 'retell',
  path: '/llm-websocket',
  open: (from, socket = 0) => new RetellSession(from, socket),
};

class RetellSession implements PlatformSession {
  readonly #from: Pick<CallFacts, 'agent' | 'callId'>;
  readonly #decoder = new IncrementalDecoder<RetellArray>(['transcript', 'transcript_with_tool_calls']);
  readonly #transcript = new RetellTranscript();
  readonly #digits = new RetellDigits();
  #interruptId: number;
  #interrupting = false;

  constructor(from: Pick<CallFacts, 'agent' | 'callId'>, socket: number) {
    this.#from = from;
    // An id that was used up on an earlier socket could be taken for finished, and a hang-up under it be dropped.
    this.#interruptId = socket * INTERRUPTS_A_SOCKET;
  }

  hello(): readonly string[] {
    return [JSON.stringify(CONFIG_FRAME)];
  }

  transcript(): readonly Utterance[] {
    return this.#transcript.said;
  }

  /** Never throws. A refused frame changes nothing: the next one brings the whole transcript again. */
  decode(frame: Buffer): Decoded {
    const seen = this.#parse(frame);
    if (seen === null) return refuse('not-json');
    const { value, arrays } = seen;
    const decoded = isRecord(value) ? this.#read(frame, seen, value) : refuse('not-an-object');
    const used = decoded.refused === undefined && isRecord(value) && isSpeechType(value.interaction_type);
    // What the decoder took for seen must have been told.
    if (!used && Object.keys(arrays).length > 0) this.#decoder.forget();
    return decoded;
  }

  /**
   * `interrupt_id`: consecutive pieces of one interruption share it, for a different id discards what was said
   * under the earlier one; anything else that is sent ends the interruption.
   */
  encode(out: Outgoing): string {
    const cutsIn = out.type === 'speech' && out.turn === null;
    if (cutsIn && !this.#interrupting) this.#interruptId++;
    this.#interrupting = cutsIn && !out.done;
    return JSON.stringify(toRetellFrame(out, this.#interruptId));
  }

  avoidInterruptId(id: number): void {
    if (id < Number.MAX_SAFE_INTEGER - INTERRUPTS_A_SOCKET) this.#interruptId = Math.max(this.#interruptId, id);
  }

  #parse(frame: Buffer): Seen | null {
    try {
      return this.#decoder.decode(frame);
    } catch {
      return null;
    }
  }

  #read(frame: Buffer, seen: Seen, value: Record<string, unknown>): Decoded {
    switch (value.interaction_type) {
      case 'ping_pong': {
        const { timestamp } = value;
        if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return refuse('wrong-types');
        return { events: [], replies: [JSON.stringify({ response_type: 'ping_pong', timestamp })] };
      }
      case 'call_details': {
        const facts = readCall(value.call, this.#from);
        return facts === null ? refuse('wrong-types') : { events: [{ type: 'call-opened', facts }], replies: [] };
      }
      case 'update_only':
        return this.#readSpeech(frame, seen, value, []);
      case 'response_required':
      case 'reminder_required': {
        const turn = value.response_id;
        if (typeof turn !== 'number' || !Number.isSafeInteger(turn) || turn < 0) return refuse('wrong-types');
        const kind = value.interaction_type === 'reminder_required' ? 'reminder' : 'reply';
        return this.#readSpeech(frame, seen, value, [{ type: 'turn-requested', turn, kind }]);
      }
      default:
        return refuse('unknown-type');
    }
  }

  /** A missing transcript is an unchanged one: the caller waits for an answer all the same. */
  #readSpeech(frame: Buffer, seen: Seen, value: Record<string, unknown>, asked: readonly PlatformEvent[]): Decoded {
    if (Object.hasOwn(value, 'transcript')) return refuse('wrong-types');
    let { transcript, transcript_with_tool_calls: withTools } = seen.arrays;
    for (const array of [transcript, withTools]) {
      if (array !== undefined && array.from + array.tail.length > MAX_UTTERANCES) return refuse('too-many-turns');
    }
    let events = transcript === undefined ? [] : this.#transcript.apply(transcript);
    if (events === null) {
      this.#decoder.forget();
      ({ transcript, transcript_with_tool_calls: withTools } = this.#decoder.decode(frame).arrays);
      events = transcript === undefined ? [] : (this.#transcript.apply(transcript) ?? []);
    }
    const digits = withTools === undefined ? [] : this.#digits.apply(withTools);
    const coming: PlatformEvent[] = asked.length > 0 && events.length > 0 ? [{ type: 'turn-coming' }] : [];
    return { events: [...coming, ...events, ...digits, ...asked], replies: [] };
  }
}

function isSpeechType(type: unknown): boolean {
  return type === 'update_only' || type === 'response_required' || type === 'reminder_required';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(reason: RefusedFrame): Decoded {
  return { events: [], replies: [], refused: reason };
}
