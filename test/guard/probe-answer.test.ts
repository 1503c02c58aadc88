import { describe, expect, it } from 'vitest';
import { judgeReply, type Reply } from '../../src/guard/probe-answer.ts';
import { tokenize } from '../../src/guard/tokens.ts';
import type { ProbeKind, ProbeResult } from '../../src/guard/types.ts';
import { hashWords, type Vocabulary, vocabularyOf } from '../../src/guard/vocabulary.ts';
import { testPolicy } from './call-kit.ts';

const { texts } = testPolicy();
type Kind = ProbeKind | 'closing';

const words = (text: string): readonly string[] => tokenize(text).words;
const vocabulary = (text: string): Vocabulary => vocabularyOf(hashWords(words(text)));

/** A reply that was waited for and is over, unless told otherwise. */
function judged(kind: Kind, text: string, language = 'en', more: Partial<Reply> = {}): ProbeResult {
  const plain = { machine: false, digit: false, finished: true, yielded: true, over: false, earlier: [] };
  const reply: Reply = { ...plain, words: words(text), ...more };
  return judgeReply(kind, reply, texts, language).result;
}

describe('people, however clumsily they answer', () => {
  it.each<[Kind, string, string]>([
    ['who', 'en', 'my name is Carla Jones'],
    ['who', 'en', "it's Bob"],
    ['who', 'en', 'this is Maria from the bakery'],
    ['who', 'en', 'what?'],
    ['who', 'en', 'Sorry?'],
    ['who', 'en', 'who is this?'],
    ['who', 'en', 'who am I speaking with'],
    ['who', 'en', "I'm sorry, I can't hear you"],
    ['who', 'en', 'hello?'],
    ['who', 'en', 'hold on a second'],
    ['who', 'en', "what do you mean who's calling"],
    ['who', 'en', 'I just said, Carla'],
    ['who', 'en', 'yes this is Peter speaking'],
    ['who', 'en', 'are you a robot?'],
    ['who', 'es', 'me llamo Rosa'],
    ['who', 'es', 'soy Juan Pérez'],
    ['who', 'es', '¿cómo dice?'],
    ['who', 'es', 'bueno, ¿quién habla?'],
    ['who', 'fr', "je m'appelle Luc"],
    ['who', 'fr', "c'est madame Petit"],
    ['who', 'fr', 'pardon, vous dites?'],
    ['who', 'de', 'mein Name ist Weber'],
    ['who', 'de', 'wie bitte?'],
    ['who', 'pt', 'meu nome é Ana'],
    ['who', 'pt', 'quem fala?'],
    ['who', 'zh', '我叫李明'],
    ['who', 'zh', '什么？'],
    ['who', 'vi', 'tôi là Hùng'],
    ['who', 'vi', 'ai vậy ạ'],
    ['who', 'ht', 'mwen se Jean'],
    ['who', 'ht', 'kiyès ou ye'],
    ['who', 'ar', 'أنا هنا من معي'],
    ['who', 'hi', 'मैं रमेश बोल रहा हूँ'],
    ['who', 'hi', 'क्या कहा'],
    ['scope', 'en', "yes that's what I'm calling about"],
    ['scope', 'en', "no it's about something else"],
    ['scope', 'en', 'no thank you'],
    ['scope', 'en', 'what was that'],
    ['scope', 'en', 'not exactly, I have a question about a bill'],
    ['scope', 'es', 'sí por eso llamo'],
    ['scope', 'fr', "oui c'est bien ça"],
    ['scope', 'de', 'ja genau deswegen'],
    ['there', 'en', "yes I'm here"],
    ['there', 'en', "I'm still here, I'm looking for my glasses"],
    ['there', 'en', "hello? yeah, I'm here"],
    ['there', 'en', 'can you hear me?'],
    ['there', 'es', 'sí, aquí estoy'],
    ['there', 'fr', 'oui je suis là'],
    ['there', 'de', 'ja ich bin noch da'],
    ['there', 'pt', 'estou aqui'],
    ['there', 'zh', '喂'],
    ['there', 'ht', 'wi m la'],
    ['there', 'vi', 'dạ tôi nghe đây'],
    ['again', 'en', 'sorry, which part?'],
    ['again', 'en', 'I said I want to cancel my order'],
    ['again', 'en', 'what do you mean'],
    ['again', 'en', "I already said it's about my bill"],
    ['hold', 'en', 'okay sure no problem'],
    ['hold', 'en', 'hello? are you there?'],
    ['hold', 'en', 'what?'],
    ['closing', 'en', "yes, I'm here, don't hang up"],
    ['closing', 'en', 'hello?'],
    ['closing', 'en', "wait I'm here"],
    ['closing', 'en', 'hey what are you talking about I am a real person here and I have been waiting for ten minutes'],
    ['closing', 'en', "I'm not a robot"],
    ['closing', 'en', 'you cut me off, let me finish'],
    ['closing', 'en', 'why would I press a key'],
    ['closing', 'en', 'excuse me I was talking'],
    ['closing', 'en', 'okay okay I am here jeez'],
    ['who', 'en', 'name is Ramirez R A M I R E Z'],
    ['who', 'en', 'I told you already'],
    ['who', 'es', 'mi nombre es Ana'],
    ['who', 'fr', 'mon nom est Durand'],
    ['who', 'de', 'hier ist Schmidt'],
    ['who', 'pt', 'me chamo Rita'],
    ['who', 'zh', '我姓王'],
    ['who', 'hi', 'मेरा नाम सीता है'],
    ['who', 'ar', 'اسمي أحمد'],
    ['scope', 'en', 'oh no I must have the wrong number'],
    ['there', 'en', 'sorry, I was on mute'],
    ['closing', 'es', 'no soy un robot, le estaba hablando'],
    ['closing', 'es', 'sí sí aquí estoy'],
    ['closing', 'fr', 'allô? je suis là'],
    ['closing', 'de', 'hallo? nicht auflegen bitte'],
    ['closing', 'pt', 'alô, não desliga'],
    ['closing', 'zh', '我在 我在'],
    ['closing', 'vi', 'a lô tôi nghe'],
    ['closing', 'ht', 'alo, pa rakwoche'],
    ['closing', 'hi', 'हैलो हाँ जी'],
    ['closing', 'ar', 'ألو'],
  ])('%s (%s): %s', (kind, language, text) => {
    expect(judged(kind, text, language)).toBe('passed');
  });

  it('a key is an answer to anything', () => {
    expect(judged('who', '', 'en', { digit: true })).toBe('passed');
    expect(judged('closing', 'press one to speak', 'en', { digit: true, machine: true })).toBe('passed');
  });

  it('to say again what was said is an answer when asked for it', () => {
    const earlier = [vocabulary('I need to move my appointment to next Tuesday')];
    expect(judged('again', 'I need to move my appointment to Tuesday', 'en', { earlier })).toBe('passed');
    expect(judged('again', 'my appointment to next Tuesday', 'en', { earlier })).toBe('passed');
  });

  it.each<[Kind, string, string]>([
    ['who', 'en', 'yes'],
    ['closing', 'en', 'okay'],
    ['closing', 'en', 'uh the blue one'],
    ['who', 'en', 'about the delivery'],
    ['there', 'es', 'sí'],
    ['again', 'en', 'the bill'],
  ])('%s (%s): "%s" could be chance, and is no failure', (kind, language, text) => {
    expect(judged(kind, text, language)).toBe('unclear');
  });
});

