import { createHash, timingSafeEqual } from 'node:crypto';

/** Every secret the guard knows, by its name in the environment. Secrets come from there and from nowhere else. */
export const SECRET_NAMES = {
  guardKey: 'HANGUP_GUARD_KEY',
  retellApiKey: 'RETELL_API_KEY',
  openaiApiKey: 'OPENAI_API_KEY',
  anthropicApiKey: 'ANTHROPIC_API_KEY',
  toolSecret: 'HANGUP_GUARD_TOOL_SECRET',
  redisUrl: 'REDIS_URL',
  databaseUrl: 'DATABASE_URL',
} as const;

export type Secrets = { readonly [Name in keyof typeof SECRET_NAMES]?: string } & {
  /** The whole environment, for `key_env` of responders. */
  readonly env?: Readonly<Record<string, string | undefined>>;
};

/** Reads the secrets from an environment, usually `process.env`. An empty or blank variable counts as absent. */
export function readSecrets(env: Readonly<Record<string, string | undefined>>): Secrets {
  const found: [string, string][] = [];
  for (const [name, variable] of Object.entries(SECRET_NAMES)) {
    const value = env[variable]?.trim();
    if (value) found.push([name, value]);
  }
  return Object.fromEntries(found);
}

const MIN_KEY_LENGTH = 16;

/** What is unwise about the secrets, in sentences for the log; never contains one. */
export function secretWarnings(secrets: Secrets): string[] {
  const warnings: string[] = [];
  const key = secrets.guardKey;
  if (key !== undefined && key.length < MIN_KEY_LENGTH) {
    warnings.push(
      `HANGUP_GUARD_KEY is short (${key.length} characters); use ${MIN_KEY_LENGTH} or more, such as from: openssl rand -hex 24`,
    );
  }
  if (key !== undefined && !/^[A-Za-z0-9._~-]+$/.test(key)) {
    warnings.push(
      'HANGUP_GUARD_KEY has characters that must be percent-encoded in a URL; letters, digits, ".", "_", "~" and "-" need no care',
    );
  }
  return warnings;
}

/**
 * Compares a secret in a time that depends on neither its content nor its length: both sides are hashed first
 * (timingSafeEqual wants equal lengths). An absent or empty side never matches.
 */
export function secretEquals(given: string | undefined, expected: string | undefined): boolean {
  const same = timingSafeEqual(sha256(given ?? ''), sha256(expected ?? ''));
  return same && Boolean(given) && Boolean(expected);
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
