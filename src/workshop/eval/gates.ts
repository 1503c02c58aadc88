import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { explainIssue } from '../../config/explain-issue.ts';
import type { JsonSchema } from '../../config/json-schema.ts';
import { ConfigError } from '../../config/problem.ts';
import { readYaml } from '../../config/yaml-source.ts';
import type { GateResult } from './run.ts';
import type { RunSummary } from './summary.ts';

const count = z.int().min(0).max(1_000_000).optional();
const share = z.number().min(0).max(1).optional();
const amount = z.number().min(0).max(1_000_000_000).optional();

/** What a run must keep to; a gate that is not named does not stand. */
export const gatesSchema = z.strictObject({
  people_cut: count.describe('At most so many of those who were to be served were hung up on.'),
  people_probed_share: share.describe('At most this share of them, 0 to 1, was asked a question by the guard.'),
  unanswered: count.describe('At most so many people were left without a reply.'),
  caught_share: share.describe('At least this share of machines, 0 to 1, was hung up on.'),
  right_category_share: share.describe('At least this share of machines, 0 to 1, was hung up on as what it is.'),
  unexpected: count.describe('At most so many calls came out wrong without being a known miss.'),
  no_longer_missed: count.describe('At most so many fixtures have a knownMiss and come out as expected.'),
  median_s: amount.describe('At most so many seconds pass, in the median, before a machine is hung up on.'),
  median_words: amount.describe('At most so many words are said by then, in the median.'),
  median_turns: amount.describe('At most so many turns of the caller have begun by then, in the median.'),
  dead_air_s: amount.describe('At most so many seconds of silence while an answer was owed.'),
  latency_p95_ms: amount.describe('At most so many milliseconds from a request to the first piece of its answer.'),
  cost: amount.describe('The models of the run cost at most this, at the prices of the configuration.'),
  flip_rate: share.describe('At most this share of cases, 0 to 1, came out differently between repeats.'),
  unrecorded: count.describe('At most so many calls lack recorded answers of their model.'),
});
export type Gates = z.infer<typeof gatesSchema>;

const MAX_FILE_BYTES = 64 * 1024;
const packageFile = fileURLToPath(new URL('../../../eval-gates.yaml', import.meta.url));

/** The gates of the working directory, else those of the package; undefined: there are none. */
export function defaultGatesFile(): string | undefined {
  return ['eval-gates.yaml', packageFile].find((file) => existsSync(file));
}

/** @throws ConfigError with file, line and hint of everything that is wrong. */
export function loadGates(file: string): Gates {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw new ConfigError([{ file, message: found ? 'not a file' : 'no such file' }]);
  if (found.size > MAX_FILE_BYTES) throw new ConfigError([{ file, message: `larger than ${MAX_FILE_BYTES} bytes` }]);
  const schema = z.toJSONSchema(gatesSchema, { io: 'input' }) as JsonSchema;
  const source = readYaml(readFileSync(file, 'utf8'), file, schema);
  const read = source.usable ? gatesSchema.safeParse(source.value) : undefined;
  const problems = (read?.error?.issues ?? [])
    .flatMap((issue) => explainIssue(issue, source.value, schema))
    .map(({ path, message, hint }) => ({
      file,
      ...source.locate(path),
      path: path.map(String).join('.'),
      message,
      ...(hint === undefined ? {} : { hint }),
    }));
  if (read?.success !== true || source.problems.length > 0) throw new ConfigError([...source.problems, ...problems]);
  return read.data;
}

type Seen = number | 'nothing to measure' | { readonly not: string };

interface Gate {
  readonly limit: 'at most' | 'at least';
  readonly unit?: '%' | ' s' | ' ms';
  seen(summary: RunSummary): Seen;
}

const shareOf = (some: number, all: number): Seen => (all === 0 ? 'nothing to measure' : some / all);
const medianOf = ({ machines }: RunSummary, value: number | null): Seen =>
  machines.calls === 0 ? 'nothing to measure' : (value ?? { not: 'half or more were not hung up on' });

const GATES: { readonly [Name in keyof Gates]-?: Gate } = {
  people_cut: { limit: 'at most', seen: ({ people }) => people.cut },
  people_probed_share: { limit: 'at most', unit: '%', seen: ({ people }) => shareOf(people.probed, people.calls) },
  unanswered: { limit: 'at most', seen: ({ people }) => people.unanswered },
  caught_share: { limit: 'at least', unit: '%', seen: ({ machines }) => shareOf(machines.caught, machines.calls) },
  right_category_share: {
    limit: 'at least',
    unit: '%',
    seen: ({ machines }) => shareOf(machines.rightCategory, machines.calls),
  },
  unexpected: {
    limit: 'at most',
    seen: ({ wrong }) => Object.values(wrong).reduce((sum, calls) => sum + calls, 0),
  },
  no_longer_missed: { limit: 'at most', seen: ({ noLongerMissed }) => noLongerMissed.length },
  median_s: { limit: 'at most', unit: ' s', seen: (summary) => medianOf(summary, summary.machines.medianS) },
  median_words: { limit: 'at most', seen: (summary) => medianOf(summary, summary.machines.medianWords) },
  median_turns: { limit: 'at most', seen: (summary) => medianOf(summary, summary.machines.medianTurns) },
  dead_air_s: {
    limit: 'at most',
    unit: ' s',
    seen: ({ calls, maxDeadAirMs }) => (calls === 0 ? 'nothing to measure' : maxDeadAirMs / 1_000),
  },
  latency_p95_ms: { limit: 'at most', unit: ' ms', seen: ({ latency }) => latency?.p95Ms ?? 'nothing to measure' },
  cost: { limit: 'at most', seen: ({ cost }) => cost ?? { not: 'unknown: a model without prices answered' } },
  flip_rate: { limit: 'at most', unit: '%', seen: ({ flipRate }) => flipRate ?? 'nothing to measure' },
  unrecorded: { limit: 'at most', seen: ({ unrecorded }) => unrecorded },
};

/** Every gate that is set, in the order of this file. What cannot be measured in this run passes. */
export function evaluateGates(summary: RunSummary, gates: Gates): GateResult[] {
  return Object.entries(GATES).flatMap(([name, gate]): GateResult[] => {
    const bound = gates[name as keyof Gates];
    if (bound === undefined) return [];
    const wanted = `${gate.limit} ${shown(bound, gate.unit)}`;
    const seen = gate.seen(summary);
    if (seen === 'nothing to measure') return [{ name, wanted, seen, passed: true }];
    if (typeof seen !== 'number') return [{ name, wanted, seen: seen.not, passed: false }];
    const passed = gate.limit === 'at most' ? seen <= bound : seen >= bound;
    return [{ name, wanted, seen: shown(seen, gate.unit), passed }];
  });
}

function shown(value: number, unit: Gate['unit']): string {
  const scaled = unit === '%' ? value * 100 : value;
  return `${Number(scaled.toFixed(unit === undefined ? 4 : 1))}${unit ?? ''}`;
}
