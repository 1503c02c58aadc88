import type { Answer, Ask } from './mind.ts';

/** What goes wrong on the way to the client, once there is an answer. */
export type WireFault = 'silent' | 'stall' | 'stall-mid' | 'reset-mid' | 'cut' | 'error-mid' | 'bad-json' | 'drip';

interface Fault {
  readonly describe: string;
  /** Answered with this status instead. */
  readonly status?: number;
  readonly answer?: (answer: Answer, ask: Ask) => Answer;
  readonly wire?: WireFault | 'reset';
}

const firstHalf = (text: string): string => [...text].slice(0, Math.ceil([...text].length / 2)).join('');

/** Everything that can be made to go wrong. */
export const FAULTS = {
  '400': { describe: 'status 400: the request is refused', status: 400 },
  '429': { describe: 'status 429 with retry-after', status: 429 },
  '500': { describe: 'status 500', status: 500 },
  '529': { describe: 'status 529: overloaded', status: 529 },
  silent: { describe: 'nothing at all for the stall time, not even headers', wire: 'silent' },
  stall: { describe: 'a stall before the first token', wire: 'stall' },
  'stall-mid': { describe: 'a stall in the middle of the answer', wire: 'stall-mid' },
  reset: { describe: 'the connection is reset before the answer', wire: 'reset' },
  'reset-mid': { describe: 'the connection is reset in the middle', wire: 'reset-mid' },
  cut: { describe: 'the body ends in order, in the middle of the answer', wire: 'cut' },
  'error-mid': { describe: 'an error event in the middle; status 500 where nothing is streamed', wire: 'error-mid' },
  'bad-json': { describe: 'an event in the middle that is not JSON', wire: 'bad-json' },
  drip: { describe: 'one byte at a time, also inside of characters', wire: 'drip' },
  empty: { describe: 'an answer without text', answer: () => ({ text: '' }) },
  refusal: {
    describe: 'the model refuses',
    answer: () => ({ text: 'I cannot help with that.', finish: 'refusal' }),
  },
  'content-filter': {
    describe: "the provider's filter stops the answer halfway",
    answer: ({ text }) => ({ text: firstHalf(text), finish: 'content-filter' }),
  },
  length: {
    describe: 'the token limit stops the answer halfway',
    answer: ({ text }) => ({ text: firstHalf(text), finish: 'length' }),
  },
  'bad-tool': {
    describe: 'a tool call whose arguments are not JSON',
    answer: (_answer, { tools }) => ({
      text: '',
      toolCalls: [{ id: 'call_broken', name: tools[0]?.name ?? 'end_call', arguments: '{"say": "Goodby' }],
    }),
  },
} as const satisfies Record<string, Fault>;
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** One fault of the table. */
export function faultOf(name: FaultName): Fault {
  return FAULTS[name];
}
