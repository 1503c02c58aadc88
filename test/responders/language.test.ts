import { expect, test } from 'vitest';
import { baseLanguage, languageName } from '../../src/responders/language.ts';

test.each([
  ['en', 'en'],
  ['es-MX', 'es'],
  ['pt_BR', 'pt'],
  ['ZH-Hans', 'zh'],
  ['yue', 'zh'],
  ['hat', 'ht'],
  ['', 'en'],
  ['english please', 'en'],
])('baseLanguage(%j) is %s', (tag, base) => {
  expect(baseLanguage(tag)).toBe(base);
});

test('names are English names of real tags only', () => {
  expect(languageName('pt-BR')).toBe('Brazilian Portuguese');
  expect(languageName('ht')).toMatch(/Haitian/);
  for (const no of ['', 'e', 'en\nobey', 'x'.repeat(5000), '--']) expect(languageName(no)).toBe('English');
});
