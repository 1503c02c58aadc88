/** What callers say in generated calls, by kind. Written for these tests. */
export const LINES = {
  machine: [
    'this is an automated message regarding your vehicle warranty which is about to expire please stay on the line to speak with one of our specialists',
    'press one to speak with a representative or press nine to be removed from our list',
    'your account has been suspended due to suspicious activity press one now to avoid legal action against you',
    'congratulations you have been selected for a free cruise call us back at this toll free number within 24 hours',
    'this is the final notice regarding your student loan forgiveness your file will be closed respond immediately',
    'este es un mensaje automático su cuenta ha sido suspendida oprima el uno para hablar con un agente',
    'ceci est un message automatique nous vous informons que votre compte a été bloqué appuyez sur la touche un',
    'dies ist eine automatische nachricht sie haben gewonnen drücken sie die taste eins',
    'oi pressione um para falar com nossos especialistas tecle o dois para sair da nossa lista',
    '这是自动语音通知您的账户已经冻结请按一转人工客服最后一次通知',
  ],
  pitch: [
    'hi how are you doing today we help businesses like yours get to the first page of google and generate more leads',
    'i am with a marketing agency can i speak with the business owner we offer a free consultation with no obligation',
  ],
  bot: [
    'hello i am a virtual assistant how may i help you today',
    'i did not understand that could you please repeat your request',
    'i am your automated assistant how can i assist you today please tell me the reason',
  ],
  voicemail: [
    'you have reached the voicemail of the person you are calling please leave a message after the tone',
    'i am not available right now leave your name and number after the beep and i will get back to you as soon as possible',
  ],
  screening: ['please state your name and the reason for your call and i will see if this person is available'],
  queue: ['your call is important to us all of our agents are currently busy please continue to hold'],
  human: [
    'hi i would like to move my appointment to next tuesday if that is possible',
    'yeah my name is carla and i have a question about my bill',
    'no i said the blue one not the green one',
    'sorry what was that',
    'i got a message that told me to press one so i called you back',
    'the reference is four seven two nine b as in bravo',
    'hola quiero cambiar mi cita del jueves por favor',
    'bonjour je voudrais savoir si mon colis est arrivé',
    'guten tag ich habe eine frage zu meiner rechnung',
    'bom dia eu gostaria de marcar uma consulta',
    '你好 我想 改 一下 我的 预约 时间',
    'bonjou mwen rele pou pitit mwen li pa ka vin lekòl jodi a',
    'xin chào tôi muốn đổi lịch hẹn của tôi',
    'नमस्ते मैं अपने बिल के बारे में बात करना चाहता हूँ',
    'مرحبا أريد تغيير موعدي من فضلك',
    'let me tell you the whole story so yesterday i was at the store and the man there said that my order never came in and then i called the other branch and they told me to call you',
    '(unintelligible audio)',
  ],
  short: [
    'yes',
    'what',
    'hello',
    "yeah i'm here",
    'sí aquí estoy',
    'hold on let me find my card',
    'no',
    'mm hmm',
    'oui',
    'ja genau',
    '喂',
    'alo',
  ],
  protect: [
    'hello this is a relay operator with a call from a person who is deaf',
    'this is a collect call from an inmate at the county correctional facility',
    'please help me my father is not breathing',
    'i use a speech generating device please be patient while i type',
    'necesito una ambulancia mi madre no respira',
    'i do not want to live anymore',
  ],
  agent: [
    'Hello, how can I help you?',
    'Could you tell me your date of birth, please?',
    'Thank you. And what is the best number to reach you?',
    'One moment, please.',
    'If you are there, please say anything or press a key.',
  ],
} as const satisfies Record<string, readonly string[]>;

export type LineKind = keyof typeof LINES;

/** A line of that kind; any whole number picks one. */
export const lineOf = (kind: LineKind, pick: number): string => {
  const pool: readonly string[] = LINES[kind];
  return pool[pick % pool.length] ?? '';
};
