import type { Bench } from './call-kit.ts';

export const GREETING = 'Hello, how can I help you?';
export const QUESTION = 'Could you tell me your name and date of birth, please?';

/** Lines of a robocall with a keypad menu. */
export const ROBOCALL = [
  'this is an automated message your warranty has expired press one now to speak with one of our representatives',
  'you have been selected for a special offer or press two to hear this message again',
  'this is your final notice respond immediately or press nine to be removed from our list',
  'stay on the line to speak with our warranty department your coverage will be cancelled',
];

/** A recording: goes on line after line whatever the agent says, and over it. */
export function playTape(bench: Bench, lines: readonly string[]): Bench {
  for (const line of lines) {
    if (bench.state.phase !== 'open') break;
    bench.caller(line, { gapMs: -1_200 }).agent(QUESTION);
  }
  return bench;
}

/** What the guard said on its own account for a purpose. */
export const says = (bench: Bench, purpose: string) => bench.of('say').filter((say) => say.purpose === purpose);
