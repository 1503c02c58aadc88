import { describe, expect, it } from 'vitest';
import { diffMarkdown } from '../../../src/workshop/eval/diff-markdown.ts';
import { diffRuns } from '../../../src/workshop/eval/diff-runs.ts';
import { code, codeBlock, plain } from '../../../src/workshop/eval/markdown.ts';
import type { Wrong } from '../../../src/workshop/eval/run.ts';
import { hungUp, madeCall, madeRun, madeVariant, weightsWith } from './made-runs.ts';

const wrong = (kind: Wrong['kind']): Wrong => ({ kind, differences: [kind], turn: null, callMs: null });

/** What a browser shows of entities. */
const shown = (markdown: string): string =>
  markdown.replace(/&#(\d+);/g, (_, number: string) => String.fromCharCode(Number(number)));

describe('text in Markdown', () => {
  const evil = [
    '<img src=x onerror=alert(1)>',
    '</code><script>alert(1)</script>',
    '[click](https://evil.example/x) ![](http://evil.example/p.png)',
    'a | b |\n| --- | --- |',
    '`code` ```block',
    '@everyone #123 https://evil.example www.evil.example a@evil.example',
    '**bold** _em_ ~~gone~~ \\| \\',
    '<!-- comment -->',
    '&lt;b&gt; &#60;b&#62;',
  ];

  it.each(evil)('has no markup, link, mention or table in it: %j', (text) => {
    for (const made of [code(text, 200).slice('<code>'.length, -'</code>'.length), plain(text, 200)]) {
      // What is left besides entities is harmless.
      const rest = made.replace(/&#\d+;/g, '');
      expect(rest).not.toMatch(/[<>|`*_~[\]()\\@&\n!]|:\/\/|www\.|\.\w/);
      expect(shown(made).replaceAll('\u200b', '')).toBe(text.replace(/\s+/g, ' '));
    }
    expect(plain(text, 200), 'mentions and references are taken apart').not.toMatch(/&#(64|35);\w/);
  });

  it('leaves numbers and sentences readable', () => {
    expect(plain('weights: menu 18 → 3; +12.4 to −1.0, so. And then.', 100)).toBe(
      'weights: menu 18 → 3; +12.4 to −1.0, so. And then.',
    );
  });

  it('has blocks that nothing in them can end', () => {
    expect(codeBlock('diff', ['- a', '  ```', '+ `````b'])).toEqual([
      '``````diff',
      '- a',
      '  ```',
      '+ `````b',
      '``````',
    ]);
  });
});

describe('the difference as Markdown', () => {
  it('has tables with the same number of cells in each row, whatever the names are', () => {
    const key = 'set | a/<b>x</b>\n|---|`call`';
    const stamp = (hash: string, weights = weightsWith({})) => ({
      weights,
      texts: { one: 'a\n```\nb', two: 'a\n```\nc' },
      variants: [madeVariant({ id: 'v | w', prompts: [{ id: 'probes/en', hash }] })],
    });
    const a = madeRun('a', [madeCall(key), madeCall(`${key}2`, { record: hungUp() }), madeCall('same')], stamp('one'));
    const b = madeRun(
      'b',
      [
        madeCall(key, { record: hungUp(), wrong: wrong('cut') }),
        madeCall(`${key}2`, { record: hungUp({ decidedTurn: 4 }) }),
        madeCall('same'),
      ],
      stamp('two', weightsWith({ 'keypad-menu': { menu: 3 } })),
    );
    const markdown = diffMarkdown(diffRuns(a, b));
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.map((row) => row.split('|').length)).toEqual([6, 6, 6, 8, 8, 8]);
    expect(markdown).toContain('#### People who are now cut off (1)');
    expect(markdown).toContain('- weights: keypad-menu menu 18 → 3');
    expect(markdown).toContain('````diff\n  a\n  ```\n- b\n+ c\n````');
    expect(markdown).not.toContain('<b>');
    expect(markdown).toContain('1 flipped, 1 moved, 1 unchanged.');
    expect(markdown).toContain('1 call got worse and 0 better');
  });

  it('has room in a comment, however many calls flip and whatever they are called', () => {
    const keys = Array.from({ length: 300 }, (_, index) => `${index}${'<|>'.repeat(100)}`);
    const a = madeRun(
      'a',
      keys.map((key) => madeCall(key)),
    );
    const b = madeRun(
      'b',
      keys.map((key) => madeCall(key, { record: hungUp(), wrong: wrong('cut') })),
    );
    const markdown = diffMarkdown(diffRuns(a, b));
    expect(markdown.length).toBeLessThan(65_536);
    expect(markdown).toContain('… and 270 more');
  });

  it('says that nothing was edited and nothing flipped', () => {
    const run = madeRun('a', [madeCall('x')]);
    expect(diffMarkdown(diffRuns(run, run))).toContain('#### Edited\n\nNothing.\n\n#### Flipped\n\nNone.\n');
  });
});
