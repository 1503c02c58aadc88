import { join, resolve } from 'node:path';
import { packageVersion } from '../../version.ts';
import { type AnswerFile, answerFile } from './answer-file.ts';
import type { ModelOrigin } from './answer-key.ts';
import { FORMAT, type RecordedAnswer } from './answer-line.ts';

/** A directory of recorded answers, while it is in use. */
export interface AnswerDirectory {
  /**
   * The answers of a model to a system prompt; read when first asked for.
   * @throws AnswerFileError
   */
  file(origin: ModelOrigin, systemHash: string): AnswerFile;
  /** Does `work`, or waits for the same that is under way. */
  once(key: string, work: () => Promise<RecordedAnswer>): Promise<RecordedAnswer>;
  close(): void;
}

interface Shared {
  readonly files: Map<string, AnswerFile>;
  readonly underWay: Map<string, Promise<RecordedAnswer>>;
  users: number;
}

/** By path: guards that play side by side share what they read and pay for. Empty while nobody plays. */
const inUse = new Map<string, Shared>();

/** Opens a directory of answers, which need not exist. Files are read anew once all who use it have closed it. */
export function openAnswers(directory: string): AnswerDirectory {
  const path = resolve(directory);
  const shared: Shared = inUse.get(path) ?? { files: new Map(), underWay: new Map(), users: 0 };
  inUse.set(path, shared);
  shared.users++;
  let closed = false;
  return {
    file({ slug, ...origin }, systemHash) {
      const name = join(path, slug, `${systemHash}.ndjson`);
      const known = shared.files.get(name);
      if (known !== undefined) return known;
      const file = answerFile(name, { format: FORMAT, ...origin, systemHash, guard: packageVersion() });
      shared.files.set(name, file);
      return file;
    },
    once(key, work) {
      const known = shared.underWay.get(key);
      if (known !== undefined) return known;
      const mine = work().finally(() => shared.underWay.delete(key));
      shared.underWay.set(key, mine);
      return mine;
    },
    close() {
      if (closed) return;
      closed = true;
      shared.users--;
      if (shared.users === 0 && inUse.get(path) === shared) inUse.delete(path);
    },
  };
}
