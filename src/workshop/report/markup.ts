import { html as tagged } from 'hono/html';
import { printable } from '../../records/printable.ts';

/** Escaped HTML. */
export type Markup = Exclude<ReturnType<typeof tagged>, Promise<unknown>>;

/**
 * HTML with every value escaped, but for `Markup`; arrays are joined; false, null and undefined are nothing.
 * hono answers with a promise only where a value is one, or carries callbacks: nothing in a report does.
 * @throws TypeError then.
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  const markup = tagged(strings, ...values);
  if (markup instanceof Promise) throw new TypeError('a report is made of values, not of promises');
  return markup;
}

/** Characters shown of one utterance. */
export const SAID_CHARS = 4_000;

/** Somebody's words: in their own direction of writing, without control characters and direction marks, cut. */
export function said(text: string, max: number = SAID_CHARS): Markup {
  return html`<bdi dir="auto">${printable(text, max)}</bdi>`;
}

/** The first `max` of a list, and how many are left out. */
export function bounded<T>(all: readonly T[], max: number): { readonly shown: readonly T[]; readonly left: number } {
  return { shown: all.slice(0, max), left: Math.max(0, all.length - max) };
}

/** "and 12 more"; nothing where all is shown. */
export function more(left: number, what: string): Markup | null {
  return left === 0 ? null : html`<p class="more">… and ${left} more ${what} that are not listed here.</p>`;
}
