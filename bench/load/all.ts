/** Every part of the live path, in one run: what `npm run bench` does. See docs/bench.md. */
import { bench } from './bench.ts';
import { callsPart } from './parts/calls.ts';
import { eventsPart } from './parts/events.ts';
import { memoryPart } from './parts/memory.ts';
import { relayPart } from './parts/relay.ts';
import { streamedPart } from './parts/streamed.ts';

// Without a target, so not among what CI looks at.
const events = process.argv.includes('--quick') ? [] : [eventsPart];
await bench([callsPart, ...events, streamedPart, memoryPart, relayPart]);
