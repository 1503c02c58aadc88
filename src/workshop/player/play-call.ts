import type { Clock } from '../../clock.ts';
import { WORD_ERROR_MAX, WORD_ERROR_MIN } from './asr-noise.ts';
import { callDetails, drawCallId } from './call-facts.ts';
import type { Caller, CallerLink } from './caller.ts';
import { CallerVoice } from './caller-voice.ts';
import type { Connect } from './connection.ts';
import type { Faults } from './faults.ts';
import { Person } from './person.ts';
import type { PlayedProbe, PlayResult } from './play-result.ts';
import { type ProbeRecogniser, type ProbeTexts, probeRecogniser } from './probe-texts.ts';
import { Recording } from './recording.ts';
import { type EndedBy, RetellPlatform } from './retell-platform.ts';
import { type PlayedFrame, RetellSocket } from './retell-socket.ts';
import { type Rng, seededRng } from './rng.ts';
import type { Scenario } from './scenario.ts';
import { Silent } from './silent.ts';
import { CALLER_RATE_MAX, CALLER_RATE_MIN, type Hearing, planSpeech } from './speech-plan.ts';
import { TEMPO_SPREAD } from './tape.ts';
import { Timeline } from './timeline.ts';

/** Kinds of probe that are looked for; `closing` is the last of them. */
export const PLAYED_PROBE_KINDS = ['hold', 'who', 'scope', 'there', 'again', 'closing'] as const;
/** A call that goes on for longer is ended by the player. */
const MAX_CALL_MS = 30 * 60_000;

export interface PlayOptions {
  readonly connect: Connect;
  readonly clock: Clock;
  /** The same seed and scenario give the same call. */
  readonly seed: string | number;
  readonly probeTexts: ProbeTexts;
  readonly faults?: Faults;
  /** The ASR mishears 5-15% of the words, of people and machines alike. */
  readonly asrNoise?: boolean;
  /** Keep every frame in the result. */
  readonly keepFrames?: boolean;
  readonly maxCallMs?: number;
  /** Another caller than the scenario's own, which `own` makes: one driven from outside. */
  readonly caller?: (link: CallerLink, own: (link: CallerLink) => Caller) => Caller;
  /** Makes call ids differ between runs, where the server remembers them. */
  readonly callIdSalt?: string;
  /** Called after each word, for whoever shows the call as it goes. */
  readonly onFrame?: (frame: PlayedFrame) => void;
}

/**
 * Plays one call against a Retell-style server and reports what could be seen.
 * Never rejects: a call that failed is a result too (`endedBy: 'error'`).
 */
export function playCall(scenario: Scenario, options: PlayOptions): Promise<PlayResult> {
  return new Promise((resolve) => new PlayedCall(scenario, options, resolve).start());
}

class PlayedCall {
  readonly #scenario: Scenario;
  readonly #timeline: Timeline;
  readonly #socket: RetellSocket;
  readonly #platform: RetellPlatform;
  readonly #voice: CallerVoice;
  readonly #caller: Caller;
  readonly #hearing: Hearing;
  readonly #recognise: ProbeRecogniser;
  readonly #frames: PlayedFrame[] | null;
  readonly #callId: string;
  readonly #options: PlayOptions;
  readonly #resolve: (result: PlayResult) => void;
  #hangUpFrame: PlayResult['hangUpFrame'];
  #talkOver: string | null;

