import type { CallClassifier } from '../classifier/classifier.ts';
import type { CallState } from '../guard/state.ts';
import type { Effect, Outcome, PlatformEvent, RunnerEvent } from '../guard/types.ts';
import type { Outgoing, Utterance } from '../platforms/platform.ts';
import type { CallRecord, ModelUse } from '../records/record.ts';
import type { CallJournal } from './call-journal.ts';
import type { CallParts } from './call-parts.ts';
import type { CallRelay } from './call-relay.ts';
import { CallReplies } from './call-replies.ts';
import type { CallTimers } from './call-timers.ts';
import type { TurnLatency } from './record-of.ts';

/** The call that effects are carried out for. */
export interface CallLinks {
  readonly callId: string;
  readonly agent: string;
  readonly timers: CallTimers;
  readonly journal: CallJournal;
  readonly relay: CallRelay | null;
  readonly feed: (event: PlatformEvent | RunnerEvent) => void;
  readonly out: (out: Outgoing) => void;
  readonly state: () => CallState;
  readonly transcript: () => readonly Utterance[];
  /** performance.now() when the frame that is being read came in. */
  readonly receivedAt: () => number;
  readonly closeSocket: (code: number) => void;
  readonly record: (outcome: Outcome) => CallRecord;
  readonly fault: (what: string, error: unknown) => void;
  readonly end: () => void;
}

type Of<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Carries the effects of one call out: to the platform, the responder, the classifier, the records and the clock. */
export class CallEffects {
  readonly #parts: CallParts;
  readonly #call: CallLinks;
  readonly #replies: CallReplies | null;
  readonly #handlers: { readonly [T in Effect['type']]: (effect: Of<T>) => void };
  #classifier: CallClassifier | null = null;

