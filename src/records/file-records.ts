import type { Clock } from '../clock.ts';
import type { NumberHistory, Resumed } from '../guard/types.ts';
import type { CallFilter, CallRecords } from './call-access.ts';
import { numberKey } from './call-key.ts';
import { finishFile, type IngestFrom, ingestAll, ingestFile, removeLeftOvers } from './ingest.ts';
import { LiveCalls } from './live-calls.ts';
import { openStore } from './open-store.ts';
import type { CallRecord, SpoolLine } from './record.ts';
import { causeOf, RecordsError } from './records-error.ts';
import type { RecordsLogger } from './records-logger.ts';
import { RepeatedPass } from './repeated-pass.ts';
import { startRetention } from './retention.ts';
import { Spool } from './spool.ts';
import { spoolNames } from './spool-reader.ts';
import type { Store } from './store.ts';

/** From an append to its arrival in the store. */
const FLUSH_AFTER_MS = 50;
/** Between looks for files of other processes, and for the own file that nobody writes any more. */
const SWEEP_EVERY_MS = 30_000;
const IDLE_FILE_MS = 5 * 60_000;
/** How long a call waits for the spools of other processes before it is answered from what is known. */
const RESUME_WAIT_MS = 1_500;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

export interface FileRecordsOptions {
  readonly dataDir: string;
  readonly spoolDir: string;
  readonly retentionDays: number;
  readonly logger: RecordsLogger;
  readonly clock: Clock;
  readonly spoolLimitBytes?: number;
}

/**
 * Records in a data directory. Lines go to the spool and nowhere else; the store is fed from the spool files, own
 * and foreign alike, so that the way after a crash is the way of every day.
 */
export class FileRecords implements CallRecords {
  readonly #options: FileRecordsOptions;
  readonly #spool: Spool;
  readonly #live = new LiveCalls();
  readonly #own = new RepeatedPass(() => this.#ingestOwn());
  readonly #foreign = new RepeatedPass(async () => ingestAll(await this.#from(), this.#ownFiles()));
  #store: Promise<Store> | null = null;
  #stopFlush: (() => void) | null = null;
  #stopSweep = () => {};
  #stopRetention = async () => {};
  #retryMs = 0;
  #closed = false;

  constructor(options: FileRecordsOptions) {
    this.#options = options;
    const { spoolDir: dir, clock, spoolLimitBytes: limitBytes } = options;
    this.#spool = new Spool({ dir, clock, ...(limitBytes === undefined ? {} : { limitBytes }) });
  }

