import type { PlayResult } from '../../src/workshop/player/play-result.ts';
import type { Asked } from './retell-server.ts';

interface Timed {
  readonly role: string;
  readonly start: number;
  readonly end: number;
}

/** What a server sees of a call, as a lazy rule would look at it. */
export interface Seen {
  readonly asked: readonly Asked[];
  /** The last transcript, word by word in order of time. */
  readonly words: readonly Timed[];
}

/** Up to the caller's last word: what a tape does after its end is silence, and is reported apart. */
export function seen(result: PlayResult): Seen {
  const untilMs = result.saidAllMs ?? result.callMs;
  const asked = (result.frames ?? [])
    .filter(({ from, atMs }) => from === 'platform' && atMs <= untilMs)
    .map(({ text }) => JSON.parse(text) as Asked);
  const last = asked.filter(({ transcript }) => transcript !== undefined).at(-1);
  const words = (last?.transcript ?? [])
    .flatMap(({ role, words: timed }) => timed.map(({ start, end }) => ({ role, start, end })))
    .sort((a, b) => a.start - b.start);
  return { asked, words };
}

const callers = (of: Seen): Timed[] => of.words.filter(({ role }) => role === 'user');
const mean = (xs: readonly number[]): number => (xs.length === 0 ? 0 : xs.reduce((a, b) => a + b, 0) / xs.length);
const overlaps = (of: Seen): Timed[] =>
  callers(of).filter((word) => of.words.some((a) => a.role === 'agent' && a.start < word.end && word.start < a.end));

function greetingEnd(of: Seen): number {
  const first = of.words.findIndex(({ role }) => role === 'agent');
  if (first < 0) return 0;
  let end = 0;
  for (const word of of.words.slice(first)) {
    if (word.role === 'agent' && (end === 0 || word.start - end < 0.3)) end = word.end;
    else if (word.role === 'agent') break;
  }
  return end;
}

/** Silence before each stretch of caller words, since anybody's last word. */
function gaps(of: Seen): number[] {
  const out: number[] = [];
  let end = 0;
  for (const word of of.words) {
    if (word.role === 'user' && word.start - end >= 0.25) out.push(word.start - end);
    end = Math.max(end, word.end);
  }
  return out;
}

/** Pauses between the caller's words in which the agent said nothing. */
function pauses(of: Seen): number[] {
  const out: number[] = [];
  let before: Timed | null = null;
  for (const word of of.words) {
    if (word.role === 'user' && before?.role === 'user' && word.start - before.end >= 0.2)
      out.push(word.start - before.end);
    before = word;
  }
  return out;
}

const firstRequest = (of: Seen): number =>
  of.asked.findIndex(({ interaction_type }) => interaction_type === 'response_required');
const firstWords = (of: Seen): number =>
  (of.asked[firstRequest(of)]?.transcript ?? [])
    .filter(({ role }) => role === 'user')
    .reduce((n, u) => n + u.words.length, 0);

/** Frames in which a word that had been shown was another. */
function corrections(of: Seen): number {
  let before = '';
  let count = 0;
  for (const { transcript } of of.asked) {
    if (transcript === undefined) continue;
    const text = transcript
      .filter(({ role }) => role === 'user')
      .map(({ content }) => content)
      .join(' ');
    if (!text.startsWith(before)) count++;
    before = text;
  }
  return count;
}

/** Rules about how a caller is played; none may tell people from machines. */
export const ONE_LINE_RULES: Readonly<Record<string, (of: Seen) => number>> = {
  'first word overlaps the greeting': (of) => Number((callers(of)[0]?.start ?? 99) < greetingEnd(of)),
  'first word before 1 s': (of) => Number((callers(of)[0]?.start ?? 99) < 1),
  'time of the first word': (of) => callers(of)[0]?.start ?? 99,
  'mean gap before caller speech': (of) => mean(gaps(of)),
  'shortest gap': (of) => Math.min(99, ...gaps(of)),
  'mean pause inside caller speech': (of) => mean(pauses(of)),
  'longest pause inside caller speech': (of) => Math.max(0, ...pauses(of)),
  'update frames before the first turn': (of) =>
    of.asked
      .slice(0, Math.max(0, firstRequest(of)))
      .filter(({ interaction_type }) => interaction_type === 'update_only').length,
  'caller words at the first turn': firstWords,
  'any overlap': (of) => Number(overlaps(of).length > 0),
  'overlapping words a caller word': (of) => overlaps(of).length / Math.max(1, callers(of).length),
  'speech rate': (of) => mean(callers(of).map(({ start, end }) => end - start)),
  'caller speaks before the agent': (of) => Number(of.words[0]?.role === 'user'),
  'requests a caller word': (of) =>
    of.asked.filter(({ interaction_type }) => interaction_type === 'response_required').length /
    Math.max(1, callers(of).length),
  'corrected words a caller word': (of) => corrections(of) / Math.max(1, callers(of).length),
  'stretches of speech a caller word': (of) => (1 + gaps(of).length) / Math.max(1, callers(of).length),
  'ends of the call id': (of) => String(of.asked.find(({ call }) => call !== undefined)?.call?.call_id).charCodeAt(31),
  'area code': (of) => Number(String(of.asked.find(({ call }) => call !== undefined)?.call?.from_number).slice(2, 5)),
  reminders: (of) => of.asked.filter(({ interaction_type }) => interaction_type === 'reminder_required').length,
};

/** Balanced accuracy of the best threshold on one number, either way round. */
export function balancedAccuracy(machines: readonly number[], people: readonly number[]): number {
  const all = [...machines.map((x) => ({ x, machine: true })), ...people.map((x) => ({ x, machine: false }))];
  all.sort((a, b) => a.x - b.x);
  let best = 0.5;
  let machinesBelow = 0;
  let peopleBelow = 0;
  all.forEach(({ x, machine }, index) => {
    if (machine) machinesBelow++;
    else peopleBelow++;
    if (all[index + 1]?.x === x) return;
    const accuracy = (machinesBelow / machines.length + 1 - peopleBelow / people.length) / 2;
    best = Math.max(best, accuracy, 1 - accuracy);
  });
  return best;
}