  constructor(parts: CallParts, call: CallLinks) {
    this.#parts = parts;
    this.#call = call;
    const { responder } = parts;
    this.#replies = responder.kind === 'turns' ? new CallReplies({ ...parts, responder }) : null;
    this.#handlers = {
      reply: (effect) => this.#reply(effect),
      'cancel-reply': () => this.#replies?.cancel(),
      say: (effect) => this.#say(effect),
      decide: (effect) => this.#decide(effect),
      'hang-up': (effect) => this.#hangUp(effect),
      'look-up': (effect) => this.#lookUp(effect.number),
      classify: (effect) => this.#classify(effect.turn),
      wake: ({ timer, token, afterMs }) => {
        call.timers.set(timer, afterMs, () => call.feed({ type: 'woke', timer, token }));
      },
      'set-reminders': ({ triggerMs, maxCount }) => call.out({ type: 'reminders', triggerMs, maxCount }),
      finish: (effect) => {
        call.journal.closed(call.record(effect.outcome));
        call.end();
      },
    };
  }

  get latency(): readonly TurnLatency[] {
    return this.#replies?.latency ?? [];
  }

  /** Tokens and cost by model and purpose. */
  get models(): readonly ModelUse[] {
    const replies = (this.#replies?.usage ?? []).map((use) => ({ purpose: 'reply' as const, ...use }));
    const asked = (this.#classifier?.usage() ?? []).map((use) => ({ purpose: 'classify' as const, ...use }));
    return [...replies, ...asked];
  }

  carryOut(effect: Effect): void {
    const handle = this.#handlers[effect.type] as (effect: Effect) => void;
    try {
      handle(effect);
    } catch (error) {
      // Whatever failed, the caller gets an answer and the call an end.
      this.#call.fault(`not carried out: ${effect.type}`, error);
      if (effect.type === 'reply') this.#call.feed({ type: 'replied', turn: effect.turn, result: 'failed' });
      if (effect.type === 'classify') this.#call.feed({ type: 'classified', turn: effect.turn, result: 'failed' });
      if (effect.type === 'finish') this.#call.end();
    }
  }

  close(): void {
    this.#replies?.close();
    this.#classifier?.close();
  }

  #reply({ turn, kind }: Of<'reply'>): void {
    const { callId, feed, out, relay, state, transcript, receivedAt } = this.#call;
    if (!this.#replies) {
      relay?.answer(turn);
      return;
    }
    const language = state().language || this.#parts.policy.language;
    const request = { turn, kind, transcript: transcript(), language };
    this.#replies.start(request, state().facts, receivedAt(), {
      say: (text, done, how) => out({ type: 'speech', turn, text, done, ...how }),
      started: () => feed({ type: 'reply-started', turn }),
      wait: (again) => {
        const text = this.#parts.policy.texts.text(language, 'hold', {});
        out({ type: 'speech', turn, text: `${again ? ' ' : ''}${text} `, done: false });
        feed({ type: 'reply-started', turn });
      },
      // Ids of tool calls are unique over all calls on the platform.
      toolCalled: ({ id, name, arguments: args }) =>
        out({ type: 'tool-call', id: `${callId}:${id}`, name, arguments: args }),
      toolAnswered: ({ id, content, failed }) =>
        out({ type: 'tool-result', id: `${callId}:${id}`, content, successful: !failed }),
      reported: ({ category, confidence, quoted, place }) =>
        feed({ type: 'model-reported', category, confidence, quoted, ...(place ? { span: place } : {}) }),
      ended: (result, { error, ended, transferred }) =>
        feed({
          type: 'replied',
          turn,
          result,
          ...(error === undefined ? {} : { error }),
          ...(ended ? { ended } : {}),
          ...(transferred ? { transferred } : {}),
        }),
    });
  }

  #say(effect: Of<'say'>): void {
    const { relay, journal, out } = this.#call;
    // The first words are those of the server behind the guard.
    if (relay && effect.purpose === 'greeting') return;
    const { turn, text, done, uninterruptible, transferTo } = effect;
    if (done) relay?.taken(turn);
    out({ type: 'speech', turn, text, done, uninterruptible, ...(transferTo ? { transferTo } : {}) });
    if (effect.purpose === 'greeting') journal.greeted();
  }

  #decide({ latch }: Of<'decide'>): void {
    const { journal, record, feed, fault } = this.#call;
    let ok = true;
    try {
      journal.decided(latch, record('failed'));
    } catch (error) {
      ok = false;
      fault('the decision could not be written', error);
    }
    feed({ type: 'recorded', ok });
  }

  #hangUp({ attempt, turn, text }: Of<'hang-up'>): void {
    const { journal, feed, out, closeSocket, relay } = this.#call;
    relay?.taken(turn);
    if (attempt === 4) void this.#stop();
    // A hang-up on this platform, and only ever sent for one.
    else if (attempt === 3) closeSocket(1000);
    else out({ type: 'speech', turn, text, done: true, uninterruptible: true, endCall: true });
    journal.sent(attempt);
    feed({ type: 'sent', attempt });
  }

  async #stop(): Promise<void> {
    let ok = false;
    try {
      ok = (await this.#parts.stopCall?.(this.#call.callId)) ?? false;
    } catch (error) {
      this.#call.fault('the call could not be stopped over the REST API', error);
    }
    this.#call.feed({ type: 'stopped', ok });
  }

  #lookUp(number: string): void {
    const { records, clock } = this.#parts;
    const { feed, fault } = this.#call;
    records.history(number).then(
      (history) => feed({ type: 'looked-up', now: clock.now(), history }),
      (error: unknown) => {
        fault('the history of the number could not be read', error);
        feed({ type: 'looked-up', now: clock.now(), history: null });
      },
    );
  }

  #classify(turn: number): void {
    const { callId, agent, feed, transcript } = this.#call;
    this.#classifier ??= this.#parts.classify?.(callId) ?? null;
    if (!this.#classifier) {
      feed({ type: 'classified', turn, result: 'failed' });
      return;
    }
    this.#classifier.ask({ turn, agent, transcript: transcript() }, feed);
  }
}
