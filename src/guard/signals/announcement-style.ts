import { type Slot, signal } from '../signal.ts';

interface Own {
  /** Words of the caller, and how many of them address the listener or speak of the speaker. */
  readonly words: number;
  readonly you: number;
  readonly self: number;
}

const words = (list: string) => new Set(list.split(' '));
const ADDRESSES = words(
  'your yours yourself our ours us we weve youve were su sus suyo nuestro nuestra le les usted nous notre nos votre vos vous ihr ihre ihren ihrem uns unser unsere wir nosso nossa sua seu 您 quy',
);
const SELF = words(
  'i my me im ive id ill mine myself yo mi mis me mio quiero necesito tengo je jai mon ma mes moi ich mein meine mir mich eu meu minha mim 我 toi mwen',
);

/** Fewer words than this say nothing about style. */
const ENOUGH_WORDS = 12;

function evidenceOf({ words: n, you, self }: Own): Slot<Own>['evidence'] {
  if (n < ENOUGH_WORDS) return null;
  const lean = you - self;
  const level =
    lean >= 3
      ? 'addresses-strongly'
      : lean === 2
        ? 'addresses'
        : lean === 1
          ? 'leans'
          : lean === 0
            ? you + self === 0
              ? 'impersonal'
              : 'even'
            : lean === -1
              ? 'speaks-of-self'
              : 'speaks-much-of-self';
  return {
    level,
    reason:
      lean > 0
        ? `speaks like an announcement: of you and your ${you} times, of itself ${self} times in ${n} words`
        : `speaks of itself ${self} times, of the listener ${you} times in ${n} words`,
    values: { words: n, you, self },
  };
}

/**
 * Announcements address the listener ("your account", "our offer"), callers with a concern of their own speak of
 * themselves ("I would like", "my order"). "You" alone does not count: customers ask "do you ...".
 */
export const announcementStyle = signal<Own>({
  name: 'announcement-style',
  follows: 'transcript',
  start: { words: 0, you: 0, self: 0 },
  observe(slot, seen, before) {
    if (seen.type !== 'said' || seen.said.role !== 'caller') return before;
    const { said } = seen;
    const tokens = said.tokens.words;
    // Only new words are counted while the utterance just grows.
    const grown = said.stable > 0 && slot.own.words - before.own.words === said.stable;
    const base = grown ? slot.own : before.own;
    let { you, self } = base;
    for (let i = grown ? said.stable : 0; i < tokens.length; i++) {
      const word = tokens[i] ?? '';
      if (ADDRESSES.has(word)) you++;
      else if (SELF.has(word)) self++;
    }
    const own = { words: before.own.words + tokens.length, you, self };
    return { own, evidence: evidenceOf(own) };
  },
});
