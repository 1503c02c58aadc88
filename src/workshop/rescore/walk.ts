import type { Category, Decision } from '../../guard/types.ts';
import {
  AT,
  type ClosingTaken,
  capBy,
  enoughFor,
  isGrounded,
  isInDoubt,
  rungOf,
  unnamed,
  wishOf,
} from '../../guard/wish.ts';
import { CLASSIFIER, categoryIn, type Ending, NOT_HERE, otherwise, RESUMED, shown } from './ending.ts';
import { Reminders } from './reminders.ts';
import type { RescoreTo } from './rescore-to.ts';
import { type Sums, sumsOf, type Weighed } from './sums.ts';
import type { TrailHead } from './trail-head.ts';

/** A walk along one trail under other numbers: the same ladder as in the live call is asked at every moment. */
export class Walk {
  readonly #head: TrailHead;
  readonly #to: RescoreTo;
  readonly #lines: readonly string[];
  readonly #sums: Sums;
  readonly #reminders: Reminders;
  readonly #evidence: Weighed[] = [];
  #points: number;
  /** Undefined: not asked for yet. */
  #category: Category | null | undefined = null;
  #probesAsked = 0;
  #closingsAsked = 0;
  #turn: number | null = null;
  #callMs: number | null = null;
  /** A hang-up that both agree on; it holds unless it could not be written to disk. */
  #decided: Ending | null = null;
  /** In shadow mode: the recorded decision, passed by without one. */
  #passed: Ending | null = null;

  constructor(head: TrailHead, to: RescoreTo, trail: string) {
    this.#head = head;
    this.#to = to;
    this.#lines = trail.split('\n');
    this.#sums = sumsOf(to.weights);
    this.#points = to.priorPoints;
    this.#reminders = new Reminders(head.ownRemindersLater);
  }

