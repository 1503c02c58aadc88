import { agentSettings, type Config, configHash } from '../../config.ts';
import { numberList } from '../../guard/number-list.ts';
import type { Policy } from '../../guard/policy.ts';
import type { Prompts } from '../../prompts.ts';
import type { CallRecord, Versions } from '../../records/record.ts';
import { policyOf } from '../../server/policy-of.ts';
import { codeHash, packageVersion } from '../../version.ts';
import type { LoadedWeights } from '../../weights-file.ts';

/** What calls are replayed under. */
export interface ReplayParts {
  readonly config: Config;
  readonly weights: LoadedWeights;
  readonly prompts: Prompts;
  /** Callers are on the list that the record names, and on no other: fixtures bring their own lists. */
  readonly listsAsRecorded?: boolean;
  /** The configuration is known to be the recorded one, whatever its hash. */
  readonly sameConfig?: boolean;
}

const MOST_KEPT = 200;
const MINUTE_MS = 60_000;

/** The policy of a recorded call; null: the configuration has no such agent. The mode is the recorded one. */
export function replayPolicies(parts: ReplayParts): (record: CallRecord) => Policy | null {
  const { config, weights, prompts, listsAsRecorded = false } = parts;
  const kept = new Map<string, Policy>();
  const { allow, block, protect } = config.lists;
  const runsOut = [...allow, ...block, ...protect].some(({ until }) => until !== undefined);
  return (record) => {
    const { agent, mode, startedAt } = record;
    if (!agentSettings(config, agent)) return null;
    const key = JSON.stringify([agent, mode, runsOut ? Math.floor(startedAt / MINUTE_MS) : 0]);
    let policy = kept.get(key);
    if (!policy) {
      const made = policyOf(config, agent, { weights: weights.weights, prompts, now: startedAt, canStop: false });
      policy = { ...made, mode };
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(key, policy);
    }
    return listsAsRecorded ? { ...policy, lists: { ...policy.lists, ...listOf(record) } } : policy;
  };
}

/** The list that the caller was on. */
function listOf({ rule, callerNumber }: CallRecord): Partial<Policy['lists']> {
  if (rule === undefined || rule.name === 'sanctioned' || callerNumber === undefined) return {};
  return rule.reason === `the number is on the ${rule.name} list` ? { [rule.name]: numberList([callerNumber]) } : {};
}

const COMPARED = ['guard', 'code', 'weights', 'config', 'prompts'] as const;

/** What decides here, in the words of the record. */
export const versionsNow = ({ config, weights, prompts }: ReplayParts): Versions => ({
  guard: packageVersion(),
  code: codeHash(),
  weights: weights.hash,
  config: configHash(config),
  prompts: prompts.hash,
});

/** Which versions differ from those of a record: `weights 1a2b, recorded 3c4d`. */
export const otherVersions = (
  now: Versions,
  { versions }: Pick<CallRecord, 'versions'>,
): { readonly name: string; readonly text: string }[] =>
  COMPARED.filter((name) => now[name] !== versions[name]).map((name) => ({
    name,
    text: `${name} ${now[name]}, recorded ${versions[name]}`,
  }));
