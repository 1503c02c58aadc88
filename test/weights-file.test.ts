import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadWeights, weightsFile } from '../src/weights-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'weights-'));
afterAll(() => rmSync(directory, { recursive: true }));

function edited(edit: (text: string) => string): string {
  const file = join(directory, 'weights.json');
  writeFileSync(file, edit(readFileSync(weightsFile, 'utf8')));
  return file;
}

it('reads the weights of the package, and others with the same names', () => {
  const { weights, hash } = loadWeights();
  expect(loadWeights(edited((text) => text))).toEqual({ weights, hash });
  const other = loadWeights(edited((text) => text.replace('"menu": 18', '"menu": 3')));
  expect(other.weights.signals['keypad-menu']?.points.menu).toBe(3);
  expect(other.hash).not.toBe(hash);
});

it.each([
  [
    'a misspelt signal',
    (text: string) => text.replace('"keypad-menu"', '"keypad-menuu"'),
    /keypad-menuu.*no such signal.*keypad-menu/s,
  ],
  [
    'a misspelt level',
    (text: string) => text.replace('"menu": 18', '"menuu": 18'),
    /keypad-menu has no such level.*menu/s,
  ],
  ['no JSON', () => '{', /no JSON/],
  ['another file', () => '{"version": 1}', /signals/],
])('refuses %s', (_what, edit, message) => {
  expect(() => loadWeights(edited(edit))).toThrow(message);
});

it('refuses a file that is not there', () => {
  expect(() => loadWeights(join(directory, 'none.json'))).toThrow(/cannot be read/);
});
