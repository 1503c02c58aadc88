import type { Rng } from './rng.ts';

/** An update goes out every so many words of anyone. */
const UPDATE_WORDS_MIN = 2;
const UPDATE_WORDS_MAX = 4;

export type TurnTaking = 'agent_turn' | 'user_turn';

/** Says when an update is due, and what turn it announces. */
export class UpdatePace {
  readonly #rng: Rng;
  #left: number;
  #turn: TurnTaking | null = null;
  #flip: TurnTaking | null = null;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#left = this.#draw();
  }

  /** One word more. True when an update is due. */
  word(): boolean {
    this.#left--;
    return this.#left <= 0;
  }

  /** The floor passes: the next update says so, with the next word. */
  take(turn: TurnTaking): void {
    if (this.#turn === turn) return;
    this.#turn = turn;
    this.#flip = turn;
    this.#left = 0;
  }

  /** An update goes out now: the turn that it announces, if any. */
  sent(): TurnTaking | null {
    const flip = this.#flip;
    this.#flip = null;
    this.#left = this.#draw();
    return flip;
  }

  #draw(): number {
    return this.#rng.int(UPDATE_WORDS_MIN, UPDATE_WORDS_MAX);
  }
}
