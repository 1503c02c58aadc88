import type { Clock } from '../../clock.ts';
import type { Config, Secrets } from '../../config.ts';
import { openAnswers } from '../answers/answer-directory.ts';
import type { MissingAnswers } from '../answers/answers-book.ts';
import { type RecordedModels, type RecordedModelsOptions, recordedModels } from '../answers/recorded-models.ts';
import type { AnswersStamp } from './run.ts';
import { RunError } from './run-error.ts';
import { respondersInUse } from './stamp.ts';

export type AnswersMode = RecordedModelsOptions['mode'];

/** Makes the models of one call: what it is answered hangs on no other. */
export type ModelsFor = (call: { readonly repeat: number; readonly clock: Clock }) => RecordedModels;

export interface EvalModels {
  readonly modelsFor: ModelsFor;
  close(): void;
}

/**
 * Models that answer from `directory`, which is read once for all calls. `ask`: nothing is read or kept.
 */
export function evalModels(directory: string, mode: AnswersMode): EvalModels {
  const kept = mode === 'ask' ? null : openAnswers(directory);
  return {
    modelsFor: (call) => recordedModels({ ...call, mode, directory: mode === 'ask' ? null : directory }),
    close: () => kept?.close(),
  };
}

/** Stands where a key would be needed for a model that is never asked. */
const NO_KEY = 'never-sent-by-an-eval';

/**
 * Whether the agents can be played in virtual time, and the secrets to do it with. Recorded answers need no key, nor do
 * models that the configuration only mentions.
 * @throws RunError for a relay, and (`asked`) for a model in use whose key is not set.
 */
export function evalSecrets(config: Config, agents: readonly string[], secrets: Secrets, asked: boolean): Secrets {
  const inUse = respondersInUse(config, agents);
  const env: Record<string, string | undefined> = { ...secrets.env };
  for (const [name, spec] of Object.entries(config.responders)) {
    if (spec.type === 'relay' && inUse.includes(name)) {
      throw new RunError(
        `responder ${name} is a server of your own: an eval cannot stop its clock`,
        'name another with --responders, or call the guard before it with: hangup-guard play --url',
      );
    }
    if (!('model' in spec)) continue;
    const variable = spec.key_env ?? (spec.type === 'openai' ? 'OPENAI_API_KEY' : 'ANTHROPIC_API_KEY');
    const usual = spec.type === 'openai' ? secrets.openaiApiKey : secrets.anthropicApiKey;
    const key = spec.key_env === undefined ? usual : env[spec.key_env]?.trim();
    if (asked && inUse.includes(name) && !key && (spec.base_url === undefined || spec.key_env !== undefined)) {
      throw new RunError(`responder ${name}: ${variable} is not set`, 'without --record no key is needed');
    }
    if (spec.key_env !== undefined && !key) env[spec.key_env] = NO_KEY;
  }
  return {
    ...secrets,
    openaiApiKey: secrets.openaiApiKey ?? NO_KEY,
    anthropicApiKey: secrets.anthropicApiKey ?? NO_KEY,
    env,
  };
}

/** Adds up where answers came from. */
export function joinStamps(all: readonly AnswersStamp[]): AnswersStamp[] {
  const joined = new Map<string, AnswersStamp>();
  for (const stamp of all) {
    const key = JSON.stringify([stamp.type, stamp.model, stamp.endpoint]);
    const known = joined.get(key);
    joined.set(
      key,
      known === undefined
        ? stamp
        : {
            ...known,
            recordedFrom: Math.min(known.recordedFrom, stamp.recordedFrom),
            recordedTo: Math.max(known.recordedTo, stamp.recordedTo),
            answers: known.answers + stamp.answers,
          },
    );
  }
  return [...joined.values()];
}

/** Adds up what was not recorded. */
export function joinMissing(all: readonly MissingAnswers[]): MissingAnswers[] {
  const joined = new Map<string, MissingAnswers>();
  for (const one of all) {
    const key = JSON.stringify([one.responder, one.model, one.endpoint, one.systemHash, one.purpose]);
    const known = joined.get(key);
    joined.set(key, known === undefined ? one : { ...known, requests: known.requests + one.requests });
  }
  return [...joined.values()];
}
