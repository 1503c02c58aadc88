import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const fr: ReceptionLines = {
  hears: {
    hello: starts('bonjour|bonsoir|salut|allô|allo'),
    question: starts(
      "est-ce|qu(?:'|’)est-ce|que|quoi|quand|où|qui|comment|quel|quelle|combien|pourquoi|puis-je|pouvez-vous|pourriez-vous|avez-vous|je peux|c(?:'|’)est quoi",
    ),
    yes: starts("oui|ouais|d(?:'|’)accord|exact|exactement|tout à fait|bien sûr|voilà|c(?:'|’)est ça"),
    no: starts('non|pas du tout|pas vraiment'),
    thanks: says('merci|merci beaucoup|je vous remercie'),
    bye: says(
      "au revoir|à bientôt|à demain|bonne (?:journée|soirée)|c(?:'|’)est tout|ce sera tout|rien d(?:'|’)autre|salut",
    ),
    wait: says(
      'un instant|un moment|une seconde|une minute|attendez|patientez|ne quittez pas|je (?:regarde|cherche|vérifie)|laissez-moi',
    ),
    numbers: threeOf('zéro|un|deux|trois|quatre|cinq|six|sept|huit|neuf'),
  },
  hello: ['Bonjour, merci de votre appel.', 'Bonjour, ravi de vous entendre.', 'Bonjour, je vous entends bien.'],
  check: ['Je vérifie cela pour vous.', 'Bonne question, je regarde.', 'Je me renseigne tout de suite.'],
  yes: ['Parfait, merci.', 'Très bien, c’est noté.', 'Bien, cela m’aide.'],
  no: ['Pas de problème.', 'Ce n’est pas grave.', 'Très bien, pas de souci.'],
  noted: ['Merci, c’est bien noté.', 'Parfait, je l’ai écrit.', 'Très bien, j’ai pris note.'],
  more: ['Très bien.', 'Bien sûr.', 'Je vois, merci.', 'D’accord, je comprends.', 'Merci de me le dire.'],
  asks: [
    'Que voulez-vous faire, exactement ?',
    'Comment puis-je vous aider ?',
    'Que dois-je savoir de plus ?',
    'Comment souhaitez-vous continuer maintenant ?',
    'Continuez, je vous écoute volontiers.',
    'Que puis-je faire pour vous ?',
    'Avez-vous autre chose à ajouter ?',
  ],
  thanks: [
    'Je vous en prie. Vous faut-il autre chose ?',
    'Avec plaisir. Que puis-je encore faire pour vous ?',
    'De rien. Souhaitez-vous encore autre chose ?',
  ],
  wait: [
    'Bien sûr, prenez votre temps. Je reste là.',
    'Pas de souci, je patiente. Je suis là.',
    'Très bien, prenez le temps qu’il vous faut.',
  ],
  still: [
    'Vous êtes toujours là ? Je vous écoute.',
    'Allô, est-ce que vous m’entendez toujours ?',
    'Je suis toujours là. Voulez-vous continuer ?',
    'Je voulais savoir : êtes-vous encore en ligne ?',
  ],
  unheard: [
    'Pardon, je n’ai pas compris. Pouvez-vous répéter ?',
    'La ligne est mauvaise. Pouvez-vous répéter, s’il vous plaît ?',
    'Je vous entends mal. Dites-le encore une fois.',
  ],
  bye: [
    'Merci de votre appel. Bonne journée, au revoir.',
    'Je vous en prie. Au revoir et à bientôt.',
    'Très bien, merci de votre appel. Au revoir.',
  ],
};
