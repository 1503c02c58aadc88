import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CORRECTION_WINDOW } from '../../src/guard/correction-window.ts';
import { cutTranscript, type Heard, hear, type Reading, startHearing } from '../../src/guard/heard.ts';
import { LEXICON } from '../../src/guard/signals/index.ts';
import { TRANSCRIPT_SIGNALS } from '../../src/guard/state.ts';
import { lineOf, readLine, type Said } from '../../src/guard/utterance.ts';
import { facts, timed } from './call-kit.ts';
import { sameValue } from './call-laws.ts';

const view = { facts: facts(), language: 'en' };

interface Line {
  readonly role: 'agent' | 'caller';
  readonly text: string;
  readonly startMs: number;
}

function listen(heard: Heard, index: number, { role, text, startMs }: Line): Heard {
  return hear(TRANSCRIPT_SIGNALS, heard, lineOf(role, index, text, timed(text, startMs)), view).heard;
}

const afresh = (lines: readonly Line[]): Reading =>
  lines.reduce((heard, line, i) => listen(heard, i, line), startHearing(TRANSCRIPT_SIGNALS)).reading;

/** Words that make phrases of many signals, so that corrections change evidence. */
const word = fc.constantFrom(
  ...'press one to speak with our representative this is an automated message your account has been suspended i my'.split(
    ' ',
  ),
  ...'please leave a message after the tone it said the reason for my call voicemail we offer how may i help you today'.split(
    ' ',
  ),
  ...'hola su cuenta ha sido oprima el uno 请 按 一'.split(' '),
);
const text = fc.array(word, { maxLength: 24 }).map((words) => words.join(' '));
const role = fc.constantFrom('agent' as const, 'caller' as const, 'caller' as const);

/** What happens to a transcript next; numbers are taken modulo what is there. */
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('new' as const),
      role,
      text,
      gapMs: fc.integer({ min: -2_000, max: 4_000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('grow' as const), text }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('correct' as const), back: fc.nat({ max: CORRECTION_WINDOW - 1 }), text }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut' as const), back: fc.nat({ max: 3 }) }) },
);

describe('a transcript read as it grows and is corrected', () => {
  it('amounts to what the final transcript amounts to when read afresh', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 25 }), (changes) => {
        const lines: Line[] = [];
        let heard = startHearing(TRANSCRIPT_SIGNALS);
        // Corrections go back no further than the window, seen from the longest that the transcript has been.
        let longest = 0;
        for (const one of changes) {
          const oldest = Math.max(0, longest - CORRECTION_WINDOW);
          if (one.do === 'cut') {
            const length = Math.max(oldest, lines.length - one.back);
            lines.length = Math.min(lines.length, length);
            heard = cutTranscript(TRANSCRIPT_SIGNALS, heard, length);
            continue;
          }
          const last = lines.at(-1);
          let index = lines.length;
          let line: Line;
          if (one.do === 'new' || !last) {
            const endMs = last ? last.startMs + 400 * last.text.split(' ').length : 0;
            const gapMs = one.do === 'new' ? one.gapMs : 500;
            line = {
              role: one.do === 'new' ? one.role : 'caller',
              text: one.text,
              startMs: Math.max(0, endMs + gapMs),
            };
          } else if (one.do === 'grow') {
            index--;
            line = { ...last, text: `${last.text} ${one.text}` };
          } else {
            index = Math.max(oldest, lines.length - 1 - one.back);
            const old = lines[index];
            if (!old) continue;
            line = { ...old, text: one.text };
          }
          lines[index] = line;
          longest = Math.max(longest, lines.length);
          heard = listen(heard, index, line);
        }
        const fresh = afresh(lines);
        for (const [i, one] of TRANSCRIPT_SIGNALS.entries()) {
          if (!sameValue(heard.reading.slots[i], fresh.slots[i]))
            expect(heard.reading.slots[i], one.name).toEqual(fresh.slots[i]);
        }
        expect(sameValue({ ...heard.reading, slots: [] }, { ...fresh, slots: [] })).toBe(true);
        expect(heard.nextIndex).toBe(lines.length);
      }),
      { numRuns: 1_500 },
    );
  });

  it('tells of a correction that lies too far back, and changes nothing', () => {
    let heard = startHearing(TRANSCRIPT_SIGNALS);
    for (let i = 0; i < 8; i++) heard = listen(heard, i, { role: 'caller', text: `line ${i}`, startMs: i * 2_000 });
    const late = hear(TRANSCRIPT_SIGNALS, heard, lineOf('caller', 1, 'press one', []), view);
    expect(late).toEqual({ heard, said: null });
  });

  it('begins anew when it is told from the first utterance', () => {
    let heard = startHearing(TRANSCRIPT_SIGNALS);
    for (let i = 0; i < 8; i++) heard = listen(heard, i, { role: 'caller', text: `line ${i}`, startMs: i * 2_000 });
    const first: Line = { role: 'caller', text: 'hello', startMs: 0 };
    expect(listen(heard, 0, first)).toEqual(listen(startHearing(TRANSCRIPT_SIGNALS), 0, first));
  });

  it('keeps no more utterances than corrections need', () => {
    let heard = startHearing(TRANSCRIPT_SIGNALS);
    for (let i = 0; i < 200; i++) heard = listen(heard, i, { role: 'caller', text: `line ${i}`, startMs: i * 2_000 });
    expect(heard.recent).toHaveLength(CORRECTION_WINDOW + 1);
    expect(heard.reading.callerTurns).toBe(200);
  });
});

const read = (role: Said['role'], index: number, text: string, previous?: Said): Said =>
  readLine(LEXICON, lineOf(role, index, text, []), previous);

describe('readLine', () => {
  it('knows how many words are the same as before', () => {
    const first = read('caller', 3, 'press one to');
    expect(first.stable).toBe(0);
    expect(read('caller', 3, 'press one to speak', first).stable).toBe(3);
    expect(read('caller', 3, 'press won to', first).stable).toBe(1);
    expect(read('caller', 3, 'press on', first).stable).toBe(1);
    expect(read('caller', 4, 'press one to', first).stable).toBe(0);
    expect(read('agent', 3, 'press one to', first).stable).toBe(0);
  });

  it('looks for phrases in what callers say only', () => {
    expect(read('caller', 0, 'press one').hits).not.toEqual([]);
    expect(read('agent', 0, 'press one').hits).toEqual([]);
  });

  it('takes its times from the words', () => {
    const said = readLine(LEXICON, lineOf('caller', 0, 'yes please', timed('yes please', 1_000)), undefined);
    expect([said.startMs, said.endMs]).toEqual([1_000, 1_760]);
    expect(read('caller', 0, 'yes please').startMs).toBeUndefined();
  });
});
