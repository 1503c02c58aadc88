import { type Slot, signal } from '../signal.ts';
import { spanOf } from '../utterance.ts';

interface Own {
  /** End of the agent's last line that the caller has not answered yet. */
  readonly agentEndMs: number | null;
  readonly answers: number;
}

/** A short turn that begins once the agent has finished. Recordings do it by chance, people do it all the time. */
const SHORT_WORDS = 14;
const SOON_MS = 6_000;

function evidenceOf(own: Own, span: { index: number; from: number; to: number }): Slot<Own>['evidence'] {
  if (own.answers === 0) return null;
  return {
    level: own.answers >= 4 ? 'four' : own.answers >= 2 ? 'two' : 'one',
    reason: `${own.answers} short answer${own.answers === 1 ? '' : 's'} after the agent had finished`,
    values: { answers: own.answers },
    span,
  };
}

/** Takes turns: answers briefly after the agent's line. Needs word timings. */
export const goodAnswers = signal<Own>({
  name: 'good-answers',
  follows: 'transcript',
  phrases: {},
  start: { agentEndMs: null, answers: 0 },
  observe(slot, seen, before) {
    if (seen.type !== 'said') return before;
    const { said } = seen;
    if (said.startMs === undefined || said.endMs === undefined) return before;
    const { agentEndMs, answers } = before.own;
    if (said.role === 'agent') return { own: { agentEndMs: said.endMs, answers }, evidence: before.evidence };
    const n = said.tokens.words.length;
    const fits =
      agentEndMs !== null &&
      n > 0 &&
      n <= SHORT_WORDS &&
      said.startMs >= agentEndMs + 120 &&
      said.startMs - agentEndMs < SOON_MS;
    const own: Own = { agentEndMs: null, answers: answers + (fits ? 1 : 0) };
    if (!fits) return { own, evidence: before.evidence };
    const span = spanOf(said, 0, n);
    // A word more of the same answer.
    const known = said.stable > 0 && slot.own.answers === own.answers ? slot.evidence : null;
    return { own, evidence: known ? { ...known, span } : evidenceOf(own, span) };
  },
});
