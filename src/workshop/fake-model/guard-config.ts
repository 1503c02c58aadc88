import { stringify } from 'yaml';
import { FAKE_MODEL } from './list-models.ts';
import type { DialectName } from './mind.ts';
import type { FakeModel } from './start-fake-model.ts';

/** The text of a guard.yaml whose agents are answered over the given API by a fake model. It needs no key. */
export function fakeModelConfig(type: DialectName, { baseUrl }: Pick<FakeModel, 'baseUrl'>): string {
  return stringify({
    mode: 'enforce',
    responders: { fake: { type, model: FAKE_MODEL, base_url: baseUrl[type] } },
    agents: { default: { responder: 'fake' } },
  });
}
