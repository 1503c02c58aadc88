/**
 * Which language the caller speaks, by function words and script: enough to choose among the prompt files, nothing
 * more. It is never evidence.
 */
const FUNCTION_WORDS: Readonly<Record<string, readonly string[]>> = {
  en: 'the and is you to of that it for my with have this are was what can do not i im please hello yes how would like'.split(
    ' ',
  ),
  es: 'el la los las que de y en un una por para con no mi es hola si quiero como gracias usted tengo buenos dias puede necesito cita'.split(
    ' ',
  ),
  fr: 'le la les des et est je vous une pour dans que pas bonjour oui mon ma avec merci voudrais suis cest'.split(' '),
  de: 'der die das und ist ich nicht ein eine mit fur hallo ja guten tag mein bitte danke mochte habe auf den'.split(
    ' ',
  ),
  pt: 'o os as que nao um uma para com meu minha voce ola sim obrigado obrigada quero eu esta bom dia gostaria'.split(
    ' ',
  ),
  vi: 'toi la khong co cua cho va duoc xin chao vang anh chi muon mot nay cam on'.split(' '),
  ht: 'mwen nan pou ki li yon se pa gen bonjou wi mesi ou ak vle kapab sa nou kijan rele'.split(' '),
};

const WEIGHT_OF_WORD = new Map<string, string[]>();
for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
  for (const word of words) WEIGHT_OF_WORD.set(word, [...(WEIGHT_OF_WORD.get(word) ?? []), language]);
}

export type LanguageVotes = Readonly<Record<string, number>>;

function scriptOf(word: string): string | undefined {
  const c = word.charCodeAt(0);
  if (c >= 0x4e00 && c <= 0x9fff) return 'zh';
  if (c >= 0x0600 && c <= 0x06ff) return 'ar';
  if (c >= 0x0900 && c <= 0x097f) return 'hi';
  return undefined;
}

/** Votes with those of `words` from `from` on added. A word shared by n languages counts 1/n for each. */
export function voteLanguage(votes: LanguageVotes, words: readonly string[], from = 0): LanguageVotes {
  let next: Record<string, number> | undefined;
  for (let i = from; i < words.length; i++) {
    const word = words[i] ?? '';
    const script = scriptOf(word);
    const languages = script ? [script] : WEIGHT_OF_WORD.get(word);
    if (!languages) continue;
    next ??= { ...votes };
    for (const language of languages) next[language] = (next[language] ?? 0) + 1 / languages.length;
  }
  return next ?? votes;
}

/** The language with clearly the most votes, else `expected`. */
export function languageOf(votes: LanguageVotes, expected: string): string {
  let best = expected;
  // The agent's own language is given up only for two clear words more.
  let most = (votes[expected] ?? 0) + 1.5;
  for (const language in votes) {
    const count = votes[language] ?? 0;
    if (count > most) {
      best = language;
      most = count;
    }
  }
  return best;
}
