import { createHash } from 'node:crypto';
import type { ModelSpec } from '../../responders/index.ts';
import type { ModelRequest, Question } from '../../responders/model-client.ts';
import { contentHash } from '../../version.ts';

/** Hosts of the vendors' own APIs. */
const VENDOR_HOST = { openai: 'api.openai.com', anthropic: 'api.anthropic.com' } as const;

/** Whose answers they are. */
export interface ModelOrigin {
  readonly type: ModelSpec['type'];
  readonly model: string;
  /** `base_url` without anything secret in it; null: the vendor's own API. */
  readonly endpoint: string | null;
  /** The vendor's own API, by name or by default. */
  readonly vendor: boolean;
  /** Name of the directory of its answers: distinct for each endpoint and model. */
  readonly slug: string;
}

export function modelOrigin({ type, model, base_url: baseUrl }: ModelSpec): ModelOrigin {
  const hash = sha256(JSON.stringify([baseUrl ?? null, model])).slice(0, 8);
  const name = model.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return {
    type,
    model,
    endpoint: baseUrl === undefined ? null : withoutSecrets(baseUrl),
    vendor: baseUrl === undefined || isVendors(type, baseUrl),
    slug: `${type}-${name.slice(0, 40)}-${hash}`,
  };
}

/** What was asked of a model. */
export type Asked =
  | { readonly purpose: 'reply'; readonly request: ModelRequest }
  | { readonly purpose: 'classify'; readonly request: Question };

/**
 * The hash of everything that decides an answer. A whole SHA-256, not the short hash of records: callers choose the
 * words. Fields count by name, not by order.
 */
export function answerKey(spec: ModelSpec, repeat: number, asked: Asked): string {
  const { type, model, base_url: endpoint, temperature, max_tokens: maxTokens } = spec;
  const all = { type, model, endpoint, temperature, maxTokens, repeat, ...asked };
  return sha256(JSON.stringify(all, (_name, value: unknown) => (isObject(value) ? sorted(value) : value)));
}

/** Names the file of a system prompt's answers. */
export function systemHash(asked: Asked): string {
  return contentHash(asked.request.system);
}

function withoutSecrets(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function isVendors(type: ModelSpec['type'], baseUrl: string): boolean {
  const { protocol, host } = new URL(baseUrl);
  return protocol === 'https:' && host === VENDOR_HOST[type];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
