import type { TranscriptUtterance } from './call-transcript.ts';
import type { Rng } from './rng.ts';
import { timeWords } from './speech-plan.ts';
import type { Timeline } from './timeline.ts';
import { splitWords } from './words.ts';

/** From text to sound. */
const TTS_LATENCY_MIN_MS = 300;
const TTS_LATENCY_MAX_MS = 500;
/** Speech rate of agents, words a second. */
const AGENT_RATE_MIN = 2.5;
const AGENT_RATE_MAX = 2.9;
/** A last word without a space after it is spoken when nothing more has come for this long. */
const TAIL_MS = 250;

export type SpeechAction = { readonly type: 'end' } | { readonly type: 'transfer'; readonly to: string };

/** What the agent says under one id, growing while the server streams. */
export interface AgentSpeech {
  readonly source: 'response' | 'interrupt';
  readonly id: number;
  /** Everything the server has sent for it. */
  text: string;
  complete: boolean;
  uninterruptible: boolean;
  action: SpeechAction | null;
  /** Where its spoken words stand in the transcript. */
  utterance: TranscriptUtterance | null;
  /** Words spoken since the agent was last quiet. */
  heard: string[];
  /** All words spoken. */
  readonly spoken: string[];
  started: boolean;
}

export interface AgentVoiceEvents {
  onStart(speech: AgentSpeech, atMs: number): void;
  onWord(speech: AgentSpeech, word: string, startMs: number, endMs: number): void;
  /** Spoken so far as it has come, but the server has not completed it. */
  onDry(speech: AgentSpeech): void;
  /** Spoken to its end. */
  onDone(speech: AgentSpeech): void;
}

/** The agent's text to speech: one speech at a time, word by word. */
export class AgentVoice {
  readonly #timeline: Timeline;
  readonly #rng: Rng;
  readonly #events: AgentVoiceEvents;
  readonly #rate: number;
  #speech: AgentSpeech | null = null;
  #taken = 0;
  #audible = false;
  #freeMs = 0;
  #waiting: (() => void) | null = null;
  #tail: (() => void) | null = null;

  constructor(timeline: Timeline, rng: Rng, events: AgentVoiceEvents) {
    this.#timeline = timeline;
    this.#rng = rng;
    this.#events = events;
    this.#rate = rng.uniform(AGENT_RATE_MIN, AGENT_RATE_MAX);
  }

  get speech(): AgentSpeech | null {
    return this.#speech;
  }

  /** The caller can hear the agent. */
  get audible(): boolean {
    return this.#audible;
  }

  /** Takes up a speech, or goes on with it after its text has grown. */
  feed(speech: AgentSpeech): void {
    if (this.#speech !== speech) {
      this.cut();
      this.#speech = speech;
      this.#taken = 0;
    }
    this.#tail?.();
    this.#tail = null;
    this.#pump(false);
  }

  /** Falls silent at once; a word not finished is not said. */
  cut(): AgentSpeech | null {
    const speech = this.#speech;
    this.#waiting?.();
    this.#tail?.();
    this.#waiting = null;
    this.#tail = null;
    this.#speech = null;
    this.#audible = false;
    return speech;
  }

  #pump(takeTail: boolean): void {
    const speech = this.#speech;
    if (speech === null || this.#waiting !== null) return;
    const word = this.#nextWord(speech, takeTail);
    if (word !== null) {
      this.#say(speech, word);
      return;
    }
    if (speech.complete && speech.text.slice(this.#taken).trim() === '') {
      this.#speech = null;
      this.#audible = false;
      this.#events.onDone(speech);
      return;
    }
    if (speech.text.length > this.#taken && this.#tail === null) {
      this.#tail = this.#timeline.after(TAIL_MS, () => {
        this.#tail = null;
        this.#pump(true);
      });
    } else if (this.#audible && speech.text.slice(this.#taken).trim() === '') {
      this.#audible = false;
      this.#events.onDry(speech);
    }
  }

  #nextWord(speech: AgentSpeech, takeTail: boolean): string | null {
    const rest = speech.text.slice(this.#taken);
    const lead = rest.length - rest.trimStart().length;
    const body = rest.slice(lead);
    const word = splitWords(body.slice(0, 200))[0];
    if (word === undefined) {
      this.#taken += lead;
      return null;
    }
    if (word.length === body.length && !speech.complete && !takeTail) return null;
    this.#taken += lead + word.length;
    return word;
  }

  #say(speech: AgentSpeech, word: string): void {
    const begins = !this.#audible;
    const fromMs = begins
      ? this.#timeline.nowMs() + this.#rng.uniform(TTS_LATENCY_MIN_MS, TTS_LATENCY_MAX_MS)
      : this.#freeMs;
    const timed = timeWords([word], fromMs, this.#rate)[0];
    if (timed === undefined) return;
    this.#freeMs = timed.endMs;
    const finish = (): void => {
      this.#waiting = this.#timeline.at(timed.endMs, () => {
        this.#waiting = null;
        speech.heard.push(word);
        speech.spoken.push(word);
        this.#events.onWord(speech, word, timed.startMs, timed.endMs);
        // The word may have been the caller's cue to cut in.
        if (this.#speech === speech) this.#pump(false);
      });
    };
    if (!begins) {
      finish();
      return;
    }
    this.#waiting = this.#timeline.at(timed.startMs, () => {
      this.#waiting = null;
      this.#audible = true;
      speech.started = true;
      finish();
      this.#events.onStart(speech, timed.startMs);
    });
  }
}
