import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap of a server grow to four times what lives in it before old objects are collected. Frames of some 50 KB
 * count as memory outside the heap, and by default drive V8 to mark the whole heap several times a second: nearly half
 * of the CPU of 130 live calls, for a hundred megabytes less. `NODE_OPTIONS=--max-old-space-size` still bounds it.
 */
export function roomyHeap(): void {
  setFlagsFromString('--heap-growing-percent=300');
}
