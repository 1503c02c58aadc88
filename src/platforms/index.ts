import type { Platform } from './platform.ts';
import { retell } from './retell.ts';

/** Every platform by name. A new one is a file and a line here. */
export const platforms = { retell } satisfies Record<string, Platform>;
