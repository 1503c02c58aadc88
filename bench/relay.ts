/**
 * The guard in front of a custom-LLM server, beside a bare pipe of frames. See docs/bench.md.
 *
 *     npx tsx bench/relay.ts [--quick] [--json] [--profile DIR]
 */
import { bench } from './load/bench.ts';
import { relayPart } from './load/parts/relay.ts';

await bench([relayPart]);
