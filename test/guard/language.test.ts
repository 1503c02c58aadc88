import { describe, expect, it } from 'vitest';
import { languageOf, voteLanguage } from '../../src/guard/language.ts';
import { tokenize } from '../../src/guard/tokens.ts';

const spoken = (expected: string, ...lines: readonly string[]): string =>
  languageOf(
    lines.reduce((votes, line) => voteLanguage(votes, tokenize(line).words), {}),
    expected,
  );

describe('the language of the caller', () => {
  it.each([
    ['es', 'hola quiero una cita para mi hija por favor'],
    ['fr', "bonjour je voudrais une facture pour mon entreprise s'il vous plaît"],
    ['de', 'guten tag ich habe eine frage und brauche die rechnung'],
    ['pt', 'olá bom dia eu quero marcar uma consulta para meu filho'],
    ['vi', 'xin chào tôi muốn đổi lịch của anh'],
    ['ht', 'bonjou mwen rele pou pitit mwen li pa ka vini'],
    ['zh', '你好 我想改预约'],
    ['ar', 'مرحبا أريد تغيير الموعد'],
    ['hi', 'नमस्ते मुझे बिल के बारे में पूछना है'],
    ['en', 'hello i would like to change my appointment please'],
  ])('%s', (language, line) => {
    expect(spoken('en', line)).toBe(language);
  });

  it.each(['', 'hola', 'ok', 'mm hmm', 'gracias yes', 'la the une'])('stays as configured for %j', (line) => {
    expect(spoken('en', line)).toBe('en');
    expect(spoken('de', '')).toBe('de');
  });

  it('follows a caller who changes over', () => {
    expect(spoken('en', 'hello yes', 'hola buenos dias quiero una cita para mi hija por favor gracias')).toBe('es');
  });

  it('changes no votes in place', () => {
    const votes = voteLanguage({}, ['hola']);
    voteLanguage(votes, ['quiero', 'una']);
    expect(votes).toEqual(voteLanguage({}, ['hola']));
  });
});
