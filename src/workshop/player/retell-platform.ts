import { type AgentSpeech, AgentVoice, type SpeechAction } from './agent-voice.ts';
import { CallTranscript } from './call-transcript.ts';
import type { Heard } from './caller.ts';
import { CallerEar } from './caller-ear.ts';
import type { Faults } from './faults.ts';
import { ActionReader } from './platform-actions.ts';
import { ReminderTimer } from './reminder-timer.ts';
import type { RetellSocket } from './retell-socket.ts';
import type { Rng } from './rng.ts';
import { type InterruptFrame, type ResponseFrame, readServerFrame } from './server-frame.ts';
import type { PlannedWord } from './speech-plan.ts';
import type { Timeline } from './timeline.ts';
import { ENDPOINT_MS, TurnBook, type TurnKind } from './turn-book.ts';
import { UpdatePace } from './update-pace.ts';

/** Words over the agent that make it stop; one ("mm-hm") does not. */
export const INTERRUPTING_WORDS = 2;
/** A pause of the agent in an unfinished answer that a caller takes for its end. */
const PAUSE_MS = 400;

export type EndedBy = 'agent' | 'caller' | 'transfer' | 'error' | 'timeout';

export interface PlatformEvents {
  agentStarted(speech: AgentSpeech): void;
  agentQuiet(heard: Heard): void;
  reminded(): void;
  /** The first frame that ends the call has come (it may yet be discarded). */
  hangUpFrame(): void;
  ended(by: EndedBy, how: string): void;
}

/**
 * Retell as the client of a custom-LLM server: transcript, turn-taking, speech queue, actions. Rules as in Retell's
 * LLM WebSocket reference (docs.retellai.com/api-references/llm-websocket); where it is silent, the least
 * convenient reading for the server is taken (an `agent_interrupt` without text does nothing).
 */
export class RetellPlatform {
  readonly transcript = new CallTranscript();
  readonly book = new TurnBook();
  readonly dropped: Record<string, number> = {};
  readonly agentDigits: string[] = [];
  /** Every speech that the server began, with how much of it was heard. */
  readonly speeches: AgentSpeech[] = [];
  transferredTo: string | null = null;
  config = { auto_reconnect: false, call_details: false, transcript_with_tool_calls: false };

  readonly #timeline: Timeline;
  readonly #socket: () => RetellSocket;
  readonly #details: Readonly<Record<string, unknown>>;
  readonly #events: PlatformEvents;
  readonly #voice: AgentVoice;
  readonly #reminders: ReminderTimer;
  readonly #actions: ActionReader;
  readonly #ear = new CallerEar(this.transcript, ENDPOINT_MS);
  readonly #pace: UpdatePace;
  #over = false;
  #callerTalking = false;
  /** Words (or digits) of the caller that no request has carried yet. */
  #owed = 0;
  #overlap = 0;
  #endpoint: (() => void) | null = null;
  #askAgain = false;

