/**
 * The live path beside floors, in one run: calls a core at the pace of speech, CPU of an event and a turn, and streamed
 * answers with their time to the first token. See docs/bench.md.
 *
 *     npx tsx bench/live.ts [--quick] [--json] [--profile DIR]
 */
import { bench } from './load/bench.ts';
import { callsPart } from './load/parts/calls.ts';
import { eventsPart } from './load/parts/events.ts';
import { streamedPart } from './load/parts/streamed.ts';

await bench([callsPart, eventsPart, streamedPart]);
