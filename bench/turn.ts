/**
 * What scoring one turn costs: the caller's utterance growing every three words, with word timings, and the platform's
 * request for an answer, through `step`, at the first and the last turn of a long call. Without the word scorer.
 * `--json` prints the numbers; exit code 1 above 20 µs an event, or when the last turn costs over 1.3 times the first.
 */
import { type CallState, startCall } from '../src/guard/state.ts';
import { createStep } from '../src/guard/step.ts';
import type { CallEvent, Word } from '../src/guard/types.ts';
import { loadWeights } from '../src/weights-file.ts';
import { facts, testPolicy } from '../test/guard/call-kit.ts';

const TURNS = 60;
const CALLER_WORDS = 15;
const AGENT_WORDS = 12;
const GROWS_BY = 3;
const WARM_UP = 2_000;
const ROUNDS = 6_000;
const LIMIT_US = 20;
const LIMIT_RATIO = 1.3;

const VOCABULARY = (
  'i would like to move my appointment from monday because the car is in the garage and my sister has it until friday ' +
  'so could we say wednesday morning around ten or maybe after lunch if doctor miller works then she knows about my knee ' +
  'it still hurts when walking down stairs but less than before we changed those tablets which were making me sleepy all ' +
  'day long what else was there oh yes please check whether an invoice for march went to our old address in green street'
).split(' ');

/** Numbers 0..1, the same in every run. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function wordsFrom(random: () => number, count: number, startMs: number): Word[] {
  return Array.from({ length: count }, (_, i) => ({
    word: VOCABULARY[Math.floor(random() * VOCABULARY.length)] ?? 'yes',
    startMs: startMs + i * 350,
    endMs: startMs + i * 350 + 300,
  }));
}

const textOf = (words: readonly Word[]): string => words.map(({ word }) => word).join(' ');

interface Turn {
  readonly before: CallState;
  readonly events: readonly CallEvent[];
}

const policy = testPolicy();
const step = createStep(policy);

/** A customer's call; each turn with the state that it begins from. */
function playCall(): Turn[] {
  const random = seeded(7);
  let state = startCall(policy, { callId: 'call_1', agent: 'default', platform: 'retell' });
  let ms = 0;
  const feed = (event: CallEvent): void => {
    state = step(state, event).state;
  };
  feed({ type: 'call-opened', facts: facts(), at: 0 });
  return Array.from({ length: TURNS }, (_, n) => {
    const line = wordsFrom(random, AGENT_WORDS, ms + 500);
    ms = line.at(-1)?.endMs ?? ms;
    feed({ type: 'agent-said', index: 2 * n, text: `${textOf(line)}.`, words: line, at: ms });
    const said = wordsFrom(random, CALLER_WORDS, ms + 700);
    const before = state;
    const events: CallEvent[] = [];
    for (let count = GROWS_BY; count <= CALLER_WORDS; count += GROWS_BY) {
      const words = said.slice(0, count);
      ms = words.at(-1)?.endMs ?? ms;
      events.push({ type: 'caller-said', index: 2 * n + 1, text: textOf(words), words, at: ms });
    }
    events.push({ type: 'turn-requested', turn: n + 1, kind: 'reply', at: ms + 500 });
    for (const event of events) feed(event);
    feed({ type: 'reply-started', turn: n + 1, at: ms + 900 });
    feed({ type: 'replied', turn: n + 1, result: 'completed', at: ms + 1_000 });
    return { before, events };
  });
}

const p50 = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;

/** Median µs of one event and of the whole turn. The step is pure: a turn can be played as often as one likes. */
function measure({ before, events }: Turn, rounds: number): { eventUs: number; turnUs: number } {
  const each: number[] = [];
  const whole: number[] = [];
  for (let i = 0; i < rounds; i++) {
    let state = before;
    let sum = 0;
    for (const event of events) {
      const start = process.hrtime.bigint();
      state = step(state, event).state;
      const us = Number(process.hrtime.bigint() - start) / 1000;
      each.push(us);
      sum += us;
    }
    whole.push(sum);
  }
  return { eventUs: p50(each), turnUs: p50(whole) };
}

const turns = playCall();
const [first, last] = [turns[0], turns.at(-1)];
if (!first || !last) throw new Error('no turns');
if (turns.some(({ before }) => before.rung !== 'continue')) throw new Error('the call is no ordinary one');
for (let i = 0; i < WARM_UP / 100; i++) for (const turn of [first, last]) measure(turn, 100);
// By turns in small helpings, so that whatever else the machine does falls on both.
const halves = Array.from({ length: 10 }, () => [measure(first, ROUNDS / 10), measure(last, ROUNDS / 10)] as const);
const result = ([0, 1] as const).map((which) => ({
  turn: which === 0 ? 1 : TURNS,
  events: first.events.length,
  eventUs: p50(halves.map((half) => half[which].eventUs)),
  turnUs: p50(halves.map((half) => half[which].turnUs)),
}));
const ratio = (result[1]?.turnUs ?? 0) / (result[0]?.turnUs ?? 1);

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ turns: TURNS, weights: loadWeights().weights.version, result, ratio }));
} else {
  console.table(
    result.map(({ turn, events, eventUs, turnUs }) => ({
      turn,
      events,
      'p50 µs an event': eventUs.toFixed(2),
      'p50 µs a turn': turnUs.toFixed(2),
    })),
  );
  console.log(`turn ${TURNS} costs ${ratio.toFixed(2)} times turn 1`);
}
if (result.some(({ eventUs }) => eventUs > LIMIT_US) || ratio > LIMIT_RATIO) process.exitCode = 1;
