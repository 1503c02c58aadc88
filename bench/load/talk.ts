import type { Rng } from '../../src/workshop/player/rng.ts';

/** One exchange of a call: what the agent says and what the caller answers. */
export interface Exchange {
  readonly agent: string;
  readonly caller: string;
}

const FILL: Readonly<Record<string, readonly string[]>> = {
  visit: [
    'the cleaning',
    'a check-up',
    'the follow-up',
    'a first visit',
    'the blood test',
    'the eye exam',
    'a fitting',
  ],
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'next Monday', 'the fourteenth', 'the twenty-third'],
  time: ['eight thirty', 'nine', 'a quarter past ten', 'eleven', 'half past two', 'four', 'ten to five'],
  person: ['Anna', 'Jonathan', 'my mother', 'Mr. Okafor', 'Priya', 'my son Leo', 'Mrs. Lindqvist', 'Tomasz'],
  surname: ['Miller', 'Hernandez', 'Nakamura', 'Kowalski', 'Brandt', 'Osei', 'Fitzgerald', 'Lambert'],
  month: ['January', 'March', 'April', 'June', 'September', 'October', 'November'],
  place: ['Green Street', 'Harbour Road', 'Elm Avenue', 'the new estate', 'Station Square', 'Mill Lane'],
  thing: ['my knee', 'the left tooth', 'the new glasses', 'the tablets', 'my shoulder', 'the invoice', 'the referral'],
  relative: ['sister', 'husband', 'daughter', 'neighbour', 'brother', 'wife'],
};

const AGENT_BEGINS: readonly string[] = [
  'Thank you.',
  'I see.',
  'All right, let me check that.',
  'Of course.',
  'Good, I have noted it.',
  'One moment, the calendar is loading.',
  'That is fine.',
  'Understood.',
];
const AGENT_ASKS: readonly string[] = [
  'Which day would suit you best for {visit}?',
  'May I have the surname for that, please?',
  'Is {place} still where you live?',
  'Would {time} on {day} work for you?',
  'Has {person} been with us before?',
  'How long has {thing} been a problem?',
  'Where can we reach you around {time}?',
  'Should I put you on the list for {day}?',
  'What would you like to change about {visit}?',
  'Did our letter from {month} arrive?',
  'Who will come along on {day}?',
  'Shall I send a reminder before {visit}?',
  'And what did Doctor {surname} tell you?',
  'Is there anything about {thing} that we should know?',
];
/** Short pieces in ever new company: an ordinary caller does not say the same dozen words twice. */
const CALLER_SAYS: readonly string[] = [
  'I could do {day} around {time}',
  'later is easier for {person}',
  'I am off work that day',
  'the name is {surname}',
  'same as on the letter',
  'we moved to {place} in {month}',
  'the old one is wrong now',
  '{time} is fine for me',
  'could you make it {day} instead',
  'the last time was in {month}',
  'that was with Doctor {surname}',
  'since {day} more or less',
  'at first it was only {thing}',
  'my {relative} said to call you',
  'my mobile is best',
  'I am at home after {time}',
  'my {relative} could drive me',
  'it was meant for {visit}',
  'now {thing} hurts as well',
  'so it may take longer',
  'the second page was missing',
  'my {relative} opened it on {day}',
  'no hurry from my side',
  'I still have to go to {place}',
  'a text message would be good',
  '{person} always forgets',
  'they gave me {thing} in {month}',
  'it is better than before',
  'what does {visit} cost',
  'do I pay that on {day}',
  'sorry, the line was bad',
  'I wrote it down somewhere',
];
const CALLER_BEGINS: readonly string[] = [
  'Uh,',
  'Well,',
  'Yes,',
  'No,',
  'Hmm,',
  'Okay,',
  'Right,',
  'Oh,',
  'Let me see,',
  '',
];
const JOINS: readonly string[] = [', and ', ', but ', ', so ', ', because ', '. ', ', you know, ', ', or '];

/** One exchange of an ordinary customer's call. */
export function exchange(_turn: number, rng: Rng): Exchange {
  const agent = `${rng.pick(AGENT_BEGINS)} ${rng.pick(AGENT_ASKS)}`;
  const count = rng.pick([1, 2, 2, 3, 3, 4]);
  const pieces = rng.shuffled(CALLER_SAYS).slice(0, count);
  const caller = pieces.reduce((text, piece) => `${text}${rng.pick(JOINS)}${piece}`);
  return { agent: fill(agent, rng), caller: fill(`${rng.pick(CALLER_BEGINS)} ${caller}.`.trim(), rng) };
}

function fill(text: string, rng: Rng): string {
  return text.replace(/\{(\w+)\}/g, (_all, slot: string) => rng.pick(FILL[slot] ?? ['it']));
}
