import type { CallerKind } from '../workshop/player/scenario.ts';

export interface ImportFlags {
  readonly call?: string;
  readonly dataDir: string;
  readonly jsonl?: string;
  readonly id?: string;
  readonly limit: number;
  readonly dir: string;
  readonly name?: string;
  readonly kind?: CallerKind;
  readonly language?: string;
  readonly expect?: 'hang_up' | 'none';
  readonly replace: readonly { readonly from: string; readonly to: string }[];
  readonly confirmed?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}
