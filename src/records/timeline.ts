import { callerOf, seconds, signed, timeOf } from './log.ts';
import { printable } from './printable.ts';
import type { CallRecord, EvidenceOfTurn, ModelUse } from './record.ts';

/** How to write emphasis; identity functions for plain text. */
export interface Styles {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const PLAIN: Styles = { bold: (text) => text, dim: (text) => text };

/** Evidence that weighs nothing is left out below this many points either way. */
const SHOWN_POINTS = 0.05;

/**
 * One call as a page a person can read: who, how it ended and why, then what happened when, then what produced it.
 * Everything in it is printable, whatever the caller said.
 */
export function timeline(record: CallRecord, options: { numbers: boolean; styles?: Styles }): string {
  const { bold, dim } = options.styles ?? PLAIN;
  const lines = [bold(`Call ${printable(record.callId, 100)}`), ...header(record, options.numbers), ''];
  for (const { text, detail } of moments(record)) lines.push(detail ? dim(text) : text);
  lines.push('', dim(versionsOf(record)));
  return `${lines.join('\n')}\n`;
}

function header(record: CallRecord, numbers: boolean): string[] {
  const line = record.lineNumber === undefined ? '' : ` to ${printable(record.lineNumber, 40)}`;
  const category = record.category === null ? '' : ` (${record.category})`;
  const fields: [string, string][] = [
    ['when', `${timeOf(record.startedAt)}, ${seconds(record.callMs)}, ${record.turns} turns of the caller`],
    ['who', `${record.direction} ${callerOf(record, numbers)}${line}, agent ${record.agent} on ${record.platform}`],
    ['outcome', record.outcome],
    ['decision', `${record.decision}${category}${decidedAt(record)}, mode ${record.mode}`],
    ['verdict', `${signed(record.points)} points, ${percent(record.probability)} likely unwanted`],
  ];
  if (record.reason !== undefined) fields.push(['reason', record.reason]);
  if (record.decided || record.sent) fields.push(['hang-up', hangUpFacts(record)]);
  if (record.protectedBy !== undefined) fields.push(['protected', record.protectedBy]);
  if (record.savedMs > 0) fields.push(['saved', `${seconds(record.savedMs)}${money(record.savedMoney)}`]);
  for (const use of record.models ?? []) fields.push(['model', modelUse(use)]);
  if (record.reconnects > 0) fields.push(['reconnects', String(record.reconnects)]);
  for (const fault of record.faults) fields.push(['fault', fault]);
  return fields.map(([name, value]) => `  ${name.padEnd(10)} ${printable(value)}`);
}

function decidedAt({ decidedTurn, decidedCallMs }: CallRecord): string {
  if (decidedTurn === undefined) return '';
  return ` at turn ${decidedTurn}${decidedCallMs === undefined ? '' : `, ${seconds(decidedCallMs)}`}`;
}

function hangUpFacts({ decided, sent, confirmed }: CallRecord): string {
  const facts = [
    [decided, 'decided (on disk)'],
    [sent, 'sent'],
    [confirmed, 'confirmed by the platform'],
  ] as const;
  return facts.map(([yes, name]) => (yes ? name : `not ${name}`)).join(', ');
}

function modelUse({ purpose, model, requests, inputTokens, cachedTokens, outputTokens, cost }: ModelUse): string {
  const what = purpose === 'classify' ? 'classifier' : 'replies';
  const price = cost === null ? '' : `, cost ${cost.toFixed(5)}`;
  const cached = cachedTokens > 0 ? ` (${cachedTokens} from the cache)` : '';
  return `${model}, ${what}: ${requests} requests, ${inputTokens} tokens in${cached}, ${outputTokens} out${price}`;
}

function percent(probability: number | null): string {
  if (typeof probability !== 'number') return '–';
  // Nothing is ever sure.
  return probability > 0.9995 ? '> 99.9 %' : `${(probability * 100).toFixed(1)} %`;
}

function money(amount: number | null): string {
  return typeof amount === 'number' ? `, ${amount.toFixed(3)} at the configured price` : '';
}

interface Moment {
  readonly callMs: number;
  readonly text: string;
  readonly detail: boolean;
}

/** Evidence, rung changes and probes in the order of the call. */
function moments(record: CallRecord): Moment[] {
  const all: Moment[] = [];
  const add = (callMs: number, text: string, detail = false) => all.push({ callMs, text, detail });
  for (const turn of record.evidence) {
    add(turn.callMs, `${stamp(turn.callMs)}  turn ${turn.turn}: ${signed(turn.points)} points`);
    for (const line of evidenceLines(turn)) add(turn.callMs, line, true);
  }
  for (const rung of record.rungs) {
    const change = `${rung.from} → ${rung.to} (${signed(rung.points)}): ${rung.why}`;
    add(rung.callMs, `${stamp(rung.callMs)}  ${printable(change)}`);
  }
  for (const probe of record.probes) {
    add(probe.callMs, `${stamp(probe.callMs)}  ${printable(`probe "${probe.kind}": ${probe.result}, ${probe.why}`)}`);
  }
  // Stable: lines of one turn stay together.
  return all.sort((a, b) => a.callMs - b.callMs);
}

function evidenceLines(turn: EvidenceOfTurn): string[] {
  return turn.evidence
    .filter(({ points }) => Math.abs(points ?? 0) >= SHOWN_POINTS)
    .map(({ signal, level, points, reason, quote }) => {
      const said = quote === undefined ? '' : `  “${printable(quote, 160)}”`;
      const name = printable(`${signal} ${level}`, 40).padEnd(28);
      return `            ${signed(points).padStart(6)}  ${name} ${printable(reason, 200)}${said}`;
    });
}

function stamp(callMs: number): string {
  return seconds(callMs).padStart(9);
}

function versionsOf({ versions: { guard, code, weights, config, prompts, system } }: CallRecord): string {
  const given = system === undefined ? '' : `, system prompt ${system}`;
  return printable(`guard ${guard}, code ${code}, weights ${weights}, config ${config}, prompts ${prompts}${given}`);
}