  constructor(options: {
    readonly timeline: Timeline;
    readonly rng: Rng;
    readonly socket: () => RetellSocket;
    /** The `call` object of `call_details`. */
    readonly details: Readonly<Record<string, unknown>>;
    readonly faults: Faults;
    readonly events: PlatformEvents;
  }) {
    this.#timeline = options.timeline;
    this.#socket = options.socket;
    this.#details = options.details;
    this.#events = options.events;
    this.#pace = new UpdatePace(options.rng.fork('updates'));
    this.#actions = new ActionReader(options.faults, {
      hangUpFrame: () => this.#events.hangUpFrame(),
      dropSocket: () => this.#socket().drop(),
      drop: (reason) => this.#drop(reason),
      digit: (digit) => this.agentDigits.push(digit),
    });
    this.#reminders = new ReminderTimer(options.timeline, () => this.#request('reminder'));
    this.#voice = new AgentVoice(options.timeline, options.rng.fork('tts'), {
      onStart: (speech, atMs) => this.#agentStarted(speech, atMs),
      onWord: (speech, word, startMs, endMs) => this.#agentWord(speech, word, startMs, endMs),
      onDry: (speech) => this.#agentDry(speech),
      onDone: (speech) => this.#agentDone(speech),
    });
  }

  get agentSpeaking(): boolean {
    return this.#voice.audible;
  }

  // ---- the socket ------------------------------------------------------------------------------------------------

  /** The connection is up; `again` after a loss: the whole transcript is sent anew, and what is owed is asked again. */
  socketOpen(again: boolean): void {
    if (!again) return;
    this.#update();
    const slot = this.book.slot;
    if (this.#askAgain || (slot.trace.id > 0 && !slot.completed && !slot.lost)) {
      this.#request(slot.trace.kind === 'reminder' ? 'reminder' : 'reply');
    }
  }

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
        this.config = { ...this.config, ...definedOnly(frame.config) };
        if (this.config.auto_reconnect) this.#socket().keepAlive();
        if (this.config.call_details) this.#send({ interaction_type: 'call_details', call: this.#details });
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
        this.#reminders.set(frame.agent_config.reminder_trigger_ms, frame.agent_config.reminder_max_count);
        break;
      default:
        break;
    }
  }

  stop(): void {
    this.#over = true;
    this.#voice.cut();
  }

  // ---- what the server says ----------------------------------------------------------------------------------------

  #response(frame: ResponseFrame): void {
    const { slot } = this.book;
    if (frame.response_id !== slot.trace.id) {
      this.#drop('stale');
      return;
    }
    if (slot.completed) {
      this.#drop('completed');
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
    if (slot.trace.text.trim() === '' && frame.content_complete) {
      slot.closed = true;
      if (action !== null) this.#act(action, 'end_call');
      else this.#reminders.arm();
      return;
    }
    const uninterruptible = frame.no_interruption_allowed === true;
    if (
      (slot.lost || (this.#callerTalking && !slot.speech?.started)) &&
      !uninterruptible &&
      !slot.speech?.uninterruptible
    ) {
      // Spoken into the caller's words: discarded, with the action in it.
      slot.lost = true;
      slot.closed = true;
      this.#drop('interrupted');
      return;
    }
    slot.speech ??= this.#newSpeech('response', slot.trace.id);
    this.#grow(slot.speech, frame, action);
  }

  #interrupt(frame: InterruptFrame): void {
    const action = this.#actions.read(frame);
    if (action === 'lost') return;
    const going = this.#voice.speech;
    const same = going?.source === 'interrupt' && going.id === frame.interrupt_id ? going : null;
    if (frame.content.trim() === '' && same === null) {
      this.#drop('empty-interrupt');
      return;
    }
    const { slot } = this.book;
    slot.completed = true;
    slot.closed = true;
    if (same === null && this.#voice.audible) this.#cut();
    this.#grow(same ?? this.#newSpeech('interrupt', frame.interrupt_id), frame, action);
  }

  #grow(speech: AgentSpeech, frame: ResponseFrame | InterruptFrame, action: SpeechAction | null): void {
    speech.text += frame.content;
    speech.complete ||= frame.content_complete;
    speech.uninterruptible ||= frame.no_interruption_allowed === true;
    speech.action ??= action;
    this.#reminders.stop();
    this.#voice.feed(speech);
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

  // ---- the agent's voice -------------------------------------------------------------------------------------------

  #agentStarted(speech: AgentSpeech, atMs: number): void {
    this.book.sound(atMs, atMs);
    this.book.slot.trace.audibleMs ??= atMs;
    this.#reminders.stop();
    this.#overlap = 0;
    this.#pace.take('agent_turn');
    this.#update();
    this.#events.agentStarted(speech);
  }

  #agentWord(speech: AgentSpeech, word: string, startMs: number, endMs: number): void {
    this.book.sound(startMs, endMs);
    // After a word of the caller in between ("mm-hm") the rest of the speech is another utterance.
    if (speech.utterance === null || (speech.utterance !== this.transcript.last && !this.#callerTalking)) {
      speech.utterance = this.transcript.open('agent');
    }
    speech.utterance.add(word, startMs, endMs);
    if (this.#pace.word()) this.#update();
  }

  #agentDry(speech: AgentSpeech): void {
    this.#timeline.after(PAUSE_MS, () => {
      if (this.#voice.speech === speech && !this.#voice.audible) this.#quiet(speech, false);
    });
  }

  #agentDone(speech: AgentSpeech): void {
    this.book.slot.closed = true;
    if (speech.action !== null) {
      this.#act(speech.action, speech.source === 'interrupt' ? 'agent_interrupt' : 'end_call');
      return;
    }
    this.#pace.take('user_turn');
    this.#update();
    this.#quiet(speech, false);
    if (this.#callerTalking) return;
    this.#reminders.arm();
    // The caller spoke over a speech that could not be interrupted, and waits.
    if (this.#owed >= INTERRUPTING_WORDS && this.#endpoint === null) this.#request('reply');
  }

  #cut(): void {
    const speech = this.#voice.cut();
    if (speech === null) return;
    const { slot } = this.book;
    if (speech.source === 'response') slot.lost = true;
    slot.closed = true;
    if (speech.action?.type === 'end') this.#drop('discarded-hang-up');
    this.#pace.take('user_turn');
    this.#update();
    this.#quiet(speech, true);
  }

  #quiet(speech: AgentSpeech, cut: boolean): void {
    const text = speech.heard.join(' ');
    speech.heard = [];
    if (text !== '' || cut) this.#events.agentQuiet({ text, cut, complete: speech.complete });
  }

  // ---- the caller --------------------------------------------------------------------------------------------------

  callerStarted(atMs: number): void {
    this.book.sound(atMs, atMs);
    this.#callerTalking = true;
    this.#overlap = 0;
    this.#endpoint?.();
    this.#endpoint = null;
    this.#reminders.callerSpoke();
    if (this.#voice.audible) return;
    const { slot } = this.book;
    const speech = this.#voice.speech;
    const waitsToSpeak = speech !== null && (speech.uninterruptible || speech.source === 'interrupt');
    if (slot.closed || waitsToSpeak) return;
    // What was about to be said is not said any more.
    this.#voice.cut();
    if (speech?.action?.type === 'end') this.#drop('discarded-hang-up');
    slot.lost = true;
    slot.closed = true;
    slot.trace.lostMs ??= atMs;
    this.#pace.take('user_turn');
  }

  callerWord(word: PlannedWord): void {
    this.book.sound(word.startMs, word.endMs);
    this.#owed++;
    const agentGoesOn = this.#voice.audible;
    this.#ear.hear(word);
    if (!agentGoesOn) this.#pace.take('user_turn');
    this.#overlap++;
    if (agentGoesOn && this.#voice.speech?.uninterruptible === false && this.#overlap >= INTERRUPTING_WORDS)
      this.#cut();
    if (this.#pace.word()) this.#update();
  }

  callerStopped(atMs: number): void {
    this.#callerTalking = false;
    this.#awaitEndpoint(atMs);
  }

  callerDigit(digit: string): void {
    this.transcript.digit(digit);
    this.#reminders.callerSpoke();
    this.#owed += INTERRUPTING_WORDS;
    this.#update();
    if (!this.#callerTalking) this.#awaitEndpoint(this.#timeline.nowMs());
  }

  #awaitEndpoint(fromMs: number): void {
    this.#endpoint?.();
    this.#endpoint = this.#timeline.at(fromMs + ENDPOINT_MS, () => {
      this.#endpoint = null;
      this.#ear.settle();
      const speech = this.#voice.speech;
      const agentGoesOn =
        this.#voice.audible || (speech !== null && (speech.uninterruptible || speech.source === 'interrupt'));
      if (!agentGoesOn) {
        this.#request('reply');
      } else if (this.#owed < INTERRUPTING_WORDS) {
        this.#owed = 0;
      }
    });
  }

  // ---- frames out --------------------------------------------------------------------------------------------------

  #request(kind: TurnKind): void {
    if (this.#over) return;
    const going = this.#voice.speech;
    if (going !== null && !this.#voice.audible && going.source === 'response' && !going.uninterruptible)
      this.#voice.cut();
    const slot = this.book.request(kind, this.#timeline.nowMs());
    this.#owed = 0;
    this.#reminders.stop();
    this.#askAgain = !this.#socket().connected;
    const type = kind === 'reminder' ? 'reminder_required' : 'response_required';
    this.#socket().send(`{"interaction_type":"${type}","response_id":${slot.trace.id},${this.#members()}}`);
    if (kind === 'reminder') this.#events.reminded();
  }

  #update(): void {
    const turn = this.#pace.sent();
    const flip = turn === null ? '' : `,"turntaking":"${turn}"`;
    this.#socket().send(`{"interaction_type":"update_only",${this.#members()}${flip}}`);
  }

  #members(): string {
    return this.transcript.members(this.config.transcript_with_tool_calls);
  }

  #send(event: Readonly<Record<string, unknown>>): void {
    this.#socket().send(JSON.stringify(event));
  }

  #drop(reason: string): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }
}

function definedOnly<T extends object>(from: T): { [K in keyof T]-?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]-?: Exclude<T[K], undefined>;
  };
}
