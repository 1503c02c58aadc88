import Table from 'cli-table3';
import pc from 'picocolors';
import type { CallerKind } from '../workshop/player/scenario.ts';

/** One call of the demo, as it is shown. */
export interface DemoCall {
  readonly name: string;
  readonly kind: CallerKind;
  readonly outcome: string;
  readonly decision: string;
  readonly category: string | null;
  readonly why: string;
  readonly seconds: number;
  readonly words: number;
  readonly turns: number;
  readonly probes: readonly string[];
  readonly savedSeconds: number;
  /** What differs from what the fixture expects. */
  readonly differs: readonly string[];
}

const mark = (call: DemoCall): string => (call.differs.length === 0 ? pc.green('ok') : pc.red('!!'));

const ending = (call: DemoCall): string =>
  call.decision === 'hang_up' ? pc.yellow(`hung up: ${call.category ?? 'no category'}`) : pc.cyan('served');

/** One line when a call ends. */
export function demoLine(call: DemoCall): string {
  const head = `${mark(call)} ${call.name.padEnd(34)} ${ending(call)} after ${call.seconds.toFixed(1)} s, ${call.words} words`;
  return call.differs.length === 0 ? head : `${head}\n   ${pc.red(call.differs.join('; '))}`;
}

/** The table at the end, with what it amounts to. */
export function demoTable(calls: readonly DemoCall[]): string {
  const table = new Table({
    head: ['', 'call', 'outcome', 'why', 'seconds', 'saved'].map((title) => pc.bold(title)),
    colWidths: [4, 33, 27, 62, 9, 8],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const call of calls) {
    table.push([
      mark(call),
      call.name,
      call.decision === 'hang_up' ? `hung up\n${call.category}` : call.outcome.replace('_', ' '),
      call.why === '' ? (call.probes.length > 0 ? `asked: ${call.probes.join(', ')}` : '') : call.why,
      call.seconds.toFixed(1),
      call.savedSeconds > 0 ? `${Math.round(call.savedSeconds)} s` : '',
    ]);
  }
  const machines = calls.filter(({ decision }) => decision === 'hang_up');
  const saved = machines.reduce((sum, { savedSeconds }) => sum + savedSeconds, 0);
  const wrong = calls.filter(({ differs }) => differs.length > 0).length;
  const end =
    wrong === 0
      ? pc.green(
          'Every machine was hung up on with the right category; no person was hung up on or left without a reply.',
        )
      : pc.red(`${wrong} call${wrong === 1 ? '' : 's'} came out differently from what the fixture expects.`);
  return [
    '',
    table.toString(),
    '',
    `${machines.length} of ${calls.length} calls hung up, about ${Math.round(saved / 60)} minutes saved (an unguarded bad call is taken to last 180 s).`,
    end,
  ].join('\n');
}
