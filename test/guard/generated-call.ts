import { RetellTranscript } from '../../src/platforms/retell-transcript.ts';
import { timed } from './call-kit.ts';
import { lineOf } from './call-lines.ts';
import { factsOfScript, type Move } from './call-script.ts';
import { GeneratedShell } from './generated-shell.ts';

interface Wired {
  readonly role: 'agent' | 'user';
  readonly content: string;
  readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
}

const LATCH = {
  category: 'robocall_menu',
  points: 30,
  probability: 0.999,
  turn: 2,
  callMs: 9_000,
  reason: 'decided elsewhere',
} as const;

/** The platform's side of one generated call: turns moves into the events that would legally follow. */
export class GeneratedCall extends GeneratedShell {
  #codec = new RetellTranscript();
  #transcript: Wired[] = [];
  #callMs = 0;
  #turn = 0;
  #digits = 0;

  /** Plays the whole script. Throws what a law or the guard throws. */
  play(): this {
    const { resumed, facts: sent } = this.script;
    if (resumed !== 'none') {
      const latch = resumed === 'latched' ? { latch: LATCH } : {};
      this.feed({ type: 'resumed', resumed: { greeted: true, ...latch } });
    }
    if (sent !== 'none') {
      this.feed({ type: 'call-opened', facts: sent === 'sent' ? factsOfScript(this.script) : null });
    }
    for (const move of this.script.moves) if (!this.over) this.#move(move);
    return this;
  }

  #dialAgain(): void {
    this.socket = 'up';
    this.#codec = new RetellTranscript();
    this.feed({ type: 'socket-back' });
    if (!this.over) this.#tell(this.#transcript);
  }

  #tell(transcript: Wired[]): void {
    this.#transcript = transcript;
    for (const event of this.#codec.apply({ from: 0, tail: transcript }) ?? []) if (!this.over) this.feed(event);
  }

  #request(kind: 'reply' | 'reminder', skip = 0): void {
    this.#turn += 1 + skip;
    this.feed({ type: 'turn-requested', turn: this.#turn, kind });
  }

  #utterance(role: Wired['role'], content: string, startMs: number): Wired {
    const words = this.script.timed
      ? timed(content, startMs).map(({ word, startMs: from, endMs }) => ({
          word,
          start: from / 1000,
          end: endMs / 1000,
        }))
      : [];
    return { role, content, words };
  }

  #caller(move: Extract<Move, { do: 'caller' }>): void {
    const words = lineOf(move.kind, move.pick).split(' ');
    const said = words.slice(0, Math.max(1, Math.round(words.length * move.part)));
    const startMs = Math.max(0, this.#callMs + move.gapMs);
    const before = this.#transcript;
    for (let n = move.chunk; !this.over; n += move.chunk) {
      const text = said.slice(0, n).join(' ');
      const utterance = this.#utterance('user', text, startMs);
      const endMs = startMs + Math.min(n, said.length) * 400;
      this.#callMs = Math.max(this.#callMs, endMs);
      this.until(this.#callMs);
      if (this.over) return;
      if (move.kind === 'protect' && n >= said.length && said.length === words.length)
        this.laws.protectHeard(this.state);
      const last = n >= said.length;
      if (last && move.turn && move.frame) this.feed({ type: 'turn-coming' });
      this.#tell([...before, utterance]);
      if (last) break;
    }
    if (!move.turn || this.over) return;
    if (!move.frame) this.until(this.at + 500);
    if (!this.over) this.#request('reply');
  }

  #correct(back: number, word: string): void {
    const at = this.#transcript.length - 1 - back;
    const old = this.#transcript[at];
    if (!old) return;
    const words = old.content.split(' ');
    const content = [...words.slice(0, words.length >> 1), word, ...words.slice((words.length >> 1) + 1)].join(' ');
    const startMs = (old.words[0]?.start ?? 0) * 1000;
    this.#tell(this.#transcript.with(at, this.#utterance(old.role, content, startMs)));
  }

  #move(move: Move): void {
    const up = this.socket === 'up';
    switch (move.do) {
      case 'caller':
        if (up) this.#caller(move);
        break;
      case 'agent': {
        const said = this.effects.findLast((effect) => effect.type === 'say' && effect.text !== '');
        const text = said?.type === 'say' && move.pick % 2 === 0 ? said.text : lineOf('agent', move.pick);
        const utterance = this.#utterance('agent', text, this.#callMs + 300);
        this.#callMs += 300 + text.split(' ').length * 400;
        this.until(this.#callMs);
        if (up && !this.over) this.#tell([...this.#transcript, utterance]);
        break;
      }
      case 'turn':
        if (move.kind === 'reminder') this.until(this.at + 8_000);
        if (up && !this.over) this.#request(move.kind, move.skip);
        break;
      case 'old-turn':
        if (up && this.#turn > move.back) {
          this.feed({ type: 'turn-requested', turn: this.#turn - move.back, kind: 'reply' });
        }
        break;
      case 'digit': {
        const ordinal = move.again ? Math.max(0, this.#digits - 1) : this.#digits++;
        if (up) this.feed({ type: 'digit-pressed', ordinal, digit: '1' });
        this.#digits = Math.max(this.#digits, ordinal + 1);
        break;
      }
      case 'correct':
        if (up) this.#correct(move.back, move.word);
        break;
      case 'drop':
        if (up && move.count > 0) this.#tell(this.#transcript.slice(0, -move.count));
        break;
      case 'pass':
        this.until(this.at + move.ms);
        if (!up && !this.over) this.#dialAgain();
        break;
      case 'ring': {
        const [timer, { token }] = [...this.timers][move.pick % Math.max(1, this.timers.size)] ?? [
          'none',
          { token: 0 },
        ];
        this.ring(timer, token);
        break;
      }
      case 'stale':
        // One that was taken back or replaced, or that nobody knows.
        if (this.state.tokens[move.timer] !== move.token) this.ring(move.timer, move.token);
        break;
      case 'lost':
        if (up) this.drop();
        this.takeIn();
        break;
      case 'back':
        if (!up) this.#dialAgain();
        break;
      case 'open-again':
        if (up) this.feed({ type: 'call-opened', facts: factsOfScript(this.script) });
        break;
      case 'look-up':
        this.lookedUp();
        this.takeIn();
        break;
      case 'recorded':
        if (this.toRecord === null) break;
        this.feed({ type: 'recorded', ok: this.toRecord });
        this.toRecord = null;
        break;
      case 'transferred':
        if (up) this.feed({ type: 'transferred' });
        break;
      case 'failed':
        this.feed({ type: 'failed', what: 'the store did not answer' });
        break;
      case 'reply-ends':
        if (this.reply && !this.reply.started && move.result === 'completed') this.replyStarts();
        this.replyEnds(move.result);
        this.takeIn();
        break;
      case 'classified':
        this.classified(move, move.besides);
        this.takeIn();
        break;
      case 'report': {
        const { category, confidence, quoted } = move;
        this.feed({ type: 'model-reported', category, confidence, quoted });
        break;
      }
      case 'close':
        if (move.why !== 'socket') this.feed({ type: 'call-closed', why: move.why });
        else if (up) this.feed({ type: 'socket-closed', how: 'platform', code: 1000 });
        break;
    }
  }
}
