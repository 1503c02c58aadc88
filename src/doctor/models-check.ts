import type { Config } from '../config.ts';
import { askHttp, isPlainBeyondLoopback } from './ask-http.ts';
import { type Check, type DoctorContext, type Finding, findingsOf } from './check.ts';

const { ok, warn, fail, skip } = findingsOf('models');

type Spec = Extract<Config['responders'][string], { type: 'openai' | 'anthropic' }>;

const KINDS = {
  openai: {
    variable: 'OPENAI_API_KEY',
    // An Anthropic key begins with sk- as well.
    shape: /^sk-(?!ant-)[A-Za-z0-9_-]{16,}$/,
    url: 'https://api.openai.com/v1',
    path: '/models',
    headers: (key: string): Record<string, string> => (key === '' ? {} : { authorization: `Bearer ${key}` }),
  },
  anthropic: {
    variable: 'ANTHROPIC_API_KEY',
    shape: /^sk-ant-[A-Za-z0-9_-]{16,}$/,
    url: 'https://api.anthropic.com',
    path: '/v1/models',
    headers: (key: string): Record<string, string> => ({
      'anthropic-version': '2023-06-01',
      ...(key === '' ? {} : { 'x-api-key': key }),
    }),
  },
} as const;

/** Keys and reachability of every model. */
export const modelsCheck: Check = {
  name: 'models',
  ifDown:
    'the next provider answers; with none left the caller hears a sentence of the guard within 4 s, and the call goes on',
  async run(context) {
    const specs = Object.entries(context.config.responders).filter(
      (entry): entry is [string, Spec] => entry[1].type === 'openai' || entry[1].type === 'anthropic',
    );
    if (specs.length === 0) return [skip('no model is configured')];
    return (await Promise.all(specs.map(([name, spec]) => look(name, spec, context)))).flat();
  },
};

async function look(name: string, spec: Spec, context: DoctorContext): Promise<Finding[]> {
  const kind = KINDS[spec.type];
  const variable = spec.key_env ?? kind.variable;
  const { env = {}, openaiApiKey, anthropicApiKey } = context.secrets;
  const usual = spec.type === 'openai' ? openaiApiKey : anthropicApiKey;
  const key = (spec.key_env === undefined ? usual : env[spec.key_env])?.trim() ?? '';
  const found: Finding[] = [];
  if (key === '' && spec.base_url === undefined)
    return [fail(`${name}: ${variable} is not set`, `export ${variable}=…`)];
  if (/\s/.test(key)) return [fail(`${name}: ${variable} holds a blank or line break`, 'set it anew, without quotes')];
  if (spec.base_url === undefined && !kind.shape.test(key)) {
    found.push(warn(`${name}: ${variable} does not look like a key of ${spec.type}`, 'compare it with the one issued'));
  }
  if (spec.base_url !== undefined && key !== '' && isPlainBeyondLoopback(spec.base_url)) {
    found.push(warn(`${name}: the key goes to its server without TLS`, 'use an https base_url'));
  }
  if (context.offline) return [...found, skip(`${name}: not asked (--offline)`)];
  const url = `${(spec.base_url ?? kind.url).replace(/\/+$/, '')}${kind.path}`;
  try {
    const { status, body } = await askHttp(url, { headers: kind.headers(key), timeoutMs: context.timeoutMs });
    const listed = modelsIn(body);
    if (status === 401 || status === 403) {
      found.push(fail(`${name}: the server refuses the key (${status})`, `check ${variable}`));
    } else if (status === 404) {
      found.push(warn(`${name}: the server is there, but lists no models (404)`, 'check base_url; a call will tell'));
    } else if (status >= 400) {
      found.push(warn(`${name}: the server answers ${status}`, 'look at the status page of the provider'));
    } else {
      found.push(ok(`${name}: the server answers${key === '' ? '; no key was sent' : ' and takes the key'}`));
      if (listed && !listed.includes(spec.model)) {
        found.push(warn(`${name}: the server does not list the model ${spec.model}`, 'check the name for a slip'));
      }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    found.push(fail(`${name}: cannot be reached (${why})`, 'check base_url, DNS and the way out of this machine'));
  }
  return found;
}

/** Ids in a list of models; undefined where it is none, or only its first page. */
function modelsIn(body: string): readonly string[] | undefined {
  try {
    const { data, has_more: more } = JSON.parse(body) as { data?: { id?: unknown }[]; has_more?: unknown };
    return more === true ? undefined : data?.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  } catch {
    return undefined;
  }
}
