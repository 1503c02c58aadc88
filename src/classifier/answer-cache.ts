import { createHash } from 'node:crypto';
import type { Answer } from './answer.ts';

/** Answers to questions that were asked before, by a hash of the question: no words of a caller are kept. */
export class AnswerCache {
  readonly #answers = new Map<string, Answer>();
  readonly #most: number;

  /** Keeps at most `most` answers; 0 keeps none. The one that was not used for longest goes first. */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Answer | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    return answer;
  }

  put(key: string, answer: Answer): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    if (this.#answers.size <= this.#most) return;
    const [oldest] = this.#answers.keys();
    if (oldest !== undefined) this.#answers.delete(oldest);
  }

  get size(): number {
    return this.#answers.size;
  }
}

/**
 * The key of a question. A whole SHA-256, not the short hash of records: callers choose the words, and nobody should
 * find others that come to the same key.
 */
export function questionKey(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  // Lengths keep two parts from being taken for one.
  for (const part of parts) hash.update(`${part.length}\0`).update(part);
  return hash.digest('base64');
}
