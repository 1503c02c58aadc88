import type { Check, DoctorContext, Finding } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { configCheck } from './config-check.ts';
import { memoryCheck } from './memory-check.ts';
import { modelsCheck } from './models-check.ts';
import { platformCheck } from './platform-check.ts';
import { promptsCheck } from './prompts-check.ts';
import { relayCheck } from './relay-check.ts';
import { storeCheck } from './store-check.ts';
import { urlCheck } from './url-check.ts';

/** Every part that is examined: one file and one line. */
export const CHECKS: readonly Check[] = [
  configCheck,
  promptsCheck,
  modelsCheck,
  relayCheck,
  platformCheck,
  urlCheck,
  storeCheck,
  memoryCheck,
  clockCheck,
];

export interface Examined {
  readonly name: string;
  readonly ifDown: string;
  readonly findings: readonly Finding[];
}

/** Examines every part at once, in the order of CHECKS. */
export async function examine(context: DoctorContext): Promise<Examined[]> {
  return Promise.all(
    CHECKS.map(async (check) => ({ name: check.name, ifDown: check.ifDown, findings: await check.run(context) })),
  );
}
