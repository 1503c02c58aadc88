import type { RawFrame } from './responder.ts';

const MOST_FRAMES = 256;
const MOST_BYTES = 4 * 1024 * 1024;

/** Frames that wait, in order. */
export class FrameQueue {
  #frames: RawFrame[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** False: it is full, and the frame was not taken. */
  add(frame: RawFrame): boolean {
    if (this.#frames.length >= MOST_FRAMES || this.#bytes + frame.data.length > MOST_BYTES) return false;
    this.#frames.push(frame);
    this.#bytes += frame.data.length;
    return true;
  }

  /** All of them; the queue is empty afterwards. */
  drain(): RawFrame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}
