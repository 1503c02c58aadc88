import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The first 12 hex digits of the SHA-256 of a text (UTF-8): how records name the content that made a verdict. */
export function contentHash(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** This file lies in `src` or `dist`; both have package.json one level up. */
const here = fileURLToPath(new URL('.', import.meta.url));

let version: string | undefined;

/** The version of the package, from its package.json. */
export function packageVersion(): string {
  if (version === undefined) {
    const manifest: unknown = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
    const found =
      typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
    version = typeof found === 'string' ? found : '0.0.0';
  }
  return version;
}

/** Content hash of every code file below `directory`; names and contents count, the order of the file system does not. */
export function hashCode(directory: string): string {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:js|ts)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(join(directory, file));
    // Lengths keep two files from being taken for one.
    hash.update(`${file.split(sep).join('/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 12);
}

let code: string | undefined;

/** Content hash of the core that is running (`src/guard` or `dist/guard`), read once, when first asked for. */
export function codeHash(): string {
  code ??= hashCode(join(here, 'guard'));
  return code;
}
