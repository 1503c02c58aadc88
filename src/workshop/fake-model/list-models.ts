import type { DialectName } from './mind.ts';

/** The one model of the list; any other name is answered as well. */
export const FAKE_MODEL = 'fake-receptionist';

/** The answer to `GET /v1/models`: https://platform.openai.com/docs/api-reference/models, https://platform.claude.com/docs/en/api/models-list */
export function listModels(dialect: DialectName): unknown {
  if (dialect === 'openai') {
    return { object: 'list', data: [{ id: FAKE_MODEL, object: 'model', created: 0, owned_by: 'hangup-guard' }] };
  }
  const model = { type: 'model', id: FAKE_MODEL, display_name: 'Not a model', created_at: '1970-01-01T00:00:00Z' };
  return { data: [model], has_more: false, first_id: FAKE_MODEL, last_id: FAKE_MODEL };
}
