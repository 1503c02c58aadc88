import { z } from 'zod';
import { guardSchema } from './schema.ts';

/** The part of JSON Schema that describes guard.yaml; error messages, `init` and editors read the same one. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

export type Path = readonly PropertyKey[];

/**
 * guard.yaml as JSON Schema 2020-12. Without `knownSignals` the names of signals are free: the file in `schema/` is
 * made so, because a new signal should not need a new schema. Loading checks the names.
 */
export function guardJsonSchema(knownSignals?: readonly string[]): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(guardSchema(knownSignals), { io: 'input' }) as JsonSchema;
  return { ...($schema === undefined ? {} : { $schema }), title: 'guard.yaml of hangup-guard', ...rest };
}

/** The text of `schema/guard.schema.json`. */
export function schemaFileText(): string {
  return `${JSON.stringify(guardJsonSchema(), null, 2)}\n`;
}

/** The schema of one field; undefined when there is no such field. */
export function fieldAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  let here: JsonSchema | undefined = schema;
  for (const key of path) {
    here = branches(here)
      .map((branch) => child(branch, key))
      .find((found) => found !== undefined);
    if (here === undefined) return undefined;
  }
  return here;
}

/** Names that may stand as keys below a field; empty when they are free. */
export function keysOf(schema: JsonSchema | undefined): string[] {
  if (schema === undefined) return [];
  const names = branches(schema).flatMap((branch) => [
    ...Object.keys(branch.properties ?? {}),
    ...(branch.propertyNames?.enum ?? []).map(String),
  ]);
  return [...new Set(names)];
}

/** Where else a name is a field: `listen` for `port`. */
export function homesOf(schema: JsonSchema, name: string, at: readonly string[] = []): string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, field]) =>
    key === name ? [at.join('.')] : homesOf(field, name, [...at, key]),
  );
  const entry = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return entry === undefined
    ? below
    : [...below, ...branches(entry).flatMap((branch) => homesOf(branch, name, [...at, '<name>']))];
}

/** A field and, where it is a choice, what can be chosen. */
export function branches(schema: JsonSchema): readonly JsonSchema[] {
  return [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
}

function child(schema: JsonSchema, key: PropertyKey): JsonSchema | undefined {
  if (typeof key === 'number') return schema.items;
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[String(key)];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}