  /** @param decision as recorded. */
  walk(decision: Decision): Ending {
    // Resumed from an earlier socket or process: what came before is not here.
    const resumed = this.#lines.at(-1) === 'r';
    if (!resumed && this.#head.classifier && this.#beginsOtherwise()) return this.#end('unknown', CLASSIFIER);
    for (let i = 1; i < this.#lines.length; i++) {
      const ending = this.#look(this.#lines[i] ?? '', decision);
      if (ending) return resumed ? this.#end('unseen', RESUMED) : ending;
    }
    if (resumed) return this.#end('unseen', RESUMED);
    if (decision === 'none') return this.#end('undecided', '');
    if (this.#head.mode === 'shadow') return this.#passed ?? this.#end('unseen', NOT_HERE);
    return this.#decided ?? this.#end('unseen', NOT_HERE);
  }

  #look(line: string, decision: Decision): Ending | null {
    const fields = line.split(' ');
    switch (fields[0]) {
      case 'e':
        return this.#takeEvidence(fields);
      case 'c':
        return this.#climb(fields, decision);
      case 'w':
        return this.#weigh(fields, decision);
      case 'k': {
        const [, whose, may, reminder] = fields;
        const { thresholds: limits } = this.#to;
        const look = { whose, was: may === 'y', reminder: reminder === 'r', points: this.#points, limits };
        return this.#unknownIf(this.#reminders.look(look));
      }
      case 's':
        return this.#unknownIf(this.#reminders.silence());
      case 'b':
        this.#at(fields);
        this.#decided = this.#end('decided', '', fields[3] as Category);
        // What could not be written to disk did not come about.
        return this.#head.mode === 'shadow' ? this.#decided : null;
      case 't':
        return this.#end('unseen', 'the decision was taken over from another process');
      case 'r':
        return null;
      case '!':
        return this.#decided ?? this.#end('unseen', 'the call was too long for its trail');
      default:
        return this.#end('unknown', 'the trail is damaged');
    }
  }

  /** The classifier would be asked before there is any evidence, or only then. */
  #beginsOtherwise(): boolean {
    const [, first = ''] = this.#lines;
    // What is known before anything is said is there before anybody can be asked.
    const [kind, , turn] = first.split(' ');
    if (kind === 'e' && turn === '0') return false;
    const { priorPoints, thresholds, weights } = this.#to;
    return isInDoubt(priorPoints, thresholds, weights) !== this.#head.inDoubt;
  }

  #takeEvidence(fields: readonly string[]): Ending | null {
    this.#at(fields);
    for (let i = 6; i < fields.length; i++) {
      const one = this.#sums.weighed(fields[i] ?? '');
      const at = this.#evidence.findIndex(({ signal }) => signal === one.signal);
      if (one.evidence === null) {
        if (at >= 0) this.#evidence.splice(at, 1);
      } else if (at >= 0) this.#evidence[at] = one;
      else this.#evidence.push(one);
    }
    this.#points = this.#sums.pointsOf(this.#to.priorPoints, this.#evidence);
    this.#category = undefined;
    if (!this.#head.classifier) return null;
    const doubt = isInDoubt(this.#points, this.#to.thresholds, this.#to.weights);
    const wasInDoubt = fields[5] === 'd';
    const differs =
      doubt !== wasInDoubt ||
      (doubt &&
        this.#goesOn(this.#named(), this.#to.actions) !== this.#goesOn(categoryIn(fields[4]), this.#head.actions));
    return this.#unknownIf(differs ? CLASSIFIER : null);
  }

  #climb(fields: readonly string[], decision: Decision): Ending | null {
    this.#at(fields);
    const bits = Number(fields[3]);
    const asked = fields[4] ?? '-';
    const { thresholds: limits, actions } = this.#to;
    const points = this.#points;
    const low = points < limits.probe && points < limits.closing;
    const category = low ? null : this.#named();
    if (this.#head.mode === 'shadow') {
      if (rungOf(points, limits) === 'closing' && capBy(bits, category, actions) === 'hang_up') {
        return this.#end(
          'decided',
          `${this.#sum()}, ${shown(limits.closing)} are enough for the decision`,
          category ?? 'toll_fraud',
        );
      }
      if (asked === '-') return null;
      // Whoever is decided about is not asked about any more.
      const open = this.#head.classifier && decision !== 'none';
      if (open) return this.#end('unknown', `${this.#sum()}: not decided, and the classifier might be asked on`);
      this.#passed ??= this.#end('spared', `${this.#sum()}, ${shown(limits.closing)} are needed, now or later`);
      return null;
    }
    const standing = { bits, points, category, probesAsked: this.#probesAsked, closingsAsked: this.#closingsAsked };
    const wish = low ? '-' : (wishOf(standing, limits, actions) ?? '-');
    if (wish !== asked) return this.#end('unknown', `${this.#sum()}: ${otherwise(asked, wish)}`);
    if (asked === 'closing') this.#closingsAsked++;
    else if (asked !== '-') this.#probesAsked++;
    return null;
  }

  #weigh(fields: readonly string[], decision: Decision): Ending | null {
    this.#at(fields);
    const bits = Number(fields[3]);
    const taken = fields[4] as ClosingTaken;
    const wasHungUp = fields[5] === 'h';
    const enough = enoughFor(taken, this.#to.thresholds);
    const evidence = this.#evidence.flatMap((one) => one.evidence ?? []);
    const points = this.#points;
    const grounded = isGrounded(bits, evidence);
    const hangsUp = points >= enough && grounded && capBy(bits, this.#named(), this.#to.actions) === 'hang_up';
    if (hangsUp) {
      const why = `${this.#sum()}, ${shown(enough)} are enough: the closing sentence was not answered`;
      this.#decided = this.#end('decided', why, this.#named() ?? unnamed(taken));
      return wasHungUp ? null : this.#decided;
    }
    if (!wasHungUp) return null;
    const short =
      points < enough
        ? `${shown(enough)} are needed`
        : grounded
          ? 'as what it is, nobody is hung up on'
          : 'small doubts alone are no ground';
    // It was not carried out, since the disk failed.
    if (decision === 'none') return this.#end('unknown', `${this.#sum()}, ${short}`);
    return this.#end('spared', `${this.#sum()}, ${short}`);
  }

  #unknownIf(why: string | null): Ending | null {
    return why === null ? null : this.#end('unknown', `${this.#where()} ${why}`);
  }

  #named(): Category | null {
    if (this.#category === undefined) this.#category = this.#sums.categoryOf(this.#to.priorPoints, this.#evidence);
    return this.#category;
  }

  /** What keeps the classifier from being asked about a category, whether it was we who called or not. */
  #goesOn(category: Category | null, actions: RescoreTo['actions']): string {
    return [0, AT.placed].map((bits) => capBy(bits, category, actions)).join();
  }

  #at(fields: readonly string[]): void {
    this.#callMs = Number(fields[1]);
    this.#turn = Number(fields[2]);
  }

  #where(): string {
    return this.#turn === null
      ? 'from the start'
      : `at turn ${this.#turn} (${((this.#callMs ?? 0) / 1_000).toFixed(1)} s)`;
  }

  #sum(): string {
    return `${this.#where()} ${shown(this.#points)} points`;
  }

  #end(type: Ending['type'], why: string, category: Category | null = null): Ending {
    return { type, why, turn: this.#turn, callMs: this.#callMs, category };
  }
}
