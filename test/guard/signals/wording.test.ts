import { describe, expect, it } from 'vitest';
import { callScreening } from '../../../src/guard/signals/call-screening.ts';
import { holdMusic } from '../../../src/guard/signals/hold-music.ts';
import { keypadMenu } from '../../../src/guard/signals/keypad-menu.ts';
import { robocallWording } from '../../../src/guard/signals/robocall-wording.ts';
import { salesPitch } from '../../../src/guard/signals/sales-pitch.ts';
import { voicemailGreeting } from '../../../src/guard/signals/voicemail-greeting.ts';
import { evidenceOf, levelOf } from './signal-kit.ts';

/** What people say about their own concerns; no signal of wording may see anything strong in it. */
const CUSTOMERS = [
  'hi i would like to book an appointment for my daughter next week',
  'my account number is four four seven two and i think my bill is wrong',
  'i pressed one like your message told me to and then nobody answered',
  'i got a call that said my account has been suspended is that really you',
  'can you tell me if my warranty is still good for the washing machine',
  'yes hello i am calling because the technician did not come yesterday',
  'it says here on the letter press two for billing so that is what i did',
  'could i speak with somebody about my medicare card i lost it',
  'hola quiero saber si mi cita del martes sigue en pie',
  'bonjour je voudrais savoir quand mon colis arrive',
  'my mother left a voicemail yesterday and nobody called her back',
  'thank you have a great day',
];

describe('keypad-menu', () => {
  it.each([
    ['press one to speak with an agent', 'once'],
    ['press one to speak with an agent press nine to be removed', 'menu'],
    ['to opt out press the number two now', 'once'],
    ['press the pound key when you are done', 'once'],
    ['oprima el uno para continuar', 'once'],
    ['appuyez sur la touche deux', 'once'],
    ['drücken Sie die Eins', 'once'],
    ['pressione um', null],
    ['tecle o 2 para falar', 'once'],
    ['nhấn phím 1', 'once'],
    ['请按一', 'once'],
  ])('%s: %s', (text, level) => {
    expect(levelOf(keypadMenu, [text])).toBe(level);
  });

  it('counts over the whole call', () => {
    expect(levelOf(keypadMenu, ['for sales press one', 'agent: Hello?', 'for service press two'])).toBe('menu');
  });

  it('is a robocall when somebody calls us, a menu when we call somebody', () => {
    const category = (direction: 'inbound' | 'outbound') =>
      evidenceOf(keypadMenu, ['press one'], { direction })?.category;
    expect(category('inbound')).toBe('robocall_menu');
    expect(category('outbound')).toBe('ivr_menu');
  });

  it('shows the words that it rests on', () => {
    const text = 'hello there press one to go on';
    const { span } = evidenceOf(keypadMenu, [text]) ?? {};
    expect(text.slice(span?.from, span?.to)).toMatch(/^press one/);
  });

  it.each([...CUSTOMERS, 'I was pressed for time', 'the press one reads these days', 'agent: press one'])(
    'people: %s',
    (text) => {
      // "The press one reads" is the price of a phrase list; it is one prompt, and no menu.
      expect(levelOf(keypadMenu, [text])).toBe(text.startsWith('the press') ? 'once' : null);
    },
  );
});

describe('robocall-wording', () => {
  it.each([
    'this is an automated message from your electric company',
    'your car warranty has expired',
    'we have been trying to reach you about your account',
    'this is your final notice',
    'you have been selected for a special promotion',
    'stay on the line to speak with our representatives',
    'este es un mensaje automático',
    'ceci est un message automatique',
    'dies ist eine automatische Nachricht',
    '这是自动语音',
  ])('one kind or more: %s', (text) => {
    expect(levelOf(robocallWording, [text])).not.toBe(null);
  });

  it('rises with every other kind, and not with the same one again', () => {
    const recorded = 'this is a recorded message';
    expect(levelOf(robocallWording, [recorded])).toBe('one');
    expect(levelOf(robocallWording, [recorded, 'agent: Hello?', recorded])).toBe('one');
    const levels = [
      'this is a recorded message',
      'this is the final notice',
      'your account has been suspended',
      'you have been selected for a free cruise',
    ].map((_, i, all) => levelOf(robocallWording, all.slice(0, i + 1)));
    expect(levels).toEqual(['one', 'two', 'three', 'four']);
  });

  it.each(CUSTOMERS)('at most one kind in what people say: %s', (text) => {
    expect([null, 'one']).toContain(levelOf(robocallWording, [text]));
  });

  it('does not count what is quoted', () => {
    expect(
      levelOf(robocallWording, ['a man told me that this is my final notice and my account has been suspended']),
    ).toBe(null);
    expect(
      levelOf(robocallWording, [
        'I got a letter',
        'agent: What does it say?',
        'your account has been suspended final notice',
      ]),
    ).toBe(null);
  });
});

