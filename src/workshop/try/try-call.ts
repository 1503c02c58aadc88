import type { Config, Secrets } from '../../config.ts';
import type { CallState } from '../../guard/state.ts';
import { toPoints } from '../../guard/weights.ts';
import type { WrapModel } from '../../responders/index.ts';
import { noHttpTools } from '../no-http-tools.ts';
import { type PlayedHere, playHere } from '../play-here.ts';
import type { ProbeTexts } from '../player/probe-texts.ts';
import { seededRng } from '../player/rng.ts';
import type { Scenario } from '../player/scenario.ts';
import { TypedCaller } from '../player/typed-caller.ts';
import type { Cue, TypedAct, Typist } from '../player/typist.ts';
import { type Hold, VirtualClock } from '../player/virtual-clock.ts';
import { Dialogue } from './dialogue.ts';
import { stepOf, type TryStep } from './step.ts';

/** Where a call stands when the person is asked. */
export interface Moment {
  readonly cue: Cue;
  readonly callMs: number;
  readonly state: CallState;
  /** A line waits to be said over the agent. */
  readonly overArmed: boolean;
}

/** The person at the keys, or a pipe. */
export interface Front {
  /** False: it is asked at the beginning of a call too, and not while the agent only pauses. */
  readonly interactive: boolean;
  step(step: TryStep): void;
  /** Must not reject. */
  next(moment: Moment): Promise<TypedAct>;
}

export interface TryCallOptions {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly seed: string;
  readonly callIdSalt: string;
  readonly probeTexts: ProbeTexts;
  readonly wrapModel: WrapModel;
  /** Models that are being asked. */
  readonly hold: Hold;
  /** The scenario's own caller says its lines first. */
  readonly lead: boolean;
}

/** A call that was tried, and the guard's state at its end. */
export interface TriedCall extends PlayedHere {
  readonly state: CallState | null;
}

/**
 * One call, with a person (or a pipe) as the caller. Time stands still while they are asked. Rejects when the guard
 * cannot be started.
 */
export async function tryCall(scenario: Scenario, options: TryCallOptions, front: Front): Promise<TriedCall> {
  const clock = new VirtualClock();
  const startedAt = clock.now();
  const priorPoints = toPoints(options.config.prior / (1 - options.config.prior));
  const dialogue = new Dialogue();
  let state: CallState | null = null;
  let before: CallState | null = null;
  let asking: Promise<unknown> | undefined;
  let overArmed = false;

  const nowMs = (): number => clock.now() - startedAt;
  const flush = (callMs: number): void => {
    if (state === null) return;
    const { said, asked } = dialogue.take();
    const isQuiet = said.length === 0 && asked.length === 0;
    if (isQuiet && (before === null || hasSameVerdict(state, before))) return;
    front.step(stepOf(state, before, priorPoints, { callMs, said, asked }));
    before = state;
  };
  const typist: Typist = {
    next: (cue) => {
      if (state === null || cue === (front.interactive ? 'pick-up' : 'pause')) {
        return Promise.resolve({ type: 'listen' });
      }
      flush(nowMs());
      const work = front.next({ cue, callMs: nowMs(), state, overArmed });
      asking = work.then((act) => {
        asking = undefined;
        if (act.type === 'over') overArmed = true;
      });
      return work;
    },
    agentStarted: (atMs) => dialogue.agentStarted(atMs),
    agentSaid: (heard) => dialogue.agentSaid(heard),
    callerSaid: (text, fromMs, over) => {
      if (over) overArmed = false;
      dialogue.callerSaid(text, fromMs, over);
    },
    callerPressed: (digit, atMs) => dialogue.callerPressed(digit, atMs),
  };

  const [played] = await playHere([scenario], {
    concurrency: 1,
    clock,
    seed: options.seed,
    callIdSalt: options.callIdSalt,
    probeTexts: options.probeTexts,
    hold: () => asking ?? options.hold(),
    guard: {
      config: options.config,
      secrets: options.secrets,
      wrapModel: options.wrapModel,
      toolFetch: noHttpTools,
      onStep: (now, _event, effects) => {
        state = now;
        for (const effect of effects) {
          if (effect.type === 'say' && (effect.purpose === 'probe' || effect.purpose === 'closing')) {
            dialogue.guardAsked({ kind: now.asked?.kind ?? effect.purpose, text: effect.text, atMs: nowMs() });
          }
        }
      },
    },
    caller: (link, own) =>
      new TypedCaller(link, {
        typist,
        rng: seededRng(`${options.seed}/${scenario.id}/typed`),
        ...(options.lead && { lead: { clock, caller: own } }),
      }),
  });
  if (played === undefined) throw new Error('the call was not played');
  dialogue.ended(played.result);
  flush(played.result.callMs);
  return { ...played, state };
}

const hasSameVerdict = (a: CallState, b: CallState): boolean =>
  a.scored === b.scored && a.rung === b.rung && a.probes === b.probes;
