import type { CallTranscript, TimedWord, TranscriptUtterance } from './call-transcript.ts';
import { type PlannedWord, UNINTELLIGIBLE_AUDIO } from './speech-plan.ts';

/** The platform's ASR: writes the caller's words into the transcript, and corrects itself. */
export class CallerEar {
  readonly #transcript: CallTranscript;
  /** Silence after which words begin a new utterance, if the agent has spoken in between. */
  readonly #endpointMs: number;
  #utterance: TranscriptUtterance | null = null;
  #lastEndMs = 0;
  #provisional: { readonly utterance: TranscriptUtterance; readonly timed: TimedWord; readonly final: string } | null =
    null;

  constructor(transcript: CallTranscript, endpointMs: number) {
    this.#transcript = transcript;
    this.#endpointMs = endpointMs;
  }

  hear(word: PlannedWord): void {
    const goesOn = word.startMs - this.#lastEndMs < this.#endpointMs;
    this.#lastEndMs = word.endMs;
    this.settle();
    if (word.shown.length === 0) return;
    if (this.#utterance === null || (this.#transcript.last !== this.#utterance && !goesOn)) {
      this.#utterance = this.#transcript.open('user');
    }
    const utterance = this.#utterance;
    if (word.shown[0] === UNINTELLIGIBLE_AUDIO && utterance.words.length > 0) return;
    const each = (word.endMs - word.startMs) / word.shown.length;
    word.shown.forEach((shown, index) => {
      const startMs = word.startMs + each * index;
      const timed = utterance.add(word.interim ?? shown, startMs, startMs + each);
      if (word.interim !== undefined) this.#provisional = { utterance, timed, final: shown };
    });
  }

  /** The ASR settles on the word that it had shown in another form. */
  settle(): void {
    if (this.#provisional === null) return;
    const { utterance, timed, final } = this.#provisional;
    this.#provisional = null;
    utterance.correct(timed, final);
  }
}
