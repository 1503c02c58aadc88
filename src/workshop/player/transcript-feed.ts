import type { AgentSpeech } from './agent-voice.ts';
import { CallTranscript } from './call-transcript.ts';
import { CallerEar } from './caller-ear.ts';
import type { RetellSocket } from './retell-socket.ts';
import type { Rng } from './rng.ts';
import type { PlannedWord } from './speech-plan.ts';
import { ENDPOINT_MS, type TurnKind } from './turn-book.ts';
import { type TurnTaking, UpdatePace } from './update-pace.ts';

/** The transcript of the call, and the frames that carry it. */
export class TranscriptFeed {
  readonly transcript = new CallTranscript();
  /** `config.transcript_with_tool_calls`. */
  withToolCalls = false;
  readonly #ear = new CallerEar(this.transcript, ENDPOINT_MS);
  readonly #pace: UpdatePace;
  readonly #socket: () => RetellSocket;

  constructor(rng: Rng, socket: () => RetellSocket) {
    this.#pace = new UpdatePace(rng);
    this.#socket = socket;
  }

  agentWord(speech: AgentSpeech, word: string, startMs: number, endMs: number, callerTalking: boolean): void {
    // After a word of the caller in between ("mm-hm") the rest of the speech is another utterance.
    if (speech.utterance === null || (speech.utterance !== this.transcript.last && !callerTalking)) {
      speech.utterance = this.transcript.open('agent');
    }
    speech.utterance.add(word, startMs, endMs);
  }

  callerWord(word: PlannedWord): void {
    this.#ear.hear(word);
  }

  /** The ASR has heard the end of the utterance. */
  settle(): void {
    this.#ear.settle();
  }

  /** The floor passes: announced with the next update, which goes with the next word. */
  take(turn: TurnTaking): void {
    this.#pace.take(turn);
  }

  /** One word more: an update when enough have come, or when the turn has changed. */
  tick(): void {
    if (this.#pace.word()) this.update();
  }

  update(): void {
    const turn = this.#pace.sent();
    const flip = turn === null ? '' : `,"turntaking":"${turn}"`;
    this.#socket().send(`{"interaction_type":"update_only",${this.#members()}${flip}}`);
  }

  /** Asks for an answer. False when there is no connection: ask again later. */
  request(kind: TurnKind, id: number): boolean {
    const { connected } = this.#socket();
    const type = kind === 'reminder' ? 'reminder_required' : 'response_required';
    this.#socket().send(`{"interaction_type":"${type}","response_id":${id},${this.#members()}}`);
    return connected;
  }

  #members(): string {
    return this.transcript.members(this.withToolCalls);
  }
}
