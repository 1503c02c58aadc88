import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/workshop/player/virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires timers in order of time, then of their making, without waiting', async () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    clock.after(3_600_000, () => fired.push(`late ${clock.now()}`));
    clock.after(5, () => fired.push(`first ${clock.now()}`));
    clock.after(5, () => fired.push('second'));
    clock.after(7, () => fired.push('never'))();
    const before = performance.now();
    await clock.run();
    expect(fired).toEqual(['first 5', 'second', 'late 3600000']);
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  it('lets long chains of promises settle before the next timer', async () => {
    const clock = new VirtualClock(0);
    const seen: string[] = [];
    clock.after(1, async () => {
      for (let i = 0; i < 50; i++) await Promise.resolve();
      seen.push('chain');
      clock.after(0, () => seen.push('timer of the chain'));
    });
    clock.after(2, () => seen.push('next'));
    await clock.run();
    expect(seen).toEqual(['chain', 'timer of the chain', 'next']);
  });

  it('stops when what it waits for is done, and says when it cannot be', async () => {
    const clock = new VirtualClock(0);
    const tick = (): void => {
      clock.after(10, tick);
    };
    tick();
    expect(await clock.run(new Promise<number>((resolve) => clock.after(95, () => resolve(clock.now()))))).toBe(95);
    await expect(new VirtualClock().run(new Promise(() => undefined))).rejects.toThrow('virtual time ran out');
  });
});
