import { chmodSync } from 'node:fs';
import { Kysely, type KyselyConfig, SqliteAdapter, SqliteDialect, type SqliteStatement } from 'kysely';
import Database from 'libsql';
import { z } from 'zod';

/** One row a call, also while it is open. Booleans are 0 or 1; `record` is JSON without its events and trail. */
export interface CallsTable {
  call_id: string;
  agent: string;
  platform: string;
  direction: string;
  caller_number: string | null;
  opened_at: number;
  greeted: number;
  latch: string | null;
  closed_at: number | null;
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
  decision: string | null;
  category: string | null;
  points: number | null;
  probability: number | null;
  call_ms: number | null;
  saved_ms: number | null;
  decided: number;
  sent: number;
  confirmed: number;
  record: string | null;
  /** Deflated event log. libsql takes a Uint8Array and answers with an ArrayBuffer. */
  events: Uint8Array | ArrayBuffer | null;
}

/** A row for each call that has a trail; it goes with its call. */
export interface TrailsTable {
  call_id: string;
  trail: string;
}

/** How far each spool file is in the store. */
export interface SpoolFilesTable {
  name: string;
  ingested: number;
  updated_at: number;
}

export interface Tables {
  calls: CallsTable;
  trails: TrailsTable;
  spool_files: SpoolFilesTable;
}

/** An open SQLite file: typed queries, and what SQLite needs besides. */
export interface OpenDatabase {
  readonly db: Kysely<Tables>;
  /**
   * Moves the write-ahead log into the file, which syncs both; `truncate` empties it too, so that erased data is gone.
   * False when another process kept part of it from being moved.
   */
  checkpoint(how: 'passive' | 'truncate'): boolean;
  close(): void;
}

/**
 * Opens or makes the file. `busyMs` bounds how long a statement waits for another process, and with it how long
 * it can hold up this one: libsql waits on the calling thread.
 * @throws the error of libsql when the file cannot be opened or is not a database.
 */
export function openDatabase(path: string, busyMs: number): OpenDatabase {
  const raw = new Database(path, { timeout: busyMs });
  try {
    raw.pragma('journal_mode = WAL');
    // The spool is the truth: what a power cut takes from the store is ingested again.
    raw.pragma('synchronous = NORMAL');
    // Erased calls are overwritten, not only unlinked.
    raw.pragma('secure_delete = ON');
    chmodSync(path, 0o600);
  } catch (error) {
    raw.close();
    throw error;
  }
  const dialect = new GuardedSqliteDialect({
    database: {
      close: () => {},
      prepare(sql) {
        // A transaction that reads first and writes then could not wait for another process: take the lock at once.
        if (sql === 'begin') return executed(() => raw.exec('begin immediate'));
        if (sql === 'commit' || sql === 'rollback') return executed(() => raw.exec(sql));
        const statement = raw.prepare(sql);
        return {
          reader: statement.reader,
          all: (parameters) => statement.all(bindable(parameters)),
          run: (parameters) => statement.run(bindable(parameters)),
          iterate: (parameters) => statement.iterate(bindable(parameters)),
        };
      },
    },
  });
  return {
    db: new Kysely<Tables>({ dialect } satisfies KyselyConfig),
    checkpoint(how) {
      const [row] = checkpointRows.parse(raw.pragma(`wal_checkpoint(${how})`));
      return row.busy === 0 && row.checkpointed >= row.log;
    },
    close: () => void raw.close(),
  };
}

/** https://sqlite.org/pragma.html#pragma_wal_checkpoint */
const checkpointRows = z.tuple([z.object({ busy: z.number(), log: z.number(), checkpointed: z.number() })]);

/** Kysely runs SQLite migrations outside a transaction; SQLite can do better, and two processes may start at once. */
class GuardedSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/**
 * A statement that is executed and finalized in one. A prepared `begin` of libsql 0.5 that met SQLITE_BUSY stays
 * active until it is garbage collected, and no transaction of its connection can commit until then.
 */
function executed(execute: () => void): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    iterate: () => [].values(),
    run() {
      execute();
      return { changes: 0, lastInsertRowid: 0 };
    },
  };
}

/** libsql 0.5 ends the whole process on a boolean, and cuts text at U+0000: neither may reach it. */
function bindable(parameters: readonly unknown[]): unknown[] {
  return parameters.map((value) => {
    if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
    if (typeof value === 'number' || typeof value === 'bigint' || value === null || value instanceof Uint8Array) {
      return value;
    }
    throw new TypeError(`cannot bind a ${typeof value} to a statement`);
  });
}
