import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { fieldAt, guardJsonSchema, homesOf, keysOf } from '../../src/config/json-schema.ts';
import { suggest } from '../../src/config/suggest.ts';

it('schema/guard.schema.json is current', () => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL('../../schema/guard.schema.json', import.meta.url), 'utf8'),
  );
  expect(
    committed,
    'run: npx tsx src/cli/main.ts schema > schema/guard.schema.json && npx biome check --write schema',
  ).toEqual(guardJsonSchema());
});

it('finds fields, their neighbours and their homes', () => {
  const schema = guardJsonSchema(['robocall']);
  expect(fieldAt(schema, ['listen', 'port'])?.default).toBe(8080);
  expect(fieldAt(schema, ['agents', 'any', 'reminders', 'max_count'])?.default).toBe(1);
  expect(fieldAt(schema, ['responders', 'any', 'model'])?.type).toBe('string');
  expect(fieldAt(schema, ['lists', 'block', 3, 'until'])).toBeDefined();
  expect(fieldAt(schema, ['constructor'])).toBeUndefined();
  expect(keysOf(fieldAt(schema, ['agents', 'any', 'signals']))).toEqual(['robocall']);
  expect(homesOf(schema, 'retention_days')).toEqual(['records']);
});

it.each([
  ['prot', ['port', 'host'], 'did you mean "port"?'],
  ['PORT', ['port'], 'did you mean "port"?'],
  ['x', ['y', 'port'], undefined],
  ['completely-else', ['port'], undefined],
  ['', ['port'], undefined],
  ['a'.repeat(100_000), ['port'], undefined],
])('suggests for %s', (word, known, expected) => {
  expect(suggest(word, known)).toBe(expected);
});
