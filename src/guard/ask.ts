import { keepEvidence, scoreEvidence, showSignals } from './evidence.ts';
import { type Judgement, judgeReply } from './probe-answer.ts';
import { isQuoted } from './signals/quoting.ts';
import {
  type Asked,
  append,
  callerTurn,
  callerWords,
  type Draft,
  MOST,
  moveRung,
  say,
  speechMs,
  wake,
} from './state.ts';
import type { ProbeKind, ProbeResult, Word } from './types.ts';
import type { Said } from './utterance.ts';

/** A caller who was cut in on needs this long to stop and take in what was asked. */
const YIELD_MS = 1_200;
/** A pause this long before the answer is a stop. */
const STOP_MS = 450;
/** The platform's voice takes about this long to begin. */
const VOICE_MS = 500;
/** Time to answer after the closing sentence: people take up to four seconds, and the ASR a moment more. */
const CLOSING_MS = 5_000;
/** A reply goes on this long after "one moment please". */
export const HOLD_MS = 2_000;
/** Words that a caller gets before the next question. */
const CALM_WORDS = 10;

const MACHINE_TAGS = ['robocall-wording:', 'keypad-menu:', 'voicemail-greeting:', 'bot-loop:', 'sales-pitch:'];
/** Kinds that people say too. */
const HARMLESS = [
  'robocall-wording:thanks',
  'robocall-wording:urgency',
  'robocall-wording:government',
  'sales-pitch:opener',
  'sales-pitch:price',
];

function machineWording(said: Said, fromWord: number): boolean {
  return said.hits.some(
    (hit) =>
      hit.from >= fromWord &&
      MACHINE_TAGS.some((tag) => hit.tag.startsWith(tag)) &&
      !HARMLESS.includes(hit.tag) &&
      !isQuoted(said, hit),
  );
}

/** Asks: in the open turn where there is one, else by cutting in. */
export function ask(draft: Draft, kind: ProbeKind | 'closing', why: string): void {
  const { now, effects, policy } = draft;
  const turn = now.turn;
  const open = turn?.state === 'open';
  const text = say(draft, kind);
  if (turn?.state === 'replying') effects.push({ type: 'cancel-reply', turn: turn.id });
  const offer = now.rule?.name === 'protect' && policy.transferTo ? { transferTo: policy.transferTo } : {};
  effects.push({
    type: 'say',
    purpose: kind === 'closing' ? 'closing' : 'probe',
    turn: open ? turn.id : null,
    text,
    done: kind !== 'hold' || !open,
    // Cutting in must be heard to the end, or somebody who was just speaking never learns of it.
    uninterruptible: !open,
    ...offer,
  });
  if (turn) now.turn = { ...turn, state: open && kind === 'hold' ? 'held' : 'done' };
  const last = now.heard.recent.findLast((one) => one.line.role === 'caller');
  const heardMs = now.callMs + VOICE_MS + (open ? 0 : YIELD_MS);
  now.asked = {
    kind,
    via: open ? 'turn' : 'interrupt',
    turn: callerTurn(now),
    callMs: now.callMs,
    heardMs,
    mark: { index: last?.line.index ?? -1, words: last?.words ?? 0 },
    parts: [],
    digit: false,
    yielded: true,
    callerEndMs: last?.line.endMs ?? 0,
    reminders: 0,
    prolonged: false,
    earlier: now.heard.reading.said,
  };
  moveRung(draft, kind === 'closing' ? 'closing' : 'probe', why);
  if (kind === 'closing') {
    now.closingsAsked++;
    wake(draft, 'closing', VOICE_MS + speechMs(text) + CLOSING_MS + (open ? 0 : YIELD_MS / 2));
  } else {
    now.probesAsked++;
    if (kind === 'hold' && open) wake(draft, 'hold', VOICE_MS + speechMs(text) + HOLD_MS);
  }
}

/** Takes in an utterance while a question is out, with the times of its words. */
export function hearAnswer(draft: Draft, said: Said, timings: readonly Word[]): void {
  const { asked } = draft.now;
  if (!asked) return;
  if (said.role === 'agent') {
    // The platform's own timing of our question is better than the estimate.
    if (
      said.startMs !== undefined &&
      said.index > asked.mark.index &&
      said.startMs >= asked.callMs - 300 &&
      asked.parts.length === 0
    ) {
      draft.now.asked = { ...asked, heardMs: said.startMs + (asked.via === 'interrupt' ? YIELD_MS : 200) };
    }
    return;
  }
  if (said.index < asked.mark.index) return;
  let from = said.index === asked.mark.index ? asked.mark.words : 0;
  while (from < timings.length && (timings[from]?.startMs ?? 0) < asked.heardMs) from++;
  const words = said.tokens.words.slice(from, from + 40);
  const parts = asked.parts.filter((part) => part.index !== said.index).slice(-5);
  const before = timings[from - 1]?.endMs ?? asked.callerEndMs;
  const start = timings[from]?.startMs;
  // Without word timings a new utterance is a stop.
  const stopped = start === undefined ? said.index > asked.mark.index : start - before >= STOP_MS;
  const yielded = parts.length === 0 ? stopped : asked.yielded;
  if (words.length > 0) parts.push({ index: said.index, words, machine: machineWording(said, from) });
  draft.now.asked = {
    ...asked,
    parts,
    yielded,
    ...(parts.length === 0 && said.endMs ? { callerEndMs: said.endMs } : {}),
  };
}

/** How the question is answered so far. */
export function judge(draft: Draft, finished: boolean): Judgement {
  const { asked, language } = draft.now;
  if (!asked) return { result: 'unanswered', why: 'nothing was asked' };
  return judgeReply(
    asked.kind,
    {
      words: asked.parts.flatMap((part) => part.words),
      machine: asked.parts.some((part) => part.machine),
      digit: asked.digit,
      yielded: asked.yielded,
      finished,
      earlier: asked.earlier,
    },
    draft.policy.texts,
    language,
  );
}

/** Puts down how a question was answered; it is out no more. */
export function settle(draft: Draft, asked: Asked, result: ProbeResult, why: string): void {
  const { now } = draft;
  now.asked = null;
  now.probes = append(
    now.probes,
    { kind: asked.kind, turn: asked.turn, callMs: asked.callMs, result, why },
    MOST.probes,
  );
  showSignals(draft, { type: 'probe', kind: asked.kind, result });
  scoreEvidence(draft);
  keepEvidence(draft);
  // Somebody who answered is left in peace for a while; after an unclear answer the next question may come at once.
  now.calmUntilWords = callerWords(now) + (result === 'passed' ? CALM_WORDS : result === 'unclear' ? 0 : 1);
}
