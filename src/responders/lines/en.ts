import { type ReceptionLines, says, starts, threeOf } from './reception-lines.ts';

export const en: ReceptionLines = {
  hears: {
    hello: starts('hello|hi|hey|good (?:morning|afternoon|evening|day)'),
    question: starts(
      'what|when|where|who|why|how|which|can (?:i|you|we)|could (?:i|you|we)|do (?:you|i|we)|does|did|is|are|will|would you|may i|should i',
    ),
    yes: starts("yes|yeah|yep|yup|sure|correct|right|exactly|of course|that(?:'|’)?s right|uh-huh|okay|ok"),
    no: starts('no|nope|nah|not really|not at all'),
    thanks: says('thanks|thank you|thank you so much|cheers'),
    bye: says(
      "bye|bye-bye|goodbye|good-bye|that(?:'|’)?s (?:all|everything)|that is all|have a (?:good|nice|great) (?:day|one|evening|weekend)|see you (?:later|soon|then|tomorrow)|talk to you later",
    ),
    wait: says(
      'one moment|(?:just )?a (?:moment|sec|second)|one (?:sec|second|minute)|just a minute|hold on|hang on|please hold|bear with me|wait a (?:moment|minute|second)|let me (?:check|look|find|get|grab|see)',
    ),
    numbers: threeOf('zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple'),
  },
  hello: ['Hello, good to have you here.', 'Hi there, thanks for calling.', 'Hello, I can hear you well.'],
  check: ['Let me check that for you.', 'Good question, I will look into it.', 'I will find that out for you.'],
  yes: ['Great, thank you.', 'Perfect, I have that.', 'Good, that helps.'],
  no: ['No problem at all.', 'That is fine.', 'All right, no worries.'],
  noted: ['Thank you, I have noted that.', 'Got it, I wrote that down.', 'Thanks, that is in my notes.'],
  more: ['All right.', 'Sure.', 'I see, thank you.', 'Okay, understood.', 'Thanks for telling me.'],
  asks: [
    'What would you like to do?',
    'How can I help you?',
    'What else should I know?',
    'What would you like next?',
    'Please go on, I am listening.',
    'What can I do for you?',
    'Is there anything else to add?',
  ],
  thanks: [
    'You are welcome. Is there anything else today?',
    'My pleasure. What else can I do for you?',
    'Happy to help. Would you like anything more?',
  ],
  wait: [
    'Of course, take your time. I am here.',
    'Sure, no hurry. I will wait for you.',
    'That is fine, take as long as you need.',
  ],
  still: [
    'Are you still there? I am listening.',
    'Hello, can you still hear me all right?',
    'I am still here. Would you like to go on?',
    'Just checking, are you still on the line?',
  ],
  unheard: [
    'Sorry, I did not catch that. Could you say it again?',
    'The line was not clear. Could you repeat that, please?',
    'I could not hear you well. Please say that once more.',
  ],
  bye: [
    'Thank you for calling. Have a good day, goodbye.',
    'You are welcome. Take care, and goodbye for now.',
    'All right, thanks for your call. Goodbye.',
  ],
};
