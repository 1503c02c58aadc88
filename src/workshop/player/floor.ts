import { type AgentSpeech, AgentVoice } from './agent-voice.ts';
import type { Heard } from './caller.ts';
import { ReminderTimer } from './reminder-timer.ts';
import type { Rng } from './rng.ts';
import type { PlannedWord } from './speech-plan.ts';
import type { Timeline } from './timeline.ts';
import type { TranscriptFeed } from './transcript-feed.ts';
import { ENDPOINT_MS, TurnBook, type TurnKind } from './turn-book.ts';

/** Words over the agent that make it stop; one ("mm-hm") does not. */
const INTERRUPTING_WORDS = 2;
/** A pause of the agent in an unfinished answer that a caller takes for its end. */
const PAUSE_MS = 400;

export interface FloorEvents {
  agentStarted(speech: AgentSpeech): void;
  agentQuiet(heard: Heard): void;
  /** A speech with an action has been spoken to its end. */
  actionDue(speech: AgentSpeech): void;
  reminded(): void;
  /** Something had no effect. */
  dropped(reason: string): void;
}

/** Who speaks: turn-taking between the agent's voice and the caller, and when an answer is asked for. */
export class Floor {
  readonly book = new TurnBook();
  readonly #timeline: Timeline;
  readonly #feed: TranscriptFeed;
  readonly #events: FloorEvents;
  readonly #voice: AgentVoice;
  readonly #reminders: ReminderTimer;
  #over = false;
  #callerTalking = false;
  /** Words (or digits) of the caller that no request has carried yet. */
  #owed = 0;
  /** Words of the caller since they or the agent began. */
  #overlap = 0;
  #endpoint: (() => void) | null = null;
  #askAgain = false;

