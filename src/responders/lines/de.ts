import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const de: ReceptionLines = {
  hears: {
    hello: starts('hallo|guten (?:morgen|tag|abend)|grüß gott|servus|moin|hi'),
    question: starts(
      'was|wann|wo|wer|warum|wie|welche|welcher|welches|kann ich|können sie|könnten sie|haben sie|gibt es|darf ich|ist|sind',
    ),
    yes: starts('ja|jawohl|genau|richtig|stimmt|gerne|natürlich|klar|in ordnung|okay'),
    no: starts('nein|nee|eher nicht|gar nicht'),
    thanks: says('danke|dankeschön|vielen dank|besten dank'),
    bye: says(
      'tschüss|tschüs|auf wiederhören|auf wiedersehen|das (?:war|wäre|ist) alles|schönen tag|bis (?:bald|dann|morgen)|ciao',
    ),
    wait: says(
      'einen (?:moment|augenblick)|moment|augenblick|sekunde|eine minute|warten sie|bleiben sie dran|ich (?:schaue|sehe|suche) (?:mal|kurz|eben)|lassen sie mich',
    ),
    numbers: threeOf('null|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun'),
  },
  hello: ['Hallo, danke für Ihren Anruf.', 'Guten Tag, schön, dass Sie anrufen.', 'Hallo, ich höre Sie gut.'],
  check: ['Das sehe ich gern nach.', 'Gute Frage, ich kläre das.', 'Ich finde das für Sie heraus.'],
  yes: ['Wunderbar, vielen Dank.', 'Gut, das habe ich.', 'Prima, das hilft mir.'],
  no: ['Das ist kein Problem.', 'Macht gar nichts.', 'In Ordnung, kein Problem.'],
  noted: ['Danke, das ist notiert.', 'Gut, ich habe es aufgeschrieben.', 'Vielen Dank, das steht hier.'],
  more: ['In Ordnung.', 'Gut.', 'Ich verstehe, danke.', 'Alles klar.', 'Danke für die Auskunft.'],
  asks: [
    'Was möchten Sie gern tun?',
    'Wie kann ich Ihnen helfen?',
    'Was sollte ich noch wissen?',
    'Wie möchten Sie gern weitermachen?',
    'Sprechen Sie weiter, ich höre zu.',
    'Was kann ich für Sie tun?',
    'Gibt es sonst noch etwas Wichtiges?',
  ],
  thanks: [
    'Sehr gern. Kann ich sonst noch etwas tun?',
    'Gern geschehen. Brauchen Sie sonst noch etwas?',
    'Keine Ursache. Was kann ich noch für Sie tun?',
  ],
  wait: [
    'Natürlich, lassen Sie sich Zeit. Ich warte.',
    'Kein Problem, ich bleibe gern dran.',
    'In Ordnung, nehmen Sie sich ruhig Zeit.',
  ],
  still: [
    'Sind Sie noch da? Ich höre zu.',
    'Hallo, können Sie mich noch gut hören?',
    'Ich bin noch da. Möchten Sie weitermachen?',
    'Ich frage nur kurz: Sind Sie noch dran?',
  ],
  unheard: [
    'Entschuldigung, das habe ich nicht verstanden. Bitte noch einmal.',
    'Die Leitung ist schlecht. Könnten Sie das wiederholen?',
    'Ich habe Sie schlecht gehört. Sagen Sie es bitte noch einmal.',
  ],
  bye: [
    'Danke für Ihren Anruf. Einen schönen Tag, auf Wiederhören.',
    'Sehr gern. Alles Gute und auf Wiederhören.',
    'Gut, vielen Dank für den Anruf. Auf Wiederhören.',
  ],
};
