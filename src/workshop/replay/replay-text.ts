import { printable } from '../../records/printable.ts';
import type { ReplayedCall, ReplayResult } from './replay-many.ts';

type NotReplayed = Exclude<ReplayResult, 'same' | 'differs'>;

export interface ReplaySummary {
  readonly replayed: number;
  readonly same: number;
  readonly differs: number;
  readonly notReplayed: Readonly<Record<NotReplayed, number>>;
  /** Other versions than those of here, and how many calls were recorded under them. */
  readonly otherVersions: readonly { readonly name: string; readonly text: string; readonly calls: number }[];
}

/** How to write emphasis. */
export interface Styles {
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const NOT_REPLAYED: Readonly<Record<NotReplayed, string>> = {
  'no-events': 'without events (text may not be kept, or the record was too long)',
  cut: 'whose log is cut',
  'no-agent': 'of agents that the configuration does not have',
  damaged: 'whose record or log is damaged',
};
const VERSIONS_SHOWN = 10;

/** @param without calls without events that were not even read. */
export function replaySummary(calls: readonly ReplayedCall[], without: number): ReplaySummary {
  const counts = { same: 0, differs: 0, 'no-events': without, cut: 0, 'no-agent': 0, damaged: 0 };
  const versions = new Map<string, { name: string; text: string; calls: number }>();
  for (const { result, otherVersions } of calls) {
    counts[result]++;
    for (const { name, text } of otherVersions) {
      const known = versions.get(text) ?? { name, text, calls: 0 };
      known.calls++;
      versions.set(text, known);
    }
  }
  const { same, differs, ...notReplayed } = counts;
  return { replayed: same + differs, same, differs, notReplayed, otherVersions: [...versions.values()] };
}

/** Other versions first, then a line or more a call, then what that comes to. */
export function replayText(summary: ReplaySummary, calls: readonly ReplayedCall[], styles: Styles): string {
  const { otherVersions, notReplayed, replayed, same, differs } = summary;
  const lines: string[] = [];
  if (otherVersions.length > 0) {
    const names = [...new Set(otherVersions.map(({ name }) => (name === 'guard' ? 'version' : name)))];
    lines.push(styles.yellow(`Recorded under other ${names.join(', ')}: a difference is no fault.`));
    for (const { text, calls: count } of otherVersions.slice(0, VERSIONS_SHOWN)) {
      lines.push(styles.dim(`  ${printable(text, 100)}: ${count} calls`));
    }
  }
  lines.push(...calls.flatMap((call) => linesOf(call, styles)));
  lines.push(
    replayed === 0 ? 'Nothing was replayed.' : `${replayed} calls replayed: ${same} the same, ${differs} not.`,
  );
  for (const [name, count] of Object.entries(notReplayed)) {
    if (count > 0) lines.push(`Not replayed: ${count} ${NOT_REPLAYED[name as NotReplayed]}.`);
  }
  return `${lines.join('\n')}\n`;
}

function linesOf({ callId, result, differences }: ReplayedCall, { dim, red }: Styles): string[] {
  const id = printable(callId, 80);
  if (result === 'same') return [`${id}  same`];
  if (result !== 'differs') return [`${id}  ${dim(`not replayed: ${NOT_REPLAYED[result]}`)}`];
  return [`${id}  ${red('differs')}`, ...differences.map((one) => `    ${printable(one, 300)}`)];
}