  constructor(timeline: Timeline, rng: Rng, feed: TranscriptFeed, events: FloorEvents) {
    this.#timeline = timeline;
    this.#feed = feed;
    this.#events = events;
    this.#reminders = new ReminderTimer(timeline, () => this.request('reminder'));
    this.#voice = new AgentVoice(timeline, rng, {
      onStart: (speech, atMs) => this.#agentStarted(speech, atMs),
      onWord: (speech, word, startMs, endMs) => this.#agentWord(speech, word, startMs, endMs),
      onDry: (speech) => this.#agentDry(speech),
      onDone: (speech) => this.#agentDone(speech),
    });
  }

  get agentSpeaking(): boolean {
    return this.#voice.audible;
  }

  get callerTalking(): boolean {
    return this.#callerTalking;
  }

  /** What the agent is saying, or is about to. */
  get speech(): AgentSpeech | null {
    return this.#voice.speech;
  }

  stop(): void {
    this.#over = true;
    this.#voice.cut();
  }

  setReminders(triggerMs: number | undefined, maxCount: number | undefined): void {
    this.#reminders.set(triggerMs, maxCount);
  }

  /** The agent says a speech, or more of it. */
  say(speech: AgentSpeech): void {
    this.#reminders.stop();
    this.#voice.feed(speech);
  }

  /** The answer was empty: nothing to say. */
  sayNothing(): void {
    this.book.slot.closed = true;
    this.#reminders.arm();
  }

  /** Asks the server for an answer under a new id. */
  request(kind: TurnKind): void {
    if (this.#over) return;
    const going = this.#voice.speech;
    const isWaiting = going !== null && !this.#voice.audible && going.source === 'response';
    if (isWaiting && !going.uninterruptible) this.#voice.cut();
    const slot = this.book.request(kind, this.#timeline.nowMs());
    this.#owed = 0;
    this.#reminders.stop();
    this.#askAgain = !this.#feed.request(kind, slot.trace.id);
    if (kind === 'reminder') this.#events.reminded();
  }

  /** After a reconnect: the transcript anew, and what is owed is asked for again. */
  resume(): void {
    this.#feed.update();
    const { trace, completed, lost } = this.book.slot;
    if (this.#askAgain || (trace.id > 0 && !completed && !lost)) {
      this.request(trace.kind === 'reminder' ? 'reminder' : 'reply');
    }
  }

  /** The agent falls silent in the middle: the caller speaks over it, or the server cuts in with something else. */
  cut(): void {
    const speech = this.#voice.cut();
    if (speech === null) return;
    const { slot } = this.book;
    if (speech.source === 'response') slot.lost = true;
    slot.closed = true;
    if (speech.action?.type === 'end') this.#events.dropped('discarded-hang-up');
    this.#feed.take('user_turn');
    this.#feed.update();
    this.#quiet(speech, true);
  }

  callerStarted(atMs: number): void {
    this.book.sound(atMs, atMs);
    this.#callerTalking = true;
    this.#overlap = 0;
    this.#endpoint?.();
    this.#endpoint = null;
    this.#reminders.callerSpoke();
    if (this.#voice.audible || this.book.slot.closed || this.#insists()) return;
    // What was about to be said is not said any more.
    const speech = this.#voice.cut();
    if (speech?.action?.type === 'end') this.#events.dropped('discarded-hang-up');
    const { slot } = this.book;
    slot.lost = true;
    slot.closed = true;
    slot.trace.lostMs ??= atMs;
    this.#feed.take('user_turn');
  }

  callerWord(word: PlannedWord): void {
    this.book.sound(word.startMs, word.endMs);
    this.#owed++;
    this.#overlap++;
    this.#feed.callerWord(word);
    if (!this.#voice.audible) this.#feed.take('user_turn');
    else if (this.#overlap >= INTERRUPTING_WORDS && this.#voice.speech?.uninterruptible === false) this.cut();
    this.#feed.tick();
  }

  callerStopped(atMs: number): void {
    this.#callerTalking = false;
    this.#awaitEndpoint(atMs);
  }

  callerDigit(digit: string): void {
    this.#feed.transcript.digit(digit);
    this.#reminders.callerSpoke();
    this.#owed += INTERRUPTING_WORDS;
    this.#feed.update();
    if (!this.#callerTalking) this.#awaitEndpoint(this.#timeline.nowMs());
  }

  /** The agent has something to say that the caller's words do not cancel before it is heard. */
  #insists(): boolean {
    const { speech } = this.#voice;
    return speech !== null && (speech.uninterruptible || speech.source === 'interrupt');
  }

  #awaitEndpoint(fromMs: number): void {
    this.#endpoint?.();
    this.#endpoint = this.#timeline.at(fromMs + ENDPOINT_MS, () => {
      this.#endpoint = null;
      this.#feed.settle();
      if (!this.#voice.audible && !this.#insists()) this.request('reply');
      else if (this.#owed < INTERRUPTING_WORDS) this.#owed = 0;
    });
  }

  #agentStarted(speech: AgentSpeech, atMs: number): void {
    this.book.sound(atMs, atMs);
    this.book.slot.trace.audibleMs ??= atMs;
    this.#reminders.stop();
    this.#overlap = 0;
    this.#feed.take('agent_turn');
    this.#feed.update();
    this.#events.agentStarted(speech);
  }

  #agentWord(speech: AgentSpeech, word: string, startMs: number, endMs: number): void {
    this.book.sound(startMs, endMs);
    this.#feed.agentWord(speech, word, startMs, endMs, this.#callerTalking);
    this.#feed.tick();
  }

  #agentDry(speech: AgentSpeech): void {
    this.#timeline.after(PAUSE_MS, () => {
      if (this.#voice.speech === speech && !this.#voice.audible) this.#quiet(speech, false);
    });
  }

  #agentDone(speech: AgentSpeech): void {
    this.book.slot.closed = true;
    if (speech.action !== null) {
      this.#events.actionDue(speech);
      return;
    }
    this.#feed.take('user_turn');
    this.#feed.update();
    this.#quiet(speech, false);
    if (this.#callerTalking) return;
    this.#reminders.arm();
    // The caller spoke over a speech that could not be interrupted, and waits.
    if (this.#owed >= INTERRUPTING_WORDS && this.#endpoint === null) this.request('reply');
  }

  #quiet(speech: AgentSpeech, cut: boolean): void {
    const text = speech.heard.join(' ');
    speech.heard = [];
    if (text !== '' || cut) this.#events.agentQuiet({ text, cut, complete: speech.complete });
  }
}