describe('sales-pitch', () => {
  it.each([
    ['hi we help businesses like yours get on the first page of google', 'two'],
    ['can i speak with the business owner we help companies with web design', 'three'],
    ['hi how are you doing today do you have a minute to talk', null],
  ])('%s: %s', (text, level) => {
    expect(levelOf(salesPitch, [text])).toBe(level);
  });

  it.each([...CUSTOMERS, 'can i speak to the manager please', 'do you have a minute', 'can you lower my bill'])(
    'at most one kind in what people say: %s',
    (text) => {
      expect([null, 'one']).toContain(levelOf(salesPitch, [text]));
    },
  );
});

describe('voicemail-greeting', () => {
  it.each([
    ['you have reached the voicemail of carla jones please leave a message after the tone', 'certain'],
    ['leave your name and number after the beep', 'likely'],
    ['deje su mensaje después del tono', 'likely'],
    ['laissez un message après le bip', 'likely'],
    ['hinterlassen Sie eine Nachricht nach dem Ton', 'likely'],
  ])('%s: %s', (text, level) => {
    expect(levelOf(voicemailGreeting, [text])).toBe(level);
  });

  it.each([...CUSTOMERS, 'i am not available on monday can we do tuesday', 'should i leave a message for the doctor'])(
    'no more than a hint in what people say: %s',
    (text) => {
      expect([null, 'hint']).toContain(levelOf(voicemailGreeting, [text]));
    },
  );
});

describe('call-screening', () => {
  const screens = 'please state your name and the reason for your call';

  it('is seen in calls that we placed', () => {
    expect(levelOf(callScreening, [screens], { direction: 'outbound' })).toBe('asked');
    expect(levelOf(callScreening, ['hello'], { direction: 'outbound' })).toBe(null);
  });

  it('means nothing in calls to us', () => {
    expect(levelOf(callScreening, [screens])).toBe(null);
  });
});

describe('hold-music', () => {
  it.each([
    ['your call is important to us', 'hint'],
    ['your call is important to us all of our agents are currently busy', 'hint'],
    ['hold music playing your call is very important to us', 'certain'],
  ])('%s: %s', (text, level) => {
    expect(levelOf(holdMusic, [text])).toBe(level);
  });

  it.each(CUSTOMERS)('people: %s', (text) => {
    expect(levelOf(holdMusic, [text])).toBe(null);
  });
});

describe('menus and notices that a person tells of, in the languages of the agent', () => {
  it.each([
    ['es', 'apunté lo que dice la grabación del banco: para su saldo, marque uno; para un asesor, marque dos'],
    ['es', 'yo ya marqué el dos y me regresa al principio'],
    ['es', 'me llegó un mensaje que decía que marque el uno'],
    ['fr', "j'ai reçu un message, appuyez sur le un pour confirmer"],
    ['de', 'ich habe gestern einen Anruf bekommen, drücken Sie die eins'],
    ['pt', 'recebi uma mensagem que dizia tecle um'],
    ['zh', '我收到一条短信说请按1转人工'],
    ['zh', '那个电话里叫我按1，请按什么来着'],
    ['vi', 'tôi nhận được tin nhắn nói là bấm phím 1'],
    ['ht', 'mwen te resevwa yon mesaj, li di peze 1'],
  ])('%s: %s', (_language, text) => {
    expect(levelOf(keypadMenu, [text])).toBeNull();
  });

  it.each([
    'para ventas marque el uno, para servicio marque el dos',
    'ahora mismo presione el uno para hablar con un asesor',
    'appuyez sur le un pour parler à un conseiller',
    'drücken Sie die eins',
    '转人工请按1',
    'bấm phím 1 để gặp tổng đài viên',
    'peze 1 pou pale ak yon ajan',
  ])('still hears the menu itself: %s', (text) => {
    expect(levelOf(keypadMenu, [text])).not.toBeNull();
  });
});
