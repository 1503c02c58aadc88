/** What people say beside their own lines. Written for the player; from no data set. */
interface Talk {
  /** Answers by kind of probe. */
  readonly fitting: Readonly<Record<string, readonly string[]>>;
  /** To any probe: the person has not quite understood. */
  readonly clumsy: readonly string[];
  readonly backChannel: readonly string[];
  readonly stillThere: readonly string[];
  readonly offTopic: readonly string[];
}

const ENGLISH: Talk = {
  fitting: {
    hold: ['okay', 'sure', 'no problem, take your time'],
    who: [
      "it's me calling about what I just asked",
      "my name is Dana, I'm a customer",
      'this is Robin, I just have a question',
      "oh, I'm calling for myself",
    ],
    scope: ['yes, that is what I need', "well, that's what I'm calling about", 'right, that one', 'yes I think so'],
    there: ['yes', "yes, I'm here", 'yeah hello', "I'm still on the line"],
    closing: ["wait, I'm here", 'yes hello, I am still here', "I'm here, don't hang up", 'hello? yes'],
  },
  clumsy: ['what?', 'yeah', 'sorry?', 'huh', 'uh, what do you mean', 'come again'],
  backChannel: ['mm-hm', 'okay', 'right', 'yeah'],
  stillThere: ['hello?', 'hello, are you still there?', 'hello? anyone?'],
  offTopic: [
    'sorry, the dog is barking, one second',
    'it has been raining here all week, unbelievable',
    'my sister told me to call you, she is a regular',
    'hang on, I need to find my glasses',
    'are you a real person by the way?',
    'you sound just like my old teacher',
    'sorry, I am walking up some stairs',
    'the traffic outside is terrible today',
    'no, not you, I was talking to my kid',
    'I had the worst lunch, never mind',
    'is it always this quiet on your end?',
    'oh, I almost dropped the phone',
    'my battery is low so I may be cut off',
    'I was on another line for half an hour this morning',
    'we used to live near your place, years ago',
    'it is my birthday tomorrow, just so you know',
    'let me turn the radio down',
    'sorry I am eating, excuse me',
    'do you know who won the game last night?',
    'I am driving, you are on the speaker',
    'honestly I forgot half of what I wanted to ask',
    'my neighbour is mowing the lawn again',
    'can you hear me all right? the line crackles',
    'I wrote it down somewhere, wait',
    'that reminds me, I should call my mother',
  ],
};

const SPANISH: Talk = {
  fitting: {
    hold: ['vale', 'sí, claro', 'no hay problema'],
    who: ['soy yo, llamo por lo que le dije', 'me llamo Marta, soy clienta', 'llamo para mí'],
    scope: ['sí, eso es lo que necesito', 'bueno, por eso llamo', 'sí, creo que sí'],
    there: ['sí', 'sí, aquí estoy', 'sí, dígame'],
    closing: ['espere, estoy aquí', 'sí, hola, sigo aquí', 'no cuelgue, estoy aquí'],
  },
  clumsy: ['¿qué?', 'sí', '¿cómo?', '¿perdón?'],
  backChannel: ['ajá', 'sí', 'vale'],
  stillThere: ['¿hola?', '¿hola? ¿sigue ahí?'],
  offTopic: [
    'perdone, está ladrando el perro',
    'espere, que busco las gafas',
    'aquí no para de llover',
    'voy conduciendo, le tengo en el altavoz',
  ],
};

/** Talk in the language of a caller; null where the player knows none. */
export function talkIn(language: string): Talk | null {
  if (language.startsWith('en')) return ENGLISH;
  if (language.startsWith('es')) return SPANISH;
  return null;
}
