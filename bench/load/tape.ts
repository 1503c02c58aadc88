import { seededRng } from '../../src/workshop/player/rng.ts';
import { timeWords } from '../../src/workshop/player/speech-plan.ts';
import { splitWords } from '../../src/workshop/player/words.ts';
import { clientFrame } from './ws-frame.ts';

/** Turns of a long call: with word timings its last frame has some 87 KB for each of the arrays. */
export const LONGEST_TURNS = 60;

const AGENT_WORDS_PER_S = 2.7;
const CALLER_WORDS_PER_S = 2.7;
/** From the request to the agent's first word, and from its last word to the caller's first. */
const AGENT_STARTS_MS = 900;
const CALLER_STARTS_MS = 700;
/** From the caller's last word to the platform's request. */
const ENDPOINT_MS = 600;
/** A word is shown unfinished first so often: updates then come every 150 to 300 ms of speech. */
const INTERIM = 0.55;

type Exchange = (
  turn: number,
  rng: ReturnType<typeof seededRng>,
) => { readonly agent: string; readonly caller: string };

export interface TapeOptions {
  readonly seed: string;
  /** Exchanges that lie behind when the tape begins. */
  readonly fromTurn: number;
  /** Exchanges on the tape. Default: as many as fit in `lastsMs`. */
  readonly turns?: number;
  /** The tape begins so far into its first exchange. */
  readonly skipMs?: number;
  /** The tape ends after this. */
  readonly lastsMs?: number;
  /** Put `transcript_with_tool_calls` beside `transcript`, as the platform does for a server that asks for it. */
  readonly tools: boolean;
  readonly exchange: Exchange;
}

/** A frame as it goes over the wire, masked, and when. */
export interface TapeFrame {
  readonly atMs: number;
  readonly wire: Buffer;
  /** The turn that is asked for; 0 for an update. */
  readonly asks: number;
}

interface Word {
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Frames of one call from a certain age on, at the pace of speech: updates while agent and caller speak, and the
 * request behind each of the caller's utterances. Made once, so that playing them costs a write each.
 */
export function makeTape(options: TapeOptions): readonly TapeFrame[] {
  const { seed, fromTurn, tools, exchange, turns = LONGEST_TURNS, skipMs = 0 } = options;
  const lastsMs = options.lastsMs ?? Number.POSITIVE_INFINITY;
  const rng = seededRng(seed);
  const done: string[] = [];
  const frames: TapeFrame[] = [];
  let nowMs = 0;
  let beginsMs = Number.POSITIVE_INFINITY;

  const emit = (open: string, asks: number): void => {
    if (nowMs < beginsMs) return;
    const utterances = open === '' ? done.join(',') : done.length === 0 ? open : `${done.join(',')},${open}`;
    const arrays = `"transcript":[${utterances}]${tools ? `,"transcript_with_tool_calls":[${utterances}]` : ''}`;
    const type = asks === 0 ? '"update_only"' : `"response_required","response_id":${asks}`;
    frames.push({
      atMs: nowMs - beginsMs,
      asks,
      wire: clientFrame(Buffer.from(`{"interaction_type":${type},${arrays}}`)),
    });
  };
  const speak = (role: 'agent' | 'user', text: string, rate: number, shown: boolean): void => {
    const words = timeWords(splitWords(text), nowMs, rate);
    for (let i = 0; shown && i < words.length; i++) {
      const { word, startMs, endMs } = words[i]!;
      if (word.length > 3 && rng.chance(INTERIM)) {
        nowMs = (startMs + endMs) / 2;
        const interim = { word: word.slice(0, word.length >> 1), startMs, endMs: Math.round(nowMs) };
        emit(utterance(role, [...words.slice(0, i), interim]), 0);
      }
      nowMs = endMs;
      emit(utterance(role, words.slice(0, i + 1)), 0);
    }
    nowMs = words.at(-1)?.endMs ?? nowMs;
    done.push(utterance(role, words));
  };

  for (let turn = 0; turn < fromTurn + turns; turn++) {
    const shown = turn >= fromTurn;
    if (turn === fromTurn) beginsMs = nowMs + skipMs;
    if (nowMs - beginsMs > lastsMs) break;
    const { agent, caller } = exchange(turn, rng);
    nowMs += AGENT_STARTS_MS;
    speak('agent', agent, AGENT_WORDS_PER_S, shown);
    nowMs += CALLER_STARTS_MS;
    speak('user', caller, CALLER_WORDS_PER_S, shown);
    nowMs += ENDPOINT_MS;
    if (shown) emit('', turn + 1);
  }
  return frames.filter(({ atMs }) => atMs <= lastsMs);
}

/** As on the wire: seconds from the start of the call. */
function utterance(role: 'agent' | 'user', words: readonly Word[]): string {
  return JSON.stringify({
    role,
    content: words.map(({ word }) => word).join(' '),
    words: words.map(({ word, startMs, endMs }) => ({ word, start: startMs / 1000, end: endMs / 1000 })),
  });
}
