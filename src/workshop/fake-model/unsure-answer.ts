type Schema = Readonly<Record<string, unknown>>;

const MAX_DEPTH = 20;

/** A value that fits a JSON Schema and claims as little as it can: `unsure` and null where they are allowed. */
export function unsureAnswer(schema: Schema, depth = 0): unknown {
  if (depth > MAX_DEPTH) return null;
  if (Array.isArray(schema.enum)) return schema.enum.includes('unsure') ? 'unsure' : schema.enum[0];
  if ('const' in schema) return schema.const;
  const choices: unknown = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    const values = choices.filter(isSchema).map((choice) => unsureAnswer(choice, depth + 1));
    return values.includes('unsure') ? 'unsure' : values.includes(null) ? null : values[0];
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('null')) return null;
  switch (types[0]) {
    case 'string':
      return '';
    case 'number':
    case 'integer':
      return typeof schema.minimum === 'number' ? schema.minimum : 0;
    case 'boolean':
      return false;
    case 'array':
      return [];
    case 'object': {
      const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : [];
      return Object.fromEntries(
        properties.map(([name, value]) => [name, isSchema(value) ? unsureAnswer(value, depth + 1) : null]),
      );
    }
    default:
      return null;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
