import type { Path } from './json-schema.ts';
import { SECRET_NAMES } from './secrets.ts';

const VARIABLES: readonly string[] = Object.values(SECRET_NAMES);

/** Keys of OpenAI, Anthropic and Retell, and URLs with a password in them. */
const SECRET_TEXT = /^(?:sk-[\w-]{12,}|key_[\w-]{12,}|[a-z][a-z0-9+.-]*:\/\/[^/\s@]*:[^/\s@]+@)/i;
const SECRET_KEY = /(?:^|_)(?:key|secret|token|password|passwd|credentials?)$/i;

/** How every hint about a secret begins. */
export const SECRETS_HINT = 'secrets come from the environment only';

export function looksLikeSecret(text: string): boolean {
  return SECRET_TEXT.test(text.trim());
}

/** A hint for a key that names a secret (`api_key`, `OPENAI_API_KEY`, `redis_url`); undefined for other keys. */
export function secretKeyHint(key: string): string | undefined {
  const upper = key.toUpperCase().replaceAll('-', '_');
  const named = VARIABLES.includes(upper) || (SECRET_KEY.test(key.replaceAll('-', '_')) && !/^max/i.test(key));
  if (!named) return undefined;
  const variable = VARIABLES.find((name) => name === upper) ?? VARIABLES.join(', ');
  return `${SECRETS_HINT} (${variable}); remove it from the file, and change it if the file was shared`;
}

/** Paths of texts that look like secrets. */
export function findSecrets(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return looksLikeSecret(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    findSecrets(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
