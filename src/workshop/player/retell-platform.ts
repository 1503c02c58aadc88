import type { AgentSpeech, SpeechAction } from './agent-voice.ts';
import type { Heard } from './caller.ts';
import type { Faults } from './faults.ts';
import { Floor } from './floor.ts';
import { ActionReader } from './platform-actions.ts';
import type { RetellSocket } from './retell-socket.ts';
import type { Rng } from './rng.ts';
import { type InterruptFrame, type ResponseFrame, readServerFrame } from './server-frame.ts';
import type { Timeline } from './timeline.ts';
import { TranscriptFeed } from './transcript-feed.ts';

export type EndedBy = 'agent' | 'caller' | 'transfer' | 'error' | 'timeout';

export interface PlatformEvents {
  agentStarted(speech: AgentSpeech): void;
  agentQuiet(heard: Heard): void;
  reminded(): void;
  /** A frame that ends the call has come (it may yet be discarded). */
  hangUpFrame(): void;
  ended(by: EndedBy, how: string): void;
}

/**
 * Retell as the client of a custom-LLM server: what it makes of the server's frames. Rules as in Retell's
 * LLM WebSocket reference (docs.retellai.com/api-references/llm-websocket); where it is silent, the least
 * convenient reading for the server is taken (an `agent_interrupt` without text does nothing).
 */
export class RetellPlatform {
  readonly floor: Floor;
  readonly feed: TranscriptFeed;
  /** Frames and actions without effect, by reason. */
  readonly dropped: Record<string, number> = {};
  readonly agentDigits: string[] = [];
  /** Every speech that the server began. */
  readonly speeches: AgentSpeech[] = [];
  transferredTo: string | null = null;

  readonly #timeline: Timeline;
  readonly #socket: () => RetellSocket;
  readonly #details: Readonly<Record<string, unknown>>;
  readonly #events: PlatformEvents;
  readonly #actions: ActionReader;
  #over = false;

  constructor(options: {
    readonly timeline: Timeline;
    readonly rng: Rng;
    readonly socket: () => RetellSocket;
    /** The `call` object of `call_details`. */
    readonly details: Readonly<Record<string, unknown>>;
    readonly faults: Faults;
    readonly events: PlatformEvents;
  }) {
    const { timeline, rng, socket, events } = options;
    this.#timeline = timeline;
    this.#socket = socket;
    this.#details = options.details;
    this.#events = events;
    this.#actions = new ActionReader(options.faults, {
      hangUpFrame: () => events.hangUpFrame(),
      dropSocket: () => socket().drop(),
      drop: (reason) => this.#drop(reason),
      digit: (digit) => this.agentDigits.push(digit),
    });
    this.feed = new TranscriptFeed(rng.fork('updates'), socket);
    this.floor = new Floor(timeline, rng.fork('tts'), this.feed, {
      agentStarted: (speech) => events.agentStarted(speech),
      agentQuiet: (heard) => events.agentQuiet(heard),
      reminded: () => events.reminded(),
      dropped: (reason) => this.#drop(reason),
      actionDue: ({ action, source }) => {
        if (action !== null) this.#act(action, source === 'interrupt' ? 'agent_interrupt' : 'end_call');
      },
    });
  }

  /** A frame of the server. */
  frame(text: string): void {
    if (this.#over) return;
    const read = readServerFrame(text);
    if ('corrupt' in read) {
      this.#socket().corrupt('a frame that is not JSON');
      return;
    }
    if ('dropped' in read) {
      this.#drop(read.dropped);
      return;
    }
    const { frame } = read;
    switch (frame.response_type) {
      case 'config':
        this.feed.withToolCalls = frame.config.transcript_with_tool_calls ?? this.feed.withToolCalls;
        if (frame.config.auto_reconnect === true) this.#socket().keepAlive();
        if (frame.config.call_details === true) {
          this.#socket().send(JSON.stringify({ interaction_type: 'call_details', call: this.#details }));
        }
        break;
      case 'ping_pong':
        this.#socket().ponged();
        break;
      case 'response':
        this.#response(frame);
        break;
      case 'agent_interrupt':
        this.#interrupt(frame);
        break;
      case 'update_agent':
        this.floor.setReminders(frame.agent_config.reminder_trigger_ms, frame.agent_config.reminder_max_count);
        break;
      default:
        break;
    }
  }

  stop(): void {
    this.#over = true;
    this.floor.stop();
  }

  #response(frame: ResponseFrame): void {
    const { slot } = this.floor.book;
    if (frame.response_id !== slot.trace.id || slot.completed) {
      this.#drop(frame.response_id === slot.trace.id ? 'completed' : 'stale');
      return;
    }
    const action = this.#actions.read(frame);
    if (action === 'lost') return;
    const nowMs = this.#timeline.nowMs();
    slot.trace.firstContentMs ??= nowMs;
    if (frame.content_complete) {
      slot.completed = true;
      slot.trace.completedMs = nowMs;
    }
    slot.trace.text += frame.content;
    if (frame.content_complete && slot.trace.text.trim() === '') {
      // Nothing to speak: an action takes effect at once.
      if (action !== null) this.#act(action, 'end_call');
      else this.floor.sayNothing();
      return;
    }
    const insists = frame.no_interruption_allowed === true || slot.speech?.uninterruptible === true;
    if (!insists && (slot.lost || (this.floor.callerTalking && slot.speech?.started !== true))) {
      // Spoken into the caller's words: discarded, with the action in it.
      slot.lost = true;
      slot.closed = true;
      this.#drop('interrupted');
      return;
    }
    slot.speech ??= this.#newSpeech('response', slot.trace.id);
    this.#grow(slot.speech, frame, action);
  }

  /** Stops the agent if it speaks, cuts in if the caller does, and cancels the response in flight. */
  #interrupt(frame: InterruptFrame): void {
    const action = this.#actions.read(frame);
    if (action === 'lost') return;
    const going = this.floor.speech;
    const same = going?.source === 'interrupt' && going.id === frame.interrupt_id ? going : null;
    if (frame.content.trim() === '' && same === null) {
      this.#drop('empty-interrupt');
      return;
    }
    const { slot } = this.floor.book;
    slot.completed = true;
    slot.closed = true;
    if (same === null && this.floor.agentSpeaking) this.floor.cut();
    this.#grow(same ?? this.#newSpeech('interrupt', frame.interrupt_id), frame, action);
  }

  #grow(speech: AgentSpeech, frame: ResponseFrame | InterruptFrame, action: SpeechAction | null): void {
    speech.text += frame.content;
    speech.complete ||= frame.content_complete;
    speech.uninterruptible ||= frame.no_interruption_allowed === true;
    speech.action ??= action;
    this.floor.say(speech);
  }

  #newSpeech(source: 'response' | 'interrupt', id: number): AgentSpeech {
    const speech: AgentSpeech = {
      source,
      id,
      text: '',
      complete: false,
      uninterruptible: false,
      action: null,
      utterance: null,
      heard: [],
      spoken: [],
      started: false,
    };
    this.speeches.push(speech);
    return speech;
  }

  #act(action: SpeechAction, how: string): void {
    if (action.type === 'transfer') {
      this.transferredTo = action.to;
      this.#events.ended('transfer', 'transfer_number');
    } else {
      this.#events.ended('agent', how);
    }
  }

  #drop(reason: string): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }
}
