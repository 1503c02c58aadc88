import { describe, expect, it } from 'vitest';
import { LEXICON } from '../../../src/guard/signals/index.ts';
import { protectionOf } from '../../../src/guard/signals/protect.ts';
import { lineOf, readLine } from '../../../src/guard/utterance.ts';

const kindOf = (text: string): string | null =>
  protectionOf(readLine(LEXICON, lineOf('caller', 0, text, []), undefined))?.kind ?? null;

describe('callers who are protected', () => {
  it.each([
    ['relay', 'Hello, this is a relay operator, have you received a relay call before?'],
    ['relay', 'This is communications assistant 4471, you have a call from someone who is deaf.'],
    ['relay', 'I am deaf and calling through a video relay service'],
    ['relay', "I'm hard of hearing, can you speak slowly please"],
    ['relay', 'hi the person calling you may be hard of hearing, please say go ahead when you finish'],
    ['relay', 'You are receiving a captioned telephone call'],
    ['relay', 'bonjour vous recevez un appel par un service de relais'],
    ['relay', 'hola, le llamo de un servicio de retransmisión para personas sordas'],
    ['relay', 'the caller is deaf and uses sign language, I will be interpreting'],
    ['device', 'I use a speech generating device. It takes me time to answer.'],
    ['device', "I can't speak so my computer talks for me"],
    ['device', 'I am typing to speak, please wait for my reply'],
    ['device', 'please be patient I stutter'],
    ['device', 'I have a stammer so give me a moment'],
    ['device', 'my husband had a stroke and speaks with an app'],
    ['device', 'this is text to speech I lost my voice'],
    ['device', 'I had a laryngectomy I talk through a machine'],
    ['interpreter', 'Hello, I am the interpreter, ID number 88213, I have a Spanish speaker on the line'],
    ['interpreter', 'this is language line interpreter services'],
    ['interpreter', 'I am interpreting for a patient'],
    ['interpreter', 'soy la intérprete de la señora López'],
    ['collect', 'You have a collect call from'],
    ['collect', 'This call is from an inmate at the county jail'],
    ['collect', 'to accept this call from a correctional facility press five'],
    ['panel', 'This is the emergency phone in elevator two, somebody is stuck'],
    ['panel', 'we are stuck in the lift on the third floor'],
    ['panel', 'Fire alarm panel activated at building nine'],
    ['panel', 'fall detected, this is an automatic call from a medical pendant'],
    ['emergency', 'please send an ambulance'],
    ['emergency', "my dad can't breathe"],
    ['emergency', 'he is not breathing what do I do'],
    ['emergency', 'I think she is having a heart attack'],
    ['emergency', 'there is a gas leak in here'],
    ['emergency', 'I fell and I can not get up'],
    ['emergency', 'my wife is not waking up'],
    ['emergency', 'somebody help me please'],
    ['emergency', 'I am being followed'],
    ['emergency', 'necesito una ambulancia por favor'],
    ['emergency', 'au secours ma mère ne respire plus'],
    ['emergency', 'ich brauche einen Krankenwagen'],
    ['emergency', 'socorro, preciso de uma ambulância'],
    ['emergency', '救命 我爸爸晕倒了'],
    ['emergency', 'أحتاج إسعاف بسرعة'],
    ['emergency', 'जल्दी एम्बुलेंस भेजिए'],
    ['emergency', 'làm ơn gọi cấp cứu'],
    ['emergency', 'voye yon anbilans souple'],
    ['self-harm', 'I want to die'],
    ['self-harm', 'I am thinking of killing myself'],
    ['self-harm', "I don't want to live anymore"],
    ['self-harm', 'everybody would be better off without me'],
    ['self-harm', 'quiero morir'],
    ['self-harm', 'je veux mourir'],
    ['self-harm', 'ich will nicht mehr leben'],
    ['self-harm', '我想死'],
  ])('%s: %s', (kind, text) => {
    expect(kindOf(text)).toBe(kind);
  });

  it('is seen as the words come in, and stays with a reason', () => {
    const first = readLine(LEXICON, lineOf('caller', 0, 'hello this is a relay', []), undefined);
    expect(protectionOf(first)).toBe(null);
    const grown = readLine(LEXICON, lineOf('caller', 0, 'hello this is a relay operator', []), first);
    expect(protectionOf(grown)).toEqual({ kind: 'relay', reason: expect.stringContaining('relay') });
  });

  it('is not seen in what the agent says', () => {
    expect(protectionOf(readLine(LEXICON, lineOf('agent', 0, 'Do you need an ambulance?', []), undefined))).toBe(null);
  });
});

describe('ordinary callers and robocalls are not', () => {
  it.each([
    'This is an automated message regarding your car warranty, press one to speak with a specialist.',
    'your social security number has been suspended, you will be arrested by the police, press one',
    'we are calling from the fire department charity, will you donate today',
    'press one now to avoid legal action and jail time',
    'your medical alert system has been paid for, press one to claim your free device',
    'this is your final notice, do not hang up, an officer is on the way',
    'protect your family from break-ins with our new home alarm',
    'get life insurance before it is too late, do not let your family suffer',
    'save up to fifty percent on hearing aids this week',
    'limited time offer on emergency roof repair in your area',
    'este es un mensaje automático, su cuenta ha sido suspendida',
    '这是自动语音 您的账户已经冻结',
    'I would like to book an appointment with the doctor for next week',
    'my printer is dead and I need a new one',
    'I can not get the app to work',
    'I have a speech next week and need the room',
    'can you call me back, my phone is about to die',
    'I have trouble with my bill, it is twice what it was',
    'the app is not responding when I log in',
    'I need to talk to somebody about my police report number for the insurance',
    'do you have a lift for wheelchairs at the entrance',
    'I fell behind with my payments this spring',
    'the baby fell asleep so let me speak quietly',
    'my speech is on Tuesday so I need the suit by Monday',
    'I used the tablet to order, and the app crashed',
    'can I pay with my card on the machine',
    'is there an elevator in the building',
    'I want to cancel my fire insurance policy',
    'how much is the ticket for two adults',
    'sorry, someone was shouting here, say that again',
    'hola quiero cambiar mi cita del jueves',
    'bonjour je voudrais parler à quelqu’un du service client',
    'ich möchte bitte meinen Vertrag kündigen',
  ])('%s', (text) => {
    expect(kindOf(text)).toBe(null);
  });
});