  /** Opens the store and takes in what is in the spool. Rejects when that fails; it is tried again all the same. */
  async start(): Promise<void> {
    const { retentionDays: days, clock, logger } = this.#options;
    this.#stopSweep = clock.after(SWEEP_EVERY_MS, () => void this.#sweep());
    try {
      await this.#foreign.run();
    } catch (error) {
      this.#failed(error);
      throw error;
    } finally {
      const deleteBefore = async (time: number) => (await this.#openStore()).deleteBefore(time);
      this.#stopRetention = startRetention({ days, clock, logger, deleteBefore });
    }
  }

  append(line: SpoolLine, durable: boolean): void {
    this.#spool.append(line, durable);
    this.#live.take(line);
    this.#flushSoon(this.#retryMs || FLUSH_AFTER_MS);
  }

  async resume(callId: string): Promise<Resumed | null> {
    const now = this.#options.clock.now();
    const here = this.#live.resume(callId, now);
    // A hang-up that was decided here holds, whatever the store can add.
    if (here?.latch !== undefined) return here;
    const stored = await this.#answered('resume', async (store) => {
      await this.#within(RESUME_WAIT_MS, Promise.all([this.#own.run(), this.#foreign.run()]));
      return store.resume(callId, now);
    });
    if (here === null || stored === null) return here ?? stored;
    const latch = here.latch ?? stored.latch;
    return {
      greeted: here.greeted || stored.greeted,
      ...(latch === undefined ? {} : { latch }),
      ...(here.ended || stored.ended ? { ended: true as const } : {}),
    };
  }

  async history(number: string): Promise<NumberHistory | null> {
    return this.#answered('history', async (store) => {
      await this.#within(RESUME_WAIT_MS, this.#own.run());
      return store.history(number, this.#options.clock.now());
    });
  }

  async list(filter: CallFilter = {}): Promise<CallRecord[]> {
    return (await this.#openStore()).list(filter);
  }

  async get(callId: string): Promise<CallRecord | null> {
    return (await this.#openStore()).get(callId);
  }

  /**
   * Also ends and removes this process's own spool file. Spool files of other live processes still hold the number
   * until they rotate, at most an hour later.
   */
  async erase(number: string): Promise<number> {
    const store = await this.#openStore();
    this.#spool.rotate();
    await this.flush();
    await this.#foreign.run();
    const key = numberKey(number);
    this.#live.erase((other) => other === number || (key !== undefined && numberKey(other) === key));
    return store.erase(number);
  }

  async flush(): Promise<void> {
    await this.#own.run();
  }

  async ready(): Promise<boolean> {
    try {
      await (await this.#openStore()).ping();
      return true;
    } catch {
      return false;
    }
  }

  /** Takes everything in and removes this process's spool files; what does not work stays for the next process. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopSweep();
    this.#stopFlush?.();
    this.#spool.close();
    await this.flush().catch((error: unknown) => this.#failed(error));
    await this.#stopRetention();
    await this.#foreign.run().catch(() => {});
    const store = await this.#store?.catch(() => null);
    store?.close();
  }

  #openStore(): Promise<Store> {
    if (this.#store === null) {
      const opening = openStore(this.#options.dataDir);
      this.#store = opening;
      opening.catch(() => {
        if (this.#store === opening) this.#store = null;
      });
    }
    return this.#store;
  }

  async #from(): Promise<IngestFrom> {
    const { spoolDir: dir, logger, clock } = this.#options;
    return { dir, logger, store: await this.#openStore(), now: () => clock.now() };
  }

  #ownFiles(): Set<string> {
    const { current, closedFiles } = this.#spool;
    return new Set(current === null ? closedFiles : [...closedFiles, current.name]);
  }

  async #ingestOwn(): Promise<void> {
    const { current, closedFiles } = this.#spool;
    if (current === null && closedFiles.length === 0) return;
    const from = await this.#from();
    for (const name of [...closedFiles]) if (await finishFile(from, name)) this.#spool.removed(name);
    if (current !== null) await ingestFile(from, current.name);
    this.#worked();
  }

  #flushSoon(afterMs: number): void {
    if (this.#closed) return;
    this.#stopFlush ??= this.#options.clock.after(afterMs, () => {
      this.#stopFlush = null;
      this.#own.run().catch((error: unknown) => this.#failed(error));
    });
  }

  async #sweep(): Promise<void> {
    const { clock, spoolDir } = this.#options;
    const { current } = this.#spool;
    if (current !== null && clock.now() - current.lastWriteAt >= IDLE_FILE_MS) this.#spool.rotate();
    try {
      await this.#own.run();
      await this.#foreign.run();
      const from = await this.#from();
      await removeLeftOvers(from, this.#ownFiles());
      await from.store.forgetMissingFiles(await spoolNames(spoolDir), clock.now() - 24 * 60 * 60_000);
    } catch (error) {
      if (!this.#closed) this.#failed(error);
    }
    if (!this.#closed) this.#stopSweep = clock.after(SWEEP_EVERY_MS, () => void this.#sweep());
  }

  /** Asks the store on behalf of a call: whatever goes wrong is logged, and the call goes on without an answer. */
  async #answered<T>(what: string, ask: (store: Store) => Promise<T>): Promise<T | null> {
    try {
      return await ask(await this.#openStore());
    } catch (error) {
      this.#options.logger.warn({ what, cause: causeOf(error) }, 'the store did not answer a call');
      return null;
    }
  }

  /** Waits for the work, but not longer than `ms`; the work goes on. */
  async #within(ms: number, work: Promise<unknown>): Promise<void> {
    let stop = () => {};
    const late = new Promise<void>((resolve) => {
      stop = this.#options.clock.after(ms, resolve);
    });
    const done = work.catch((error: unknown) => this.#failed(error));
    await Promise.race([done, late]);
    stop();
  }

  /** Logged once until it works again: the spool keeps everything meanwhile. */
  #failed(error: unknown): void {
    if (this.#retryMs === 0) {
      const cause = error instanceof RecordsError ? error.message : causeOf(error);
      this.#options.logger.error({ cause }, 'the store does not work; calls are kept in the spool');
    }
    this.#retryMs = Math.min(Math.max(this.#retryMs * 2, FIRST_RETRY_MS), LAST_RETRY_MS);
    this.#flushSoon(this.#retryMs);
  }

  #worked(): void {
    if (this.#retryMs === 0) return;
    this.#retryMs = 0;
    this.#options.logger.info({}, 'the store works again');
  }
}
