/**
 * What an open call costs in memory, beside a bare server. See docs/bench.md.
 *
 *     npx tsx bench/memory.ts [--quick] [--json] [--profile DIR]
 */
import { bench } from './load/bench.ts';
import { memoryPart } from './load/parts/memory.ts';

await bench([memoryPart]);
