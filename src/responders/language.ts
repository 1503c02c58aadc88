/** Tags that name the same spoken language as another tag. */
const SAME_AS: Readonly<Record<string, string>> = { cmn: 'zh', yue: 'zh', hat: 'ht', spa: 'es', fra: 'fr', deu: 'de' };

/** The bare language of a BCP 47 tag: `es-MX` is `es`, `cmn-Hans` is `zh`. Anything that is not a tag is `en`. */
export function baseLanguage(tag: string): string {
  const base = /^([A-Za-z]{2,3})(?:[-_]|$)/.exec(tag.slice(0, 35))?.[1]?.toLowerCase();
  if (base === undefined) return 'en';
  return SAME_AS[base] ?? base;
}

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** The English name of a BCP 47 tag, such as `Brazilian Portuguese` for `pt-BR`; `English` for what is not a tag. */
export function languageName(tag: string): string {
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(tag)) return 'English';
  try {
    return names.of(tag) ?? 'English';
  } catch {
    return 'English';
  }
}
