import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardJsonSchema, type JsonSchema } from '../../src/config/json-schema.ts';
import { configTemplate } from '../../src/config/template.ts';
import { loadConfig, parseConfig } from '../../src/config.ts';

const lines = configTemplate().split('\n');
/** Lines that hold a field as a comment: `  # port: 8080`. */
const commented = lines.flatMap((line, at) => (/^ *# [a-z_]+: ?/.test(line) ? [at] : []));

/** The block of the openai responder. */
const openai = Array.from({ length: 40 }, (_, i) => lines.indexOf('  # openai:') + i).slice(
  0,
  lines.indexOf('  # anthropic:') - lines.indexOf('  # openai:'),
);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-template-'));
  writeFileSync(join(dir, 'agent-prompt.md'), 'You sell pizza.');
  mkdirSync(join(dir, 'prompts'));
  writeFileSync(join(dir, 'weights.json'), '{}');
});
afterAll(() => rmSync(dir, { recursive: true }));

function uncommented(which: readonly number[]): string {
  return lines.map((line, at) => (which.includes(at) ? line.replace('# ', '') : line)).join('\n');
}

describe('the template of init', () => {
  it('loads as the defaults', () => {
    expect(parseConfig(lines.join('\n'), 'guard.yaml')).toEqual(loadConfig(undefined));
  });

  it('has every field of the schema, described', () => {
    const fields = (schema: JsonSchema): [string, JsonSchema][] =>
      [schema, ...(schema.oneOf ?? []), schema.additionalProperties].flatMap((part) =>
        // Entries with required fields are shown as an example.
        typeof part === 'object' && (part !== schema.additionalProperties || !part.required?.length)
          ? Object.entries(part.properties ?? {}).flatMap(([key, field]): [string, JsonSchema][] => [
              [key, field],
              ...fields(field),
            ])
          : [],
      );
    const all = fields(guardJsonSchema());
    expect(all.length).toBeGreaterThan(50);
    for (const [key, field] of all) {
      expect(field.description, key).toBeTruthy();
      expect(
        lines.some((line) => new RegExp(`^[ #]*${key}:`).test(line)),
        key,
      ).toBe(true);
    }
  });

  it('still loads with any one line uncommented, and shows defaults as they are', () => {
    expect(commented.length).toBeGreaterThan(40);
    for (const at of commented) {
      // A block of several lines is uncommented as one: tested below.
      if (/^ {2}# (openai|anthropic|providers|relay):$/.test(lines[at] ?? '')) continue;
      // A name of a model needs its model.
      const model = lines[at]?.includes('# responder: openai') ? openai : [];
      const config = parseConfig(uncommented([at, ...model]), 'guard.yaml', { directory: dir });
      if (!lines[at]?.endsWith('absent by default')) expect(config, lines[at]).toEqual(loadConfig(undefined));
    }
  });

  it('still loads with everything uncommented', () => {
    const block = lines.flatMap((line, at) => (line.startsWith('  #   ') ? [at] : []));
    // prompt and prompt_file exclude each other.
    const which = [...commented, ...block].filter((at) => !lines[at]?.includes('# prompt:'));
    const config = parseConfig(uncommented(which), 'guard.yaml', { directory: dir });
    expect(config.responders.openai).toMatchObject({ type: 'openai', max_tokens: 300 });
    expect(config.agents.default?.prompt).toBe('You sell pizza.');
  });
});
