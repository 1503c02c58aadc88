import { newest } from '../newest.ts';
import { type Slot, signal } from '../signal.ts';
import { spanOf } from '../utterance.ts';
import { overlapsBy, type Vocabulary } from '../vocabulary.ts';

interface Own {
  /** The caller's last utterances, newest last. */
  readonly earlier: readonly Vocabulary[];
  readonly same: number;
  /** It called itself an assistant or asked how it may help, as answering software does. */
  readonly assistant: number;
  /** Identical short utterances in a row: "Hello?", "Hello?", ... */
  readonly stuck: number;
}

const REMEMBERED = 6;
const NEAR_IDENTICAL = 0.72;
/** "Representative!" five times over is an angry customer, not a bot. */
const ENOUGH_WORDS = 7;

/** With one-way audio people say hello half a dozen times, not a dozen. */
const STUCK = 10;
const STUCK_LONG = 16;

function levelOf({ same, assistant, stuck }: Own): string | undefined {
  if (stuck >= STUCK) return stuck >= STUCK_LONG ? 'stuck-long' : 'stuck';
  if (assistant > 0) {
    if (same >= 3) return 'assistant-loop';
    if (same >= 1) return 'assistant-again';
    return assistant > 1 ? 'assistant-twice' : 'assistant-once';
  }
  return same >= 4 ? 'loop' : same >= 2 ? 'again' : undefined;
}

/** Near-identical utterances exchange after exchange, or software that introduces itself as an assistant. */
export const botLoop = signal<Own>({
  name: 'bot-loop',
  follows: 'transcript',
  phrases: {
    assistant: [
      '(i am|im|this is|you are speaking with|youre speaking with) (a|an|the|your|our) ~2 (virtual|ai|automated|digital|voice) (assistant|agent|receptionist|system|attendant)',
      '(i am|im|as) an ai',
      'how (may|can) i (help|assist) you today',
      'how (may|can) i (assist|direct your call)',
      'i (did not|didnt) (understand|catch|get) (that|your) ~1 (please|could|say|input|request|response)',
      'you can say things like',
      'in a few words tell me',
      'your response was not (recognized|understood)',
      'is there anything else i can (help|assist) you with',
      'soy (un|una|el|la) asistente (virtual|digital)',
      'je suis (un|une|lassistant) ~1 virtuel',
    ],
  },
  start: { earlier: [], same: 0, assistant: 0, stuck: 0 },
  observe(_slot, seen, before): Slot<Own> {
    if (seen.type !== 'said' || seen.said.role !== 'caller') return before;
    const { said } = seen;
    const count = said.hashes.length;
    if (count === 0) return before;
    const words = said.vocabulary;
    const { earlier } = before.own;
    const same = count >= ENOUGH_WORDS && earlier.some((old) => overlapsBy(old, words, NEAR_IDENTICAL));
    const assistant = said.hits.some((hit) => hit.tag === 'bot-loop:assistant');
    const last = earlier[earlier.length - 1];
    const own: Own = {
      stuck: count < ENOUGH_WORDS && last && overlapsBy(words, last, 1) ? before.own.stuck + 1 : 0,
      earlier: newest(earlier, words, REMEMBERED),
      same: before.own.same + (same ? 1 : 0),
      assistant: before.own.assistant + (assistant ? 1 : 0),
    };
    const level = levelOf(own);
    if (!level) return { own, evidence: null };
    return {
      own,
      evidence: {
        level,
        category: 'bot_loop',
        reason:
          own.stuck >= STUCK
            ? `said the same few words ${own.stuck + 1} times over`
            : own.same > 0
              ? `nearly the same words ${own.same + 1} times over${own.assistant > 0 ? ', and speaks as an automatic assistant' : ''}`
              : 'speaks as an automatic assistant',
        values: { same: own.same, assistant: own.assistant },
        span: spanOf(said, 0, count),
      },
    };
  },
});
