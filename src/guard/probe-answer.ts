import { compileLexicon, isNumberWord, type Lexicon, scan } from './lexicon.ts';
import type { TextBook } from './policy.ts';
import { tokenize } from './tokens.ts';
import type { ProbeKind, ProbeResult } from './types.ts';
import { hashWords, hasWord, overlap, type Vocabulary, vocabularyOf } from './vocabulary.ts';

/** What the caller has said since the guard asked. */
export interface Reply {
  readonly words: readonly string[];
  /** Wording of an announcement, menu, pitch or assistant was among it. */
  readonly machine: boolean;
  readonly digit: boolean;
  /** The caller has stopped: the platform asks for an answer, or time is up. */
  readonly finished: boolean;
  /** The caller stopped for what was asked before saying this; a tape runs on. */
  readonly yielded: boolean;
  /** The caller's last utterances before. */
  readonly earlier: readonly Vocabulary[];
}

export interface Judgement {
  readonly result: ProbeResult;
  readonly why: string;
}

/** Going on for this many words without a word that fits is going on as if nobody had asked. */
const WENT_ON_WORDS = 12;
/** The same for somebody who was cut in on, had time to stop, and did not. */
const RAN_ON_WORDS = 7;
/** So much of what was said before is a repeat, though it goes on. */
const REPEATED_WORDS = 7;
const SHORT_WORDS = 8;
/** Where in the reply a fitting word must stand. */
const OPENING_WORDS = 6;

/** Openings of people who speak of themselves or take up the question, in any kind of probe. */
const SELF = [
  'speaking',
  'i (said|just said|already said|cant hear|can hear|didnt hear)',
  '(im|i am) (here|still|not a|a (real|human|person|customer)|sorry|on the line)',
  '(real|human) (person|human|being)',
  'can you (hear|repeat)',
  'are you (there|a|still|real)',
  '(dont|do not) hang',
  'didnt (hear|catch)',
  'still (here|there)',
  'thats me',
  '(i|already|just) told you',
  'let me finish',
  '(you|just|you just) cut me off',
  'i was (just|still|) (talking|speaking)',
  'is (anybody|anyone|somebody|someone) there',
  'why (do you|would i|should i) (need|want|press|ask)',
  'where did you go',
  '(im|i am) listening',
  'are you kidding',
  '(we|were|we are) ~1 (here|waiting|listening|on the line)',
  '(someone|somebody|nobody|nobodys|everyone) ~1 (here|leaving|hanging up)',
  'of course (we|i|im|were)',
  'what ~3 (mean|key|talking about|want)',
  'press (a|any|which|what) key',
  'why (would|am|are|is)',
  'excuse me',
  'present',
  '(estamos|seguimos) aqui',
  'nous sommes (la|ici|toujours)',
  'wir sind (da|dran|noch|hier)',
  'estamos (na|em)',
  '有 人',
  '在 (的|啊|呢|听)',
  'نحن هنا',
  'أنا موجود',
  'موجود',
  'हम यहीं',
  'हम यहाँ',
  'nou la',
  'chung toi',
  'soy yo',
  'sigo aqui',
  'le estaba hablando',
  'digame',
  'estoy aqui',
  'aqui estoy',
  'je suis (la|ici)',
  'ich bin (da|noch)',
  'estou aqui',
  '我 在',
  '喂',
  'toi day',
  'mwen la',
  'मैं',
  'जी',
  'أنا هنا',
];

/** What people say of themselves when they are taken for a machine; it counts later in the reply too. */
const INSISTS = [
  '(im|i am) (a|an) (real|human|actual|live|) (person|human|human being)',
  '(im|i am) not a ~1 (robot|bot|machine|computer|recording)',
  'soy (humano|una persona)',
  'no soy (un|una) (robot|maquina|grabacion)',
  'je suis (humain|une personne)',
  'je ne suis pas (un|une) (robot|machine)',
  'ich bin (ein mensch|kein roboter|keine maschine|kein computer)',
  'sou (humano|uma pessoa)',
  'nao sou (um|uma) (robo|maquina|gravacao)',
  '我 (是|不 是) (真 人|机 器|机 器 人)',
  'toi (la|khong phai) (nguoi|robot|may)',
];
const INSISTING_WORDS = 30;

/** "Imogen Achterberg, with Tidewater": a name and where it belongs, and nothing more. */
const NAME_OF = ['* ~2 (from|with|at|here|of|de|von|aus)'];

/** Openings that give a name, for "who is calling". */
const NAME = [
  '(my|the|) name is',
  'my names',
  '(im|i am|its|it is|this is) *',
  'me llamo',
  'mi nombre',
  'soy *',
  'habla *',
  'je mappelle',
  'cest *',
  'mon nom',
  'ich heisse',
  'ich bin *',
  'hier ist *',
  'am apparat',
  'mein name',
  'meu nome',
  'me chamo',
  'sou *',
  '我 (叫|是|姓)',
  'toi (la|ten)',
  '(mwen|non) (se|mwen)',
  'मेरा नाम',
  'اسمي',
  'أنا *',
];

const compiled = new WeakMap<TextBook, Map<string, Lexicon>>();

