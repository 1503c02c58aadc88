import { type Slot, signal } from '../signal.ts';
import type { Said } from '../utterance.ts';

interface Line {
  readonly startMs: number;
  readonly endMs: number;
}

interface Own {
  /** The agent's last line that is not judged yet. */
  readonly line: Line | null;
  /** Call time at which the caller last stopped speaking. */
  readonly callerEndMs: number;
  /** Agent lines that the caller talked over, and that the caller let finish before answering. */
  readonly over: number;
  readonly waited: number;
}

/** Two people overlap by this much at a change of turn without anybody interrupting. */
const TURN_CHANGE_MS = 300;
/** Going on for this long after the agent has cut in is going on as if nobody had spoken. */
const YIELD_MS = 1_500;
/** "Mm-hm", "okay": listening, not interrupting. */
const BACK_CHANNEL_WORDS = 2;

const LATEST = 12;

function evidenceOf(own: Own): Slot<Own>['evidence'] {
  const { over, waited } = own;
  // Interrupting is common among people, blind interrupting is not: what counts is how much it outweighs the waiting.
  const lean = 2 * over - waited;
  if (over + waited < 2) return null;
  const level =
    lean <= -4
      ? 'waits'
      : lean <= -2
        ? 'mostly-waits'
        : lean >= 13
          ? 'blindly'
          : lean >= 8
            ? 'always'
            : lean >= 6
              ? 'nearly-always'
              : lean >= 4
                ? 'often'
                : lean >= 2
                  ? 'sometimes'
                  : 'mixed';
  return {
    level,
    reason: `talked over ${over} of ${over + waited} lines of the agent`,
    values: { over, waited },
  };
}

/** Judges the agent's last line once the caller speaks after its start. */
function judge(own: Own, line: Line, said: Said): Own {
  const { startMs, endMs } = said;
  if (startMs === undefined || endMs === undefined || own.over + own.waited >= LATEST) return own;
  const alreadyTalking = own.callerEndMs > line.startMs || startMs < line.startMs;
  if (alreadyTalking) {
    // The agent cut in: only going on long afterwards says something.
    return endMs - line.startMs > YIELD_MS && said.tokens.words.length > BACK_CHANNEL_WORDS
      ? { ...own, over: own.over + 1 }
      : own;
  }
  if (startMs < line.endMs - TURN_CHANGE_MS || cutShort(line, startMs)) {
    return said.tokens.words.length > BACK_CHANNEL_WORDS ? { ...own, over: own.over + 1 } : own;
  }
  return { ...own, waited: own.waited + 1 };
}

/** After barge-in the platform's transcript keeps only what was spoken, so a cut line ends where the caller begins. */
const cutShort = (line: Line, startMs: number): boolean => startMs < line.endMs + 120;

/** Talks over the agent line after line, as a recording does; needs word timings, says nothing without them. */
export const talksOver = signal<Own>({
  name: 'talks-over',
  follows: 'transcript',
  start: { line: null, callerEndMs: 0, over: 0, waited: 0 },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return slot;
    const { said } = seen;
    if (said.startMs === undefined || said.endMs === undefined) return before;
    if (said.role === 'agent') {
      const line = { startMs: said.startMs, endMs: said.endMs };
      return { own: { ...before.own, line }, evidence: before.evidence };
    }
    const { line } = before.own;
    const judged = line ? judge(before.own, line, said) : before.own;
    const open = judged === before.own;
    const own: Own = {
      // A back-channel leaves the line open for the words that follow it.
      line: open ? line : null,
      callerEndMs: Math.max(before.own.callerEndMs, said.endMs),
      over: judged.over,
      waited: judged.waited,
    };
    return { own, evidence: open ? before.evidence : evidenceOf(own) };
  },
});
