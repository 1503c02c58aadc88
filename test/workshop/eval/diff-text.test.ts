import { describe, expect, it } from 'vitest';
import { diffRuns } from '../../../src/workshop/eval/diff-runs.ts';
import { diffText } from '../../../src/workshop/eval/diff-text.ts';
import type { EvalCall, LoadedRun, Wrong } from '../../../src/workshop/eval/run.ts';
import { hungUp, madeCall, madeRecord, madeRun, madeVariant, seen, weightsWith } from './made-runs.ts';

const wrong = (kind: Wrong['kind']): Wrong => ({ kind, differences: [kind], turn: null, callMs: null });
const texts = { one: 'a\nb\nWho is it?\nc', two: 'a\nb\n  Who are you?\nc' };
const lowMenu = weightsWith({ 'keypad-menu': { menu: 3 } });
const menu = seen(2, 9_000, { 'keypad-menu': 'menu' });
const asked = hungUp({
  evidence: [menu],
  rungs: [{ from: 'continue', to: 'probe', turn: 2, callMs: 9_000, points: menu.points, why: '' }],
});

function runs(before: readonly EvalCall[], after: readonly EvalCall[]): [LoadedRun, LoadedRun] {
  const variant = (hash: string) => ({ texts, variants: [madeVariant({ prompts: [{ id: 'guard', hash }] })] });
  return [madeRun('run-a', before, variant('one')), madeRun('run-b', after, { ...variant('two'), weights: lowMenu })];
}

describe('the difference as text', () => {
  it('shows edits, flips with their cause, moved calls and the sentence, in this order', () => {
    const [a, b] = runs(
      [
        madeCall('menu', { record: asked }),
        madeCall('person'),
        madeCall('late', { record: hungUp() }),
        madeCall('gone'),
        madeCall('silent-model'),
      ],
      [
        madeCall('menu', { wrong: wrong('missed') }),
        madeCall('person', { record: hungUp(), wrong: wrong('cut') }),
        madeCall('late', { record: hungUp({ decidedTurn: 5, decidedCallMs: 31_500, points: 20.5 }) }),
        madeCall('silent-model', { unrecorded: 1 }),
      ],
    );
    expect(diffText(diffRuns(a, b), { width: 80 })).toBe(`run-a → run-b

Edited:
  weights: keypad-menu menu 18 → 3
  prompt: guard
    no model answered: the edit was not tried
      a
      b
    - Who is it?
    +   Who are you?
      c

Flipped (2):
  People who are now cut off (1):
    person
      none, −9.5 → hang_up robocall_menu at turn 3, 20.0 s, +22.0 (wrong: cut
      off)
      weights: edited; neither record shows how
  Machines now missed (1):
    menu
      hang_up robocall_menu at turn 3, 20.0 s, +22.0 → none, −9.5 (wrong:
      missed)
      weights: keypad-menu menu 18 → 3; the sum at turn 2 fell from +8.5 to
      −6.5, below the probe threshold 0.0

Moved (1):
       turns    time points cause   questions
  late    +2 +11.5 s   −1.5 weights

Answers of the model are not recorded (1):
  silent-model

Only in run-a (1):
  gone

2 flipped, 1 moved, 0 unchanged, 1 without recorded answers, 1 only in run-a
2 calls got worse and 0 better. Both runs are deterministic: every difference
has the cause named; whether it carries over to other calls is another question
(p = 0.50, exact McNemar test).`);
  });

  it('is short where nothing differs', () => {
    const run = madeRun('a', [madeCall('x')]);
    expect(diffText(diffRuns(run, run))).toBe(
      'a → a\n\nEdited: nothing\n\nFlipped: none\n\n0 flipped, 0 moved, 1 unchanged\nNone of 1 call got better or worse.',
    );
  });

  it('bounds every list', () => {
    const many = Array.from({ length: 200 }, (_, index) => `call-${String(index).padStart(3, '0')}`);
    const records = (over: Parameters<typeof madeRecord>[0]) => (key: string, index: number) =>
      madeCall(key, index < 100 ? { record: madeRecord(over) } : { record: hungUp(over) });
    const [a, b] = runs(
      many.map(records({})),
      many.map((key, index) => {
        return index < 100
          ? madeCall(key, { record: hungUp(), wrong: wrong('cut') })
          : records({ points: 3 })(key, index);
      }),
    );
    const text = diffText(diffRuns(a, b));
    expect(text).toContain('People who are now cut off (100):');
    expect(text).toContain('    … and 50 more');
    expect(text).toContain('Moved (100):');
    expect(text).toContain('  … and 70 more');
    expect(text.split('\n').length).toBeLessThan(300);
  });

  it('shows nothing that a terminal could act on, and keeps to the width', () => {
    const evil = '\u001b]0;title\u0007\u001b[2J\u202eset/call\r\nline two\u009b31m';
    const said = (text: string) => ({ result: { transcript: [{ role: 'agent' as const, text }] } });
    const a = madeRun(
      evil,
      [madeCall(evil, said('Who')), madeCall(`${evil}${'x'.repeat(900)}`, { record: hungUp() })],
      {
        texts: { one: `- ${evil}`, two: '- b' },
        variants: [madeVariant({ id: evil, prompts: [{ id: `agent:${evil}`, hash: 'one' }] })],
      },
    );
    const b = madeRun('b', [madeCall(evil, { ...said(evil), record: hungUp(), wrong: wrong('cut') })], {
      texts: { one: '', two: '- b' },
      variants: [madeVariant({ id: evil, config: evil, prompts: [{ id: `agent:${evil}`, hash: 'two' }] })],
    });
    for (const width of [1, 60, 100]) {
      const text = diffText(diffRuns(a, b), { width });
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(text).not.toMatch(/^line two/m);
      for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(Math.max(60, width));
    }
  });
});
