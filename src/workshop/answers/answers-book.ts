import type { AnswersStamp } from '../eval/run.ts';
import { type Asked, type ModelOrigin, systemHash } from './answer-key.ts';

/** Answers of one responder to one system prompt that were needed and are not recorded. */
export interface MissingAnswers {
  readonly responder: string;
  readonly type: string;
  readonly model: string;
  readonly endpoint: string | null;
  readonly systemHash: string;
  readonly purpose: 'reply' | 'classify';
  readonly requests: number;
  /** This system prompt has no answer at all: it was edited or never recorded. */
  readonly promptUnknown: boolean;
}

/** What was answered in a run and what was not. */
export interface AnswersBook {
  /** `at`: epoch ms at which it was recorded. */
  used(origin: ModelOrigin, at: number): void;
  missed(what: {
    readonly responder: string;
    readonly origin: ModelOrigin;
    readonly asked: Asked;
    readonly promptUnknown: boolean;
  }): void;
  stamps(): readonly AnswersStamp[];
  missing(): readonly MissingAnswers[];
}

export function answersBook(): AnswersBook {
  const stamps = new Map<string, AnswersStamp>();
  const missing = new Map<string, MissingAnswers>();
  return {
    used({ type, model, endpoint, vendor, slug }, at) {
      const { recordedFrom = at, recordedTo = at, answers = 0 } = stamps.get(slug) ?? {};
      stamps.set(slug, {
        type,
        model,
        endpoint,
        vendor,
        recordedFrom: Math.min(recordedFrom, at),
        recordedTo: Math.max(recordedTo, at),
        answers: answers + 1,
      });
    },
    missed({ responder, origin: { type, model, endpoint }, asked, promptUnknown }) {
      const hash = systemHash(asked);
      const { purpose } = asked;
      const key = JSON.stringify([responder, hash, purpose]);
      const requests = (missing.get(key)?.requests ?? 0) + 1;
      missing.set(key, { responder, type, model, endpoint, systemHash: hash, purpose, requests, promptUnknown });
    },
    stamps: () => [...stamps.values()],
    missing: () => [...missing.values()],
  };
}
