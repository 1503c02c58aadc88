import { givesBack, takesAgain } from '../../guard/wish.ts';

/** Owners of the reminders, as bits: of the new numbers only is known whose they may be. */
const OWN = 1;
const GUARDS = 2;

/** A `k` line of the trail, and what the sum under the new numbers would have allowed there. */
export interface Handover {
  /** `g` the guard's, `w` the guard's whatever the sum, `o` the agent's own. */
  readonly whose: string | undefined;
  /** They might change hands there, as recorded. */
  readonly was: boolean;
  /** This is a reminder itself. */
  readonly reminder: boolean;
  readonly points: number;
  readonly limits: Parameters<typeof givesBack>[1];
}

const LISTENS = 'silence would have been listened for at other moments';

/**
 * Whose reminders of silence are in force, as recorded and under other numbers. The guard's come early, the agent's
 * own late: where they differ the call goes the same way only as long as nobody is silent for long. A `k` line is
 * where they may have changed hands, not where they did; that shows in the next line.
 */
export class Reminders {
  readonly #ownLater: boolean;
  /** As recorded, at the last `k` line. */
  #recorded = GUARDS;
  #was = false;
  /** Under the new numbers: before the last `k` line, and if they were looked at there. */
  #before = GUARDS;
  #looked = GUARDS;
  #begun = false;

  constructor(ownLater: boolean) {
    this.#ownLater = ownLater;
  }

  /** Answers why the rest of the call is not known, or null. */
  look({ whose, was, reminder, points, limits }: Handover): string | null {
    const recorded = whose === 'o' ? OWN : GUARDS;
    let now = this.#begun ? this.#nowIf(recorded) : recorded;
    // While the guard's are not to be given back nothing is noted: they may have been taken again meanwhile.
    if (recorded === GUARDS && now & OWN) now |= GUARDS;
    this.#begun = true;
    if (reminder && now !== recorded) return 'a reminder of silence might not have come';
    const gives = whose !== 'w' && givesBack(points, limits);
    const takes = takesAgain(points, limits);
    this.#before = now;
    this.#looked = (now & OWN ? (takes ? GUARDS : OWN) : 0) | (now & GUARDS ? (gives ? OWN : GUARDS) : 0);
    this.#recorded = recorded;
    this.#was = was;
    const after = was ? OWN + GUARDS - recorded : recorded;
    return this.#ownLater || this.#looked === after ? null : LISTENS;
  }

  /** An `s` line: the agent's own are set, and the guard's might have come. */
  silence(): string | null {
    return this.#begun && this.#nowIf(OWN) & GUARDS ? LISTENS : null;
  }

  #nowIf(recorded: number): number {
    // A call that opens or a socket that comes back sets the guard's whatever the sum.
    if (recorded !== this.#recorded && recorded === GUARDS) return this.#was ? this.#looked | GUARDS : GUARDS;
    if (recorded !== this.#recorded) return this.#looked;
    return this.#was ? this.#before : this.#before | this.#looked;
  }
}
