import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Weights, weightsSchema } from './guard/weights.ts';
import { contentHash } from './version.ts';

/** The weights of the package, checked, with the hash of their content. Throws when the file is broken. */
export function loadWeights(file = fileURLToPath(new URL('./guard/weights.json', import.meta.url))): {
  readonly weights: Weights;
  readonly hash: string;
} {
  const text = readFileSync(file, 'utf8');
  return { weights: weightsSchema.parse(JSON.parse(text)), hash: contentHash(text) };
}
