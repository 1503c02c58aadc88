import type { Faults, Player, Slice } from './play.ts';
import { median, sum } from './stats.ts';

/** The servers are heated one after the other, with calls at this pace. */
const HEAT_MS = 6_000;
const HEAT_PACE = 8;

export interface DuelOptions {
  readonly rounds: number;
  readonly sliceMs: number;
  readonly warmUpMs: number;
  /** Writes a CPU profile of one more slice of each server to `<folder>/<part>-<server>.cpuprofile`. */
  readonly profileTo?: string | undefined;
}

export interface Side {
  readonly server: string;
  readonly calls: number;
  readonly slices: readonly Slice[];
  readonly faults: Faults;
}

/**
 * Plays the servers in turns, slice by slice, and swaps who goes first: what else the machine does meets all of them.
 * Before it each is heated by calls at a faster pace (a server at work has compiled its code), and all of them together
 * are warmed up; neither is counted.
 */
export async function duel(players: readonly Player[], options: DuelOptions): Promise<readonly Side[]> {
  const { rounds, sliceMs, warmUpMs, profileTo } = options;
  const slices = players.map((): Slice[] => []);
  try {
    for (const player of players) await player.heat(Math.min(HEAT_MS, warmUpMs / 2), HEAT_PACE);
    for (const player of players) await player.open();
    await Promise.all(players.map((player) => player.slice(warmUpMs)));
    for (let round = 0; round < rounds; round++) {
      const order = [...players.keys()];
      if (round % 2 === 1) order.reverse();
      for (const i of order) slices[i]?.push(await players[i]!.slice(sliceMs));
    }
    if (profileTo !== undefined) {
      for (const player of players) await player.slice(sliceMs, `${profileTo}-${player.server.name}.cpuprofile`);
    }
  } finally {
    await Promise.all(players.map((player) => player.close()));
  }
  return players.map((player, i) => ({
    server: player.server.name,
    calls: player.calls.length,
    slices: slices[i] ?? [],
    faults: player.faults(),
  }));
}

/** CPU of one event of the median slice, in microseconds. */
export const cpuPerEventUs = ({ slices }: Side): number =>
  median(slices.map(({ cpuMs, events }) => (cpuMs * 1000) / Math.max(1, events)));

/** CPU of one turn with the updates before it, over all slices: there are few turns in one. */
export const cpuPerTurnMs = ({ slices }: Side): number =>
  sum(slices.map(({ cpuMs }) => cpuMs)) / Math.max(1, sum(slices.map(({ turns }) => turns)));

/** Calls that one core would carry. */
export const callsPerCore = ({ calls, slices }: Side): number =>
  median(slices.map(({ cpuMs, wallMs }) => calls / (cpuMs / wallMs)));

/** How many times dearer `b` was than `a`: the median over rounds, each round's slices being neighbours in time. */
export function costRatio(b: Side, a: Side): number {
  return median(b.slices.map(({ cpuMs }, round) => cpuMs / (a.slices[round]?.cpuMs ?? Number.NaN)));
}
