import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap of a server grow to four times what lives in it before old objects are collected. Frames of some 50 KB
 * count as memory outside the heap, and by default drive V8 to mark the whole heap several times a second
 * (`BENCH_NODE_FLAGS=--trace-gc npx tsx bench/live.ts`). `NODE_OPTIONS=--max-old-space-size` still bounds it.
 */
export function roomyHeap(): void {
  setFlagsFromString('--heap-growing-percent=300');
}
