import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { hi } from './hi.ts';
import { ht } from './ht.ts';
import { pt } from './pt.ts';
import type { ReceptionLines } from './reception-lines.ts';
import { vi } from './vi.ts';
import { zh } from './zh.ts';

/** By bare language. A language that is not here is answered in English. */
export const receptionLines: ReadonlyMap<string, ReceptionLines> = new Map(
  Object.entries({ ar, de, en, es, fr, hi, ht, pt, vi, zh } satisfies Record<string, ReceptionLines>),
);

/** What is said in English, for a language without lines of its own. */
export const defaultLines: ReceptionLines = en;
