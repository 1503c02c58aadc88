import ipaddr from 'ipaddr.js';
import { isSupportedCountry } from 'libphonenumber-js/max';
import { z } from 'zod';

/** Building blocks of the schema: one check each, with the words that an error shows. */

/** A duration in milliseconds, bounded so that nothing can wait for ever. */
export function ms(min: number, max: number): z.ZodInt {
  return z.int().min(min).max(max);
}

/** Text that is spoken: bounded, because a caller hears all of it. */
export const spoken = z.string().max(1000);

/** Names of agents and responders; agents stand in URLs. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'expected 1 to 64 letters, digits, "-" or "_", starting with a letter or digit',
  );

export const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number in E.164 form, such as "+15551234567"');

/** A number, or the beginning of numbers followed by `*`. */
export const numberPattern = z
  .string()
  .regex(/^\+[1-9](?:\d{6,14}|\d{0,13}\*)$/, 'expected a number or a prefix, such as "+15551234567" or "+1900*"');

/** An address or a range of addresses, IPv4 or IPv6. */
export const addressRange = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    'expected an IP address or range, such as "10.0.0.0/8"',
  );

export const country = z
  .string()
  .toUpperCase()
  // The countries that numbers can belong to, as the number signals know them.
  .refine(
    (text) => isSupportedCountry(text),
    'expected an ISO 3166 country code of two letters that has telephone numbers, such as "IR"',
  );

export const language = z.string().refine(isLanguage, 'expected a language tag, such as "en" or "pt-BR"');

export const httpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'expected a URL that starts with http:// or https://',
  );

export const wsUrl = z
  .string()
  .max(2000)
  .refine(
    (text) => URL.canParse(text) && /^wss?:$/.test(new URL(text).protocol),
    'expected a URL that starts with ws:// or wss://',
  );

/** The name of an environment variable. */
export const envName = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]{0,99}$/, 'expected the name of an environment variable, such as "OTHER_API_KEY"');

export const isoTime = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
  error: 'expected a date or time, such as "2026-12-31" or "2026-12-31T18:00:00Z"',
});

export const currency = z.string().regex(/^[A-Z]{3}$/, 'expected a currency code of three letters, such as "USD"');

function isLanguage(text: string): boolean {
  try {
    return text.length <= 35 && Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
