import { type Config, parseConfig } from '../../config.ts';
import { fakeModelConfig } from './guard-config.ts';
import { DIALECTS } from './mind.ts';
import { type FakeModel, type FakeModelOptions, startFakeModel } from './start-fake-model.ts';

/** Who answers the callers of a demo: the script within the guard, or the same script behind the API of a provider. */
export const ANSWERS_BY = ['scripted', ...DIALECTS] as const;
export type AnswersBy = (typeof ANSWERS_BY)[number];

export interface Answers {
  /** Options for `localGuard`. */
  readonly guard: { readonly config?: Config };
  readonly model?: FakeModel;
  /** For the person who reads the result; '' or a line. */
  readonly note: string;
  close(): Promise<void>;
}

/** Starts the fake model where one is needed; by default it answers at once. */
export async function answersBy(
  responder: AnswersBy,
  pace: Pick<FakeModelOptions, 'firstTokenMs' | 'tokenMs'> = {},
): Promise<Answers> {
  if (responder === 'scripted') return { guard: {}, note: '', close: async () => {} };
  const model = await startFakeModel(pace);
  return {
    guard: { config: parseConfig(fakeModelConfig(responder, model), 'built-in') },
    model,
    note: `answers: the ${responder} responder, from a fake model on loopback (${model.baseUrl[responder]}). It is a script, not a model: nothing is said here about any vendor's.`,
    close: () => model.close(),
  };
}