  constructor(scenario: Scenario, options: PlayOptions, resolve: (result: PlayResult) => void) {
    this.#scenario = scenario;
    this.#options = options;
    this.#resolve = resolve;
    const faults = options.faults ?? {};
    const name = `${scenario.set}/${scenario.id}`;
    // What belongs to the voice or the tape is the same in every replay; what belongs to the call is not.
    const fixed = seededRng(name);
    const rng = seededRng(`${options.seed}/${name}`);
    this.#callId = drawCallId(seededRng(`${options.seed}/${options.callIdSalt ?? ''}/${name}/id`));
    this.#timeline = new Timeline(options.clock);
    this.#frames = options.keepFrames === true ? [] : null;
    this.#recognise = probeRecogniser(options.probeTexts, PLAYED_PROBE_KINDS);
    this.#talkOver = faults.talkOverGoodbye ?? null;
    this.#hearing = drawHearing(fixed.fork('voice'), rng.fork('hearing'), options.asrNoise === true);
    this.#voice = new CallerVoice(this.#timeline, {
      onStart: (atMs) => this.#platform.floor.callerStarted(atMs),
      onWord: (word) => this.#platform.floor.callerWord(word),
      onStop: (atMs) => this.#platform.floor.callerStopped(atMs),
    });
    this.#platform = new RetellPlatform({
      timeline: this.#timeline,
      rng: rng.fork('platform'),
      socket: () => this.#socket,
      details: callDetails(scenario, this.#callId, rng.fork('number')),
      faults,
      events: {
        agentStarted: (speech) => {
          if (speech.action?.type === 'end') this.#talkOverGoodbye();
          this.#caller.agentStarted();
        },
        agentQuiet: (heard) => this.#caller.agentQuiet(heard),
        reminded: () => this.#caller.reminded(),
        hangUpFrame: () => this.#noteHangUp(),
        ended: (by, how) => this.#end(by, how),
      },
    });
    this.#socket = new RetellSocket(
      options.connect,
      { agent: scenario.agent, callId: this.#callId },
      this.#timeline,
      {
        onOpen: (again) => {
          if (again) this.#platform.floor.resume();
          else this.#caller.pickUp();
        },
        onFrame: (text) => this.#platform.frame(text),
        onHungUp: () => {
          this.#noteHangUp();
          this.#end('agent', 'closed 1000');
        },
        onError: (error, detail) => this.#end('error', `${error} (${detail})`),
      },
      { faults, log: this.#frames, ...(options.onFrame === undefined ? {} : { onFrame: options.onFrame }) },
    );
    this.#caller = this.#makeCaller(fixed, rng.fork('caller'));
  }

  start(): void {
    this.#timeline.after(this.#options.maxCallMs ?? MAX_CALL_MS, () => this.#end('timeout', 'too long'));
    this.#socket.open();
  }

  #makeCaller(fixed: Rng, rng: Rng): Caller {
    const link: CallerLink = {
      timeline: this.#timeline,
      agentSpeaking: () => this.#platform.floor.agentSpeaking,
      say: (text, then) => this.#voice.speak(planSpeech(text, this.#timeline.nowMs(), this.#hearing), then),
      press: (digit) => this.#platform.floor.callerDigit(digit),
      leave: () => this.#end('caller', 'left'),
    };
    const own = (to: CallerLink): Caller => {
      if (this.#scenario.kind === 'silent') return new Silent(to);
      if (this.#scenario.kind === 'person') return new Person(this.#scenario, to, rng, this.#recognise);
      return new Recording(this.#scenario, to, fixed.fork('tape'), rng);
    };
    return this.#options.caller?.(link, own) ?? own(link);
  }

  #talkOverGoodbye(): void {
    const text = this.#talkOver;
    if (text === null || this.#voice.talking) return;
    this.#talkOver = null;
    this.#voice.speak(planSpeech(text, this.#timeline.nowMs(), this.#hearing), () => undefined);
  }

  #noteHangUp(): void {
    const turn = this.#platform.feed.transcript.utterances.filter(({ role }) => role === 'user').length;
    this.#hangUpFrame = { atMs: Math.round(this.#timeline.nowMs()), words: this.#voice.spokenWords, turn };
  }

  #end(endedBy: EndedBy, how: string): void {
    const endMs = this.#timeline.nowMs();
    this.#timeline.stop();
    this.#platform.stop();
    this.#socket.close(1000);
    const { saidAllMs } = this.#caller;
    const decidedMs = this.#hangUpFrame?.atMs ?? endMs;
    const { dropped, agentDigits, transferredTo } = this.#platform;
    const { book } = this.#platform.floor;
    const { transcript } = this.#platform.feed;
    this.#resolve({
      id: this.#scenario.id,
      set: this.#scenario.set,
      ...(this.#scenario.group === undefined ? {} : { group: this.#scenario.group }),
      kind: this.#scenario.kind,
      language: this.#scenario.language,
      callId: this.#callId,
      wordsTotal: this.#scenario.wordsTotal,
      endedBy,
      how,
      callMs: Math.round(endMs),
      callerWords: this.#voice.spokenWords,
      ...(this.#hangUpFrame === undefined ? {} : { hangUpFrame: this.#hangUpFrame }),
      saidAllMs: saidAllMs === null ? null : Math.round(saidAllMs),
      live: endedBy === 'agent' && (saidAllMs === null || decidedMs < saidAllMs),
      probes: this.#probes(),
      turns: book.traces,
      unanswered: book.unanswered(endMs),
      maxDeadAirMs: book.maxDeadAirMs(endMs),
      dropped,
      agentDigits,
      ...(transferredTo === null ? {} : { transferredTo }),
      reconnects: this.#socket.reconnects,
      transcript: transcript.utterances.map(({ role, text }) => ({ role, text })),
      ...(this.#scenario.expect === undefined ? {} : { expect: this.#scenario.expect }),
      ...(this.#frames === null ? {} : { frames: this.#frames }),
    });
  }

  #probes(): PlayedProbe[] {
    return this.#platform.speeches.flatMap((speech) => {
      const kind = speech.started ? this.#recognise(speech.text) : null;
      return kind === null ? [] : [{ kind, heard: this.#recognise(speech.spoken.join(' ')) === kind }];
    });
  }
}

function drawHearing(voice: Rng, rng: Rng, noisy: boolean): Hearing {
  const tempo = rng.uniform(1 - TEMPO_SPREAD, 1 + TEMPO_SPREAD);
  return {
    wordsPerS: voice.uniform(CALLER_RATE_MIN, CALLER_RATE_MAX) * tempo,
    wordError: noisy ? rng.uniform(WORD_ERROR_MIN, WORD_ERROR_MAX) : 0,
    rng,
  };
}
