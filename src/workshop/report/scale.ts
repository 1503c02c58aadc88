/** From a value to a place in a drawing, and the round values to write beside it. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Both ends are drawn; `ticks` are about `wanted` round values between them. */
export function scale(from: number, to: number, start: number, end: number, wanted: number): Scale {
  const span = to - from || 1;
  const step = roundStep(span / wanted);
  const ticks: number[] = [];
  for (let n = Math.ceil(from / step); n * step <= to + step / 1_000; n++) ticks.push(n * step);
  return { at: (value) => place(start + ((value - from) / span) * (end - start)), ticks };
}

/** 1, 2, 2.5 or 5 times a power of ten, not below `rough`. */
export function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-6)));
  const lead = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10;
  return lead * power;
}

/** A tenth of a unit is as exact as anybody can see. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Moves labels apart: in order, no two nearer than `apart`, none beyond the ends as far as there is room. */
export function spread(wanted: readonly number[], apart: number, from: number, to: number): number[] {
  const order = wanted.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at);
  let least = from;
  for (const one of order) {
    one.at = Math.max(one.at, least);
    least = one.at + apart;
  }
  let most = to;
  for (const one of order.reverse()) {
    one.at = Math.min(one.at, most);
    most = one.at - apart;
  }
  const places: number[] = [];
  for (const { at, index } of order) places[index] = place(at);
  return places;
}
