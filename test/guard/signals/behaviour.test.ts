import { describe, expect, it } from 'vitest';
import { announcementStyle } from '../../../src/guard/signals/announcement-style.ts';
import { askedAgain } from '../../../src/guard/signals/asked-again.ts';
import { botLoop } from '../../../src/guard/signals/bot-loop.ts';
import { goodAnswers } from '../../../src/guard/signals/good-answers.ts';
import { repeatsItself } from '../../../src/guard/signals/repeats-itself.ts';
import { talksOver } from '../../../src/guard/signals/talks-over.ts';
import { type Line, levelOf } from './signal-kit.ts';

const times = (n: number, ...lines: readonly Line[]): Line[] => Array.from({ length: n }, () => lines).flat();

describe('announcement-style', () => {
  it('leans to a recording when it speaks of you and never of itself', () => {
    const tape =
      'your electricity bill can be lower thanks to our program for your home and your family in your area today';
    expect(levelOf(announcementStyle, [tape])).toBe('addresses-strongly');
  });

  it('leans to a person who speaks of themselves', () => {
    const person = 'i wanted to ask about my order because i have not received my parcel and i need it';
    expect(levelOf(announcementStyle, [person])).toBe('speaks-much-of-self');
  });

  it('says nothing before a dozen words', () => {
    expect(levelOf(announcementStyle, ['your account your card your offer'])).toBe(null);
  });

  it('hears nothing in what the agent says', () => {
    expect(
      levelOf(announcementStyle, ['agent: your name your date of birth and your number please your your your your']),
    ).toBe(null);
  });
});

describe('asked-again', () => {
  const question = 'agent: Could you tell me your date of birth, please?';
  const again = 'agent: Sorry, could you tell me your date of birth, please?';

  it.each<[string, readonly Line[], string | null]>([
    ['asked once', [question, 'the tenth of may'], null],
    ['asked again after an answer', [question, 'your warranty is about to end', again], 'once'],
    ['asked three times', [question, 'this offer', again, 'ends soon', question], 'twice'],
    ['asked again into silence', [question, again], null],
    ['two questions', [question, 'the tenth of may', 'agent: And what is the best number to reach you?'], null],
    ['a short question twice', ['agent: Anything else?', 'yes', 'agent: Anything else?'], null],
    ['no question', ['agent: Your date of birth please now.', 'hm', 'agent: Your date of birth please now.'], null],
  ])('%s', (_name, lines, level) => {
    expect(levelOf(askedAgain, lines)).toBe(level);
  });

  it('counts a line that grows once', () => {
    expect(levelOf(askedAgain, [question, 'hm', again])).toBe('once');
  });
});

describe('talks-over', () => {
  const line: Line = 'agent: Thank you, and could you tell me which day would suit you best?';
  const over: Line = ['lower your interest rate today with our new program', -3_000];
  const waits: Line = ['on tuesday if you can', 500];

  it.each<[string, readonly Line[], string | null]>([
    ['talks over every line', times(5, line, over), 'always'],
    ['talks over three lines of three', times(3, line, over), 'nearly-always'],
    ['one line says nothing', [line, over], null],
    ['waits each time', times(5, line, waits), 'waits'],
    ['interrupts one time in four', [...times(3, line, waits), line, over], 'mixed'],
    ['mm-hm is listening', times(4, line, ['mm hm', -2_000]), null],
    [
      'starts where the agent was cut off by them',
      times(3, line, ['no wait that is not what I said', 0]),
      'nearly-always',
    ],
  ])('%s', (_name, lines, level) => {
    expect(levelOf(talksOver, lines)).toBe(level);
  });

  it('says nothing without word timings', () => {
    expect(levelOf(talksOver, times(5, line, over), { untimed: true })).toBe(null);
  });
});

describe('good-answers', () => {
  it.each<[string, readonly Line[], string | null]>([
    ['a short answer after the line', ['agent: Which day?', 'tuesday please'], 'one'],
    ['four of them', times(4, 'agent: Which day?', 'tuesday please'), 'four'],
    ['an answer over the line', ['agent: Which day would suit you?', ['your account', -1_000]], null],
    ['an answer far too late', ['agent: Which day?', ['tuesday please', 9_000]], null],
    ['a speech', ['agent: Which day?', 'word '.repeat(20)], null],
    ['before the agent has spoken', ['hello'], null],
  ])('%s', (_name, lines, level) => {
    expect(levelOf(goodAnswers, lines)).toBe(level);
  });

  it('says nothing without word timings', () => {
    expect(levelOf(goodAnswers, ['agent: Which day?', 'tuesday please'], { untimed: true })).toBe(null);
  });
});

describe('repeats-itself', () => {
  const tape =
    'we are calling about a change in the rules for homes in this part of town which takes effect at the end of the month so please have the last letter at hand when somebody calls back';

  it.each<[string, readonly Line[], string | null]>([
    ['a tape that loops', [tape, 'agent: Hello?', tape], 'loop'],
    ['a tape that loops twice', [tape, 'agent: Hello?', tape, 'agent: Hello?', tape], 'loop-again'],
    ['half of it', [tape, 'agent: Hello?', tape.split(' ').slice(0, 15).join(' ')], 'part'],
    ['as I said', ['i want to cancel my order', 'agent: Yes?', 'i want to cancel my order'], null],
    ['asked to say it again', [tape, 'agent: Sorry, could you say that again?', tape], null],
    ['something new each time', [tape, 'agent: Hello?', tape.split(' ').reverse().join(' ')], null],
  ])('%s', (_name, lines, level) => {
    expect(levelOf(repeatsItself, lines)).toBe(level);
  });
});

describe('bot-loop', () => {
  const line = 'please tell me the name of the department you want';
  const assistant = 'hello i am a virtual assistant how may i help you today';

  it.each<[string, readonly Line[], string | null]>([
    ['one assistant sentence', [assistant], 'assistant-once'],
    ['assistant in every turn', times(4, assistant, 'agent: Hello?'), 'assistant-loop'],
    ['the same line three times', times(3, line, 'agent: Hello?'), 'again'],
    ['the same line five times', times(5, line, 'agent: Hello?'), 'loop'],
    ['an angry customer', times(5, 'representative', 'agent: I can help.'), null],
    ['two similar lines', times(2, line, 'agent: Hello?'), null],
    ['hello six times over a bad line', times(6, 'hello', 'agent: Hello?'), null],
    ['the customer asks for a person', ['are you an ai i want to talk to a person'], null],
  ])('%s', (_name, lines, level) => {
    expect(levelOf(botLoop, lines)).toBe(level);
  });
});
