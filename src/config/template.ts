import { stringify } from 'yaml';
import { guardJsonSchema, type JsonSchema } from './json-schema.ts';
import { SECRET_NAMES } from './secrets.ts';

const WIDTH = 110;

/**
 * A guard.yaml with every field as a comment: its description and its default (an example where there is none).
 * Made from the schema, so that it cannot go stale; loads as the defaults. Section names stay uncommented, so that
 * one line can be uncommented by itself.
 */
export function configTemplate(): string {
  const intro = [
    'Settings of hangup-guard. Every field is shown with its default; remove the "# " before a line to change it.',
    `Secrets are not settings: they come from the environment (${SECRET_NAMES.guardKey}, ${SECRET_NAMES.retellApiKey}, ${SECRET_NAMES.openaiApiKey},`,
    `${SECRET_NAMES.anthropicApiKey}, ${SECRET_NAMES.toolSecret}).`,
    'The guard starts in shadow mode: it decides and records but never acts, until mode says enforce.',
  ];
  return `${[...intro.flatMap((text) => comment(text, '')), ...fields(guardJsonSchema(), '')].join('\n')}\n`;
}

function fields(schema: JsonSchema, indent: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
    const about = comment(field.description ?? '', indent);
    const gap = indent === '' ? [''] : [];
    const below = `${indent}  `;
    if (field.properties) return [...gap, ...about, `${indent}${key}:`, ...fields(field, below)];
    const entry = typeof field.additionalProperties === 'object' ? field.additionalProperties : undefined;
    // Entries that can be empty are shown field by field; others only as an example.
    if (entry?.properties && (entry.required ?? []).length === 0)
      return [...gap, ...about, `${indent}${key}:`, `${below}default:`, ...fields(entry, `${below}  `)];
    if (entry?.oneOf)
      return [...gap, ...about, `${indent}${key}:`, ...entry.oneOf.flatMap((choice) => block(choice, below))];
    return [...gap, ...leaf(key, field, indent)];
  });
}

/** One kind of entry, named by its type and commented as a whole; fields that may be left out are commented twice. */
function block(choice: JsonSchema, indent: string): string[] {
  const { type, ...rest } = choice.properties ?? {};
  if (Object.keys(rest).length === 0) return [];
  const kind = yaml(type?.const);
  const lines = Object.entries(rest).flatMap(([key, field]) =>
    field.default === undefined && choice.required?.includes(key)
      ? [...comment(field.description ?? '', ''), `${key}: ${yaml(field.examples?.[0])}`]
      : leaf(key, field, ''),
  );
  const about = comment(type?.description ?? '', '');
  return [`${kind}:`, ...[...about, `type: ${kind}`, ...lines].map((line) => `  ${line}`)].map(
    (line) => `${indent}# ${line}`,
  );
}

function leaf(key: string, field: JsonSchema, indent: string): string[] {
  const example = field.examples?.[0];
  const isSet = field.default !== undefined;
  const showExample = isSet && example !== undefined && yaml(example) !== yaml(field.default);
  return [
    ...comment(field.description ?? '', indent),
    ...(showExample ? [`${indent}# Example: ${key}: ${yaml(example)}`] : []),
    `${indent}# ${key}: ${yaml(isSet ? field.default : example)}${isSet ? '' : '  # an example; absent by default'}`,
  ];
}

/** A value on one line. */
function yaml(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false }).trim();
}

function comment(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + word.length + 3 <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  return lines.map((line) => `${indent}# ${line}`);
}
