import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  step(calls?: number): void;
  stop(): void;
}

/** A bar on stderr while `doing` something with calls; nothing when nobody watches. */
export function startProgress(doing: string, total: number, quiet: boolean): Progress {
  if (quiet || !process.stderr.isTTY || total < 2) return { step: () => undefined, stop: () => undefined };
  const bar = new SingleBar(
    { format: `${doing} {bar} {value}/{total} calls, {eta_formatted} left`, hideCursor: true, stream: process.stderr },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { step: (calls = 1) => bar.increment(calls), stop: () => bar.stop() };
}
