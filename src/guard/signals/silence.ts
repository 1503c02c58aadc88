import { type Slot, signal } from '../signal.ts';

interface Own {
  /** Reminders in a row without a word of the caller. */
  readonly reminders: number;
  readonly spoken: boolean;
  /** The caller asked us to wait: "one moment", "let me find my card". */
  readonly askedToWait: boolean;
  readonly words: number;
  readonly index: number;
}

function evidenceOf(own: Own): Slot<Own>['evidence'] {
  if (own.reminders === 0) return null;
  const n = Math.min(own.reminders, 6);
  const state = !own.spoken ? 'never-spoke' : own.askedToWait ? 'asked-to-wait' : 'after-speech';
  return {
    level: `${state}-${n}`,
    category: 'silent',
    reason:
      (own.spoken ? 'silent' : 'nobody has spoken') +
      ` through ${own.reminders} reminder${own.reminders === 1 ? '' : 's'} in a row` +
      (own.askedToWait ? ', after asking us to wait' : ''),
    values: { reminders: own.reminders, spoken: own.spoken ? 1 : 0 },
  };
}

/** Consecutive silence only: a caller who looks for a card and then goes on starts from zero. */
export const silence = signal<Own>({
  name: 'silence',
  follows: 'events',
  phrases: {
    wait: [
      '(ill|i will|let me|have to|need to|im going to|i am going to|going to) (go|run|fetch|walk)',
      '(right back|be back)',
      'upstairs',
      'downstairs',
      'in the other room',
      '(ahorita|ya|ahora) (vengo|vuelvo|regreso|lo busco)',
      'سأحضر',
      'سأبحث',
      '(one|just a|just one|give me a|give me one|hold on a|wait a) (moment|second|minute|sec|min)',
      'hold on',
      'hang on',
      'bear with me',
      'let me (find|look|see|check|get|grab|think|ask|pull)',
      '(im|i am|ill|i will|i have to|i need to) ~1 (look|looking|find|finding|search|searching|get|getting|grab|check|checking)',
      'wait please',
      'please wait',
      'where (is|did) (it|my|i)',
      '(un|espere un|deme un) (momento|momentito|segundo)',
      '(dejeme|deja) (ver|buscar)',
      '(un|une) (moment|instant|minute|seconde)',
      '(einen|kleinen) moment',
      'um momento',
      '等 一 下',
      '稍 等',
      'doi (mot|chut)',
      'tann (mwen|yon)',
      'لحظة',
      'दो मिनट',
      'एक मिनट',
      'रुकिए',
    ],
  },
  start: { reminders: 0, spoken: false, askedToWait: false, words: 0, index: -1 },
  observe(slot, seen) {
    const { own } = slot;
    if (seen.type === 'reminder') {
      const next = { ...own, reminders: own.reminders + 1 };
      return { own: next, evidence: evidenceOf(next) };
    }
    if (seen.type === 'digit') {
      const next = { ...own, reminders: 0, spoken: true };
      return { own: next, evidence: null };
    }
    if (seen.type !== 'said' || seen.said.role !== 'caller') return slot;
    const { said } = seen;
    // Only new sound ends the silence, not an old utterance that is shown again. An unintelligible one is sound too.
    if (said.index <= own.index && said.tokens.words.length <= own.words) return slot;
    const next = {
      reminders: 0,
      spoken: own.spoken || said.text.trim().length > 0,
      askedToWait: said.hits.some((hit) => hit.tag === 'silence:wait'),
      words: said.tokens.words.length,
      index: said.index,
    };
    return { own: next, evidence: null };
  },
});
