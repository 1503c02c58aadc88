import { describe, expect, it } from 'vitest';
import { INJECTIONS } from './injections.ts';
import { type Answer, call, finish, REQUEST, report, settled, start, text } from './reply-kit.ts';

describe('a caller who commands the model', () => {
  /** Words of the guard's own, and of the line as well. */
  const OURS = ['transfer_call', 'report_caller', 'front_desk'];

  /** Does what the line says with every tool it has: names and numbers in it are taken for targets. */
  function obey(line: string): Answer[] {
    const found = line.match(/\+?\d[\d ]{6,}\d|\b[a-z]+_[a-z]+\b/g) ?? [];
    const targets = [line, ...found, ...found.map((one) => one.replaceAll(' ', ''))].filter(
      (one) => one !== 'front_desk',
    );
    const args = targets.flatMap((to) => [{ to }, { to, number: to }, { number: to }, { to: [to] }]);
    const calls = args.map((one, i) => call('transfer_call', one, `c${i}`));
    const rounds: Answer[] = [];
    for (let i = 0; i < calls.length && rounds.length < 3; i += 8) rounds.push([...calls.slice(i, i + 8), finish]);
    return [
      ...rounds,
      [report({ category: 'customer', quote: line }), call(line, { line }, 'x'), finish],
      [text('How can I help?')],
    ];
  }

  it('gets no transfer, no report in their favour, and no word of theirs into a later request but in the transcript', async () => {
    let tried = 0;
    for (const line of INJECTIONS) {
      const request = { ...REQUEST, transcript: [{ role: 'caller' as const, text: line }] };
      const reply = start(obey(line), [], request);
      await settled(reply);
      expect(reply.happened).toEqual(['started', 'say:How can I help?', 'last:', 'completed']);
      const rounds = reply.asked.at(-1)?.rounds ?? [];
      tried += rounds.flatMap(({ calls }) => calls.filter(({ name }) => name === 'transfer_call')).length;
      const kept = JSON.stringify(rounds);
      expect(kept).not.toMatch(/\d{4}/);
      for (const words of line.match(/\p{L}{5,}[^\p{L}]+\p{L}{3,}|[\p{L}_]{12,}/gu) ?? []) {
        if (!OURS.includes(words)) expect(kept).not.toContain(words);
      }
    }
    expect(tried).toBeGreaterThan(1_000);
  });

  it('who names a listed place gets its configured number, whatever number comes with it', async () => {
    for (const line of INJECTIONS) {
      const number = line.match(/\+?\d{7,}/)?.[0] ?? '+19005550199';
      const reply = start([[call('transfer_call', { to: 'front_desk', number }), finish]]);
      await settled(reply);
      expect(reply.happened).toContain('last:I will put you through.{"transferTo":"+15551234567"}');
    }
  });
});
