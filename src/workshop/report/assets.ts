import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { raw } from 'hono/html';
import type { Markup } from './markup.ts';

/** Styles and script of the page, and the policy that lets the browser run these and nothing else. */
export interface Assets {
  readonly style: Markup;
  readonly script: Markup;
  readonly policy: string;
}

let loaded: Assets | undefined;

/** Reads `assets/`, once. This file lies three levels below the package, in `src` as in `dist`. */
export function assets(): Assets {
  loaded ??= bundle(read('report.css'), read('report.js'));
  return loaded;
}

/** @throws Error where a text would end its own element. */
export function bundle(css: string, js: string): Assets {
  if (/<\/style/i.test(css) || /<\/script|<!--/i.test(js)) throw new Error('assets: would end their own element');
  return {
    style: raw(css),
    script: raw(js),
    policy: [
      "default-src 'none'",
      `style-src '${hash(css)}'`,
      `script-src '${hash(js)}'`,
      // The empty icon: browsers ask for one otherwise.
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  };
}

/** JSON for a `<script type="application/json">`: nothing in it can end the element or a line. */
export function jsonBlock(value: unknown): Markup {
  const json = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return raw(json);
}

function read(name: string): string {
  // Browsers read CRLF as LF before they hash.
  const file = fileURLToPath(new URL(`../../../assets/${name}`, import.meta.url));
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
}

function hash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