describe('machines', () => {
  const TAPE =
    'and that is why homeowners in your area are switching today so do not miss the chance to lower what you pay each month';

  it.each<Kind>(['who', 'scope', 'there', 'again', 'closing'])('going on after %s is a failure', (kind) => {
    expect(judged(kind, TAPE)).toBe('failed');
    expect(judged(kind, TAPE, 'en', { yielded: false, finished: false })).toBe('failed');
  });

  it.each<[Kind, string]>([
    ['who', 'press one to speak with'],
    ['closing', 'this is an automated message from'],
    ['there', 'leave a message after the tone'],
    ['closing', 'yes press one now to be'],
  ])('wording of an announcement after %s is a failure: %s', (kind, text) => {
    expect(judged(kind, text, 'en', { machine: true })).toBe('failed');
  });

  it.each<[Kind, string]>([
    ['who', 'lower the rate on all of your credit cards'],
    ['closing', 'because the offer ends on the last day of'],
    ['closing', 'yes and then the offer ends on the last'],
    ['who', 'this is the reason why so many people choose'],
  ])('running on without a pause after %s is a failure: %s', (kind, text) => {
    expect(judged(kind, text, 'en', { yielded: false, finished: false })).toBe('failed');
  });

  it.each([
    'este programa termina el último día del mes y muchas familias ya lo aprovecharon así que no pierda más tiempo',
    'cette offre se termine à la fin du mois et beaucoup de familles en profitent déjà dans votre quartier',
    '本活动将于本月底结束许多家庭已经参加请尽快联系客服人员办理相关手续',
  ])('in other languages too: %s', (text) => {
    expect(judged('closing', text, 'es', { yielded: false })).toBe('failed');
  });

  it('the same words as always are no answer', () => {
    const again = 'hello how may i help you today';
    const earlier = [vocabulary(again), vocabulary('one moment'), vocabulary(again), vocabulary(again)];
    expect(judged('who', again, 'en', { earlier })).toBe('unclear');
    expect(judged('closing', again, 'en', { earlier, finished: false })).toBe('unanswered');
  });

  it('a bot or tape that begins with hello does not pass by it', () => {
    const line = 'hello this is the customer care line of the power company about the bill';
    const heard = words(line).map((_, n) =>
      judged(
        'closing',
        words(line)
          .slice(0, n + 1)
          .join(' '),
        'en',
        { finished: false },
      ),
    );
    expect(heard).not.toContain('passed');
    expect(judged('closing', line)).toBe('failed');
  });

  it('silence is no answer', () => {
    expect(judged('closing', '')).toBe('unanswered');
    expect(judged('who', '...')).toBe('unanswered');
  });
});

describe('while the caller still speaks', () => {
  it.each<[Kind, string, ProbeResult]>([
    ['closing', 'yes', 'unanswered'],
    ['closing', 'well the thing is', 'unanswered'],
    ['who', 'my name is', 'unanswered'],
    ['closing', "yes I'm here", 'passed'],
    ['closing', 'hello', 'unanswered'],
    ['closing', 'hello i am', 'unanswered'],
    ['there', 'what was that', 'passed'],
    ['there', 'hold on', 'passed'],
  ])('%s: "%s" is %s', (kind, text, result) => {
    expect(judged(kind, text, 'en', { finished: false })).toBe(result);
  });

  it('the judgement of a long tape does not get better by more of it', () => {
    const tape = words(
      'the warranty on your vehicle has run out and we can help you with a new one that covers all parts and labor for years',
    );
    const results = tape.map((_, n) =>
      judged('closing', tape.slice(0, n + 1).join(' '), 'en', { yielded: false, finished: false }),
    );
    const failed = results.indexOf('failed');
    expect(failed).toBeGreaterThan(0);
    expect(new Set(results.slice(failed))).toEqual(new Set(['failed']));
    expect(new Set(results.slice(0, failed))).toEqual(new Set(['unanswered']));
  });
});
