import { numberList } from '../../src/guard/number-list.ts';
import { DEFAULT_ACTIONS, type Policy, thresholds } from '../../src/guard/policy.ts';
import { type CallState, startCall } from '../../src/guard/state.ts';
import { createStep } from '../../src/guard/step.ts';
import type { CallEvent, CallFacts, Effect, PlatformEvent, RunnerEvent, Word } from '../../src/guard/types.ts';
import { pointsOf, toPoints } from '../../src/guard/weights.ts';
import { loadPrompts, type TextKind } from '../../src/prompts.ts';
import { loadWeights } from '../../src/weights-file.ts';

const { weights } = loadWeights();
const prompts = loadPrompts();

/** A policy with the package's weights and texts, enforcing. */
export function testPolicy(changes: Partial<Policy> = {}): Policy {
  return {
    mode: 'enforce',
    signalModes: {},
    weights,
    priorPoints: toPoints(1 / 9),
    thresholds: thresholds(100, pointsOf(weights, 'probe-answers', 'closing-ignored')),
    actions: DEFAULT_ACTIONS,
    texts: {
      languages: prompts.languages,
      text: (language, kind, vars) => prompts.text(language, kind as TextKind, { scope: '', agent: '', ...vars }),
      answers: (language) => prompts.answers(language),
    },
    agent: 'the office',
    language: 'en',
    scope: 'appointments',
    greeting: 'Hello, how can I help you?',
    voicemailMessage: '',
    screeningAnswer: '',
    lists: { allow: numberList([]), block: numberList([]), protect: numberList([]) },
    sanctioned: ['CU', 'IR', 'KP', 'SY', 'RU', 'BY', 'VE'],
    silence: { triggerMs: 8_000, maxCount: 6 },
    ownReminders: { triggerMs: 10_000, maxCount: 1 },
    lookUpMs: 300,
    fallbackMs: 3_500,
    setsReminders: true,
    classifications: 0,
    goOnMs: 300_000,
    reconnectMs: 30_000,
    canStop: false,
    ...changes,
  };
}

export const facts = (changes: Partial<CallFacts> = {}): CallFacts => ({
  callId: 'call_1',
  agent: 'default',
  platform: 'retell',
  direction: 'inbound',
  noText: false,
  ...changes,
});

/** Words at 2.5 a second from `startMs`. */
export const timed = (text: string, startMs: number, perWordMs = 400): Word[] =>
  text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word, i) => ({ word, startMs: startMs + i * perWordMs, endMs: startMs + (i + 1) * perWordMs - 40 }));

/** Plays events against `step` by hand: the shell's duties (recorded, sent, replies) are done at once. */
export class Bench {
  state: CallState;
  readonly effects: Effect[] = [];
  readonly events: CallEvent[] = [];
  at = 0;
  index = 0;
  turn = 0;
  callMs = 0;
  spoolWorks = true;
  readonly #step;

  constructor(policy: Policy = testPolicy()) {
    this.#step = createStep(policy);
    this.state = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  }

  feed(event: PlatformEvent | RunnerEvent): readonly Effect[] {
    const stamped = { ...event, at: this.at } as CallEvent;
    this.events.push(stamped);
    const { state, effects } = this.#step(this.state, stamped);
    this.state = state;
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type === 'decide') this.feed({ type: 'recorded', ok: this.spoolWorks });
      if (effect.type === 'hang-up') this.feed({ type: 'sent', attempt: effect.attempt });
      if (effect.type === 'look-up') this.feed({ type: 'looked-up', now: 0, history: null });
      if (effect.type === 'reply') {
        this.feed({ type: 'reply-started', turn: effect.turn });
        this.feed({ type: 'replied', turn: effect.turn, result: 'completed' });
      }
    }
    return effects;
  }

  open(changes: Partial<CallFacts> = {}): this {
    this.feed({ type: 'call-opened', facts: facts(changes) });
    return this;
  }

  /** The agent's line, spoken in full. */
  agent(text: string): this {
    const words = timed(text, this.callMs + 400);
    this.callMs = words.at(-1)?.endMs ?? this.callMs;
    this.at = Math.max(this.at, this.callMs);
    this.feed({ type: 'agent-said', index: this.index++, text, words });
    return this;
  }

  /** The caller speaks, growing by `step` words; with a turn request at the end unless `turn` is false. */
  caller(text: string, options: { gapMs?: number; turn?: boolean; grow?: number } = {}): this {
    const { gapMs = 700, turn = true, grow = 3 } = options;
    const words = timed(text, this.callMs + gapMs);
    const pieces = text.split(/\s+/).filter((word) => word !== '');
    const index = this.index++;
    for (let n = grow; ; n += grow) {
      const end = Math.min(n, pieces.length);
      this.callMs = words[end - 1]?.endMs ?? this.callMs;
      this.at = Math.max(this.at, this.callMs);
      this.feed({ type: 'caller-said', index, text: pieces.slice(0, end).join(' '), words: words.slice(0, end) });
      if (n >= pieces.length) break;
    }
    if (turn) this.ask();
    return this;
  }

  ask(kind: 'reply' | 'reminder' = 'reply'): this {
    this.at += kind === 'reminder' ? 8_000 : 600;
    this.feed({ type: 'turn-requested', turn: ++this.turn, kind });
    return this;
  }

  /** Lets the newest timer of that name ring. */
  wake(timer: string): this {
    const last = this.effects.findLast((effect) => effect.type === 'wake' && effect.timer === timer);
    if (last?.type !== 'wake') throw new Error(`no timer ${timer} was set`);
    this.at += last.afterMs;
    this.feed({ type: 'woke', timer, token: last.token });
    return this;
  }

  of<T extends Effect['type']>(type: T): Extract<Effect, { type: T }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
  }
}
