import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors write a file in several goes. */
const QUIET_MS = 150;

export interface FileWatch {
  /** Resolves once something has changed since the last call and has been quiet for a moment. */
  changed(): Promise<void>;
  close(): void;
}

/** Watches files and whole directories. A file is watched by its directory, because editors replace it. */
export function watchFiles(paths: readonly string[]): FileWatch {
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let waiting: (() => void) | undefined;
  const note = (): void => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      waiting?.();
    }, QUIET_MS);
  };
  const watchers: FSWatcher[] = [...new Set(paths)].flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    if (found.isDirectory()) return [watch(path, { recursive: true }, note)];
    return [watch(dirname(path), (_event, name) => (name === null || name === basename(path) ? note() : undefined))];
  });
  // A directory that goes away is no fault of the run.
  for (const one of watchers) one.on('error', () => one.close());
  return {
    async changed() {
      if (!dirty || timer !== undefined) {
        await new Promise<void>((resolve) => {
          waiting = resolve;
        });
      }
      dirty = false;
      waiting = undefined;
    },
    close() {
      clearTimeout(timer);
      for (const one of watchers) one.close();
      waiting?.();
    },
  };
}