function lexiconOf(texts: TextBook, language: string): Lexicon {
  const byLanguage = compiled.get(texts) ?? new Map<string, Lexicon>();
  compiled.set(texts, byLanguage);
  let lexicon = byLanguage.get(language);
  if (!lexicon) {
    const answers = texts.answers(language);
    const words = (list: readonly string[]) =>
      list.map((reply) => tokenize(reply).words.join(' ')).filter((reply) => reply !== '');
    lexicon = compileLexicon({
      yes: words(answers.yes),
      no: words(answers.no),
      clumsy: words(answers.clumsy),
      wait: words(answers.waitRequest),
      self: SELF,
      name: NAME,
      of: NAME_OF,
      insists: INSISTS,
    });
    byLanguage.set(language, lexicon);
  }
  return lexicon;
}

/** Most of the shorter one stands in the other: half a repeat is a repeat. */
function repeats(hashes: readonly number[], old: Vocabulary): boolean {
  const again = hashes.filter((hash) => hasWord(old, hash)).length;
  return again >= 0.7 * hashes.length || overlap(vocabularyOf(hashes), old) >= 0.5;
}

const mostlyNumbers = (words: readonly string[]): boolean => words.filter(isNumberWord).length >= 0.6 * words.length;

/**
 * How the caller took a probe or the closing sentence. `unanswered`: nothing yet, or nothing at all.
 *
 * People answer clumsily ("what?", "yeah I'm here", half a repeat), so anything short that a person would say
 * passes; a bare "yes" is unclear because tapes of conversations contain it; going on at length is a fail.
 */
export function judgeReply(kind: ProbeKind | 'closing', reply: Reply, texts: TextBook, language: string): Judgement {
  const { words } = reply;
  if (reply.digit) return { result: 'passed', why: 'pressed a key' };
  if (words.length === 0) return { result: 'unanswered', why: 'said nothing' };
  const hashes = hashWords(words);
  if (
    kind === 'again' &&
    reply.yielded &&
    words.length >= (reply.finished ? 3 : REPEATED_WORDS) &&
    reply.earlier.some((old) => repeats(hashes, old))
  ) {
    return { result: 'passed', why: 'said it again when asked to' };
  }
  if (reply.machine && words.length >= 3) return { result: 'failed', why: 'went on with the wording of a recording' };
  const hits = scan(lexiconOf(texts, language), words.slice(0, INSISTING_WORDS)).hits.filter(
    (hit) => hit.from < OPENING_WORDS || hit.tag === 'insists',
  );
  const has = (tag: string): boolean => hits.some((hit) => hit.tag === tag);
  const short = words.length <= WENT_ON_WORDS;
  // Software says the same to everything; once before is no more than a person repeating themselves.
  const vocabulary = vocabularyOf(hashes);
  const saidBefore = reply.earlier.filter((old) => overlap(vocabulary, old) >= 0.8).length;
  if (saidBefore >= 2) return { result: reply.finished ? 'unclear' : 'unanswered', why: 'the same words as before' };
  if (has('insists') && reply.yielded) return { result: 'passed', why: 'insisted on being a person' };
  // "Hello" alone is somebody who listens; with more to come it may be how a tape or a bot begins.
  const alone = reply.finished && words.length <= SHORT_WORDS;
  // "Please say anything" is kept: whoever stopped and then reacts is there, however long it takes them.
  const opens = (tag: string): boolean => hits.some((hit) => hit.tag === tag && hit.from < 2);
  const reacts = hits.some((hit) => hit.tag === 'clumsy' && hit.from < 2 && hit.to - hit.from > 1);
  if (kind === 'closing' && reply.yielded && (reacts || opens('wait'))) {
    return { result: 'passed', why: 'reacted to the closing sentence' };
  }
  if (short && hits.some((hit) => hit.tag === 'clumsy' && (alone || hit.to - hit.from > 1))) {
    return { result: 'passed', why: 'reacted to the question' };
  }
  if (has('wait') && short) return { result: 'passed', why: 'asked us to wait' };
  if (reply.yielded) {
    if (has('self') && (short || kind === 'closing' || kind === 'there'))
      return { result: 'passed', why: 'spoke of themselves' };
    if (kind === 'who' && (has('name') || (alone && has('of'))) && short && reply.finished)
      return { result: 'passed', why: 'gave a name' };
    // Deeper in, "no" and "yes" belong to any sentence.
    if (opens('yes') || (opens('no') && reply.finished)) {
      if (words.length >= 3 && (short || kind === 'closing')) return { result: 'passed', why: 'answered the question' };
      if (words.length < 3 && reply.finished) return { result: 'unclear', why: 'a bare yes or no' };
    }
  }
  if (kind === 'closing' && reply.yielded && reply.finished && ((short && opens('name')) || mostlyNumbers(words))) {
    return { result: 'unclear', why: 'gave a name or a number' };
  }
  if (words.length >= WENT_ON_WORDS)
    return { result: 'failed', why: `went on for ${words.length} words as if nobody had asked` };
  if (!reply.yielded && words.length >= RAN_ON_WORDS) {
    return { result: 'failed', why: 'ran on without a pause when spoken to' };
  }
  if (!reply.finished) return { result: 'unanswered', why: 'still speaking' };
  if (words.length <= SHORT_WORDS) return { result: 'unclear', why: 'a short reply that could be chance' };
  return { result: 'failed', why: 'went on without taking up the question' };
}
