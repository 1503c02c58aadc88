import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { SpoolLine } from './record.ts';
import { causeOf, RecordsError } from './records-error.ts';
import { encodeSpoolLine } from './spool-line.ts';

/** A file is closed at this size, or at this age so that numbers do not linger in it. */
const DEFAULT_LIMIT_BYTES = 16 * 1024 * 1024;
const MAX_AGE_MS = 60 * 60 * 1000;

export interface SpoolOptions {
  readonly dir: string;
  readonly clock: Clock;
  readonly limitBytes?: number;
}

interface OpenFile {
  readonly name: string;
  readonly fd: number;
  readonly openedAt: number;
  lastWriteAt: number;
  bytes: number;
}

/**
 * The append-only files of this process. What `append` returned from survives the death of the process, and with
 * `durable` that of the machine. One process writes a file; anyone reads it.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #limitBytes: number;
  /** Files of this process that are closed but still there, oldest first. */
  readonly #closed: string[] = [];
  #file: OpenFile | null = null;
  #done = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#limitBytes = options.limitBytes ?? DEFAULT_LIMIT_BYTES;
  }

  /** The file being written, or null when nothing was written since the last rotation. */
  get current(): { readonly name: string; readonly lastWriteAt: number } | null {
    return this.#file;
  }

  /** Closed files of this process, for ingestion and removal. */
  get closedFiles(): readonly string[] {
    return this.#closed;
  }

  /**
   * Appends one line; `durable` waits for the disk.
   * @throws RecordsError `spool-failed` when it could not be written (then, as far as the disk allows, no part of it
   * is in the file either).
   */
  append(line: SpoolLine, durable: boolean): void {
    if (this.#done) throw new RecordsError('spool-failed', 'the spool is closed');
    try {
      const bytes = encodeSpoolLine(line);
      // Twice, because another process may have taken our file for a left-over and removed it.
      if (!this.#write(bytes, durable) && !this.#write(bytes, durable)) {
        throw new Error('the spool file is removed as soon as it is made');
      }
    } catch (cause) {
      throw new RecordsError('spool-failed', `cannot write to the spool in ${this.#options.dir}: ${causeOf(cause)}`, {
        cause,
      });
    }
  }

  /** Ends the current file; the next append starts another. */
  rotate(): void {
    if (this.#file === null) return;
    const { fd, name } = this.#file;
    this.#file = null;
    this.#closed.push(name);
    try {
      closeSync(fd);
    } catch {
      // The lines are written; a descriptor that cannot be closed changes nothing about them.
    }
  }

  /** Tells that a closed file was ingested and removed. */
  removed(name: string): void {
    const index = this.#closed.indexOf(name);
    if (index >= 0) this.#closed.splice(index, 1);
  }

  close(): void {
    this.rotate();
    this.#done = true;
  }

  /** False when the file turned out to be removed: the line is then nowhere. */
  #write(bytes: Buffer, durable: boolean): boolean {
    const now = this.#options.clock.now();
    if (this.#file !== null && now - this.#file.openedAt >= MAX_AGE_MS) this.rotate();
    this.#file ??= this.#open(now);
    const file = this.#file;
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(file.fd, bytes, done);
      if (durable) fdatasyncSync(file.fd);
      // 1 µs: the only way to learn that what was written cannot be found by anyone.
      if (fstatSync(file.fd).nlink === 0) {
        this.rotate();
        this.removed(file.name);
        return false;
      }
    } catch (error) {
      this.#takeBack(file);
      throw error;
    }
    file.bytes += bytes.length;
    file.lastWriteAt = now;
    if (file.bytes >= this.#limitBytes) this.rotate();
    return true;
  }

  /** Cuts a half-written line off, and writes to this file no more: after a failed fsync its state is unknown. */
  #takeBack(file: OpenFile): void {
    try {
      ftruncateSync(file.fd, file.bytes);
    } catch {
      // Readers skip a torn line.
    }
    this.rotate();
  }

  #open(now: number): OpenFile {
    const { dir } = this.#options;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const name = `${process.pid}-${Math.floor(now)}-${randomBytes(6).toString('hex')}.ndjson`;
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;
    const fd = openSync(join(dir, name), flags, 0o600);
    syncDirectory(dir);
    return { name, fd, openedAt: now, lastWriteAt: now, bytes: 0 };
  }
}

/** A new file survives a power cut only when its directory was synced too. */
function syncDirectory(dir: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(dir, constants.O_RDONLY);
    fsyncSync(fd);
  } catch {
    // Not possible on every file system; the line's own sync still covers the death of the process.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
