import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import type { Tables } from './database.ts';

/** In the order of their names. A migration that was released is never edited. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-calls': {
    async up(db) {
      await db.schema
        .createTable('calls')
        .addColumn('call_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('agent', 'text', (column) => column.notNull())
        .addColumn('platform', 'text', (column) => column.notNull())
        .addColumn('direction', 'text', (column) => column.notNull())
        .addColumn('caller_number', 'text')
        .addColumn('opened_at', 'integer', (column) => column.notNull())
        .addColumn('greeted', 'integer', (column) => column.notNull())
        .addColumn('latch', 'text')
        .addColumn('closed_at', 'integer')
        .addColumn('started_at', 'integer', (column) => column.notNull())
        .addColumn('ended_at', 'integer')
        .addColumn('outcome', 'text')
        .addColumn('decision', 'text')
        .addColumn('category', 'text')
        .addColumn('points', 'real')
        .addColumn('probability', 'real')
        .addColumn('call_ms', 'integer')
        .addColumn('saved_ms', 'integer')
        .addColumn('decided', 'integer', (column) => column.notNull())
        .addColumn('sent', 'integer', (column) => column.notNull())
        .addColumn('confirmed', 'integer', (column) => column.notNull())
        .addColumn('record', 'text')
        .addColumn('events', 'blob')
        .execute();
      await db.schema.createIndex('calls_by_number').on('calls').columns(['caller_number', 'started_at']).execute();
      await db.schema.createIndex('calls_by_start').on('calls').columns(['started_at']).execute();
      await db.schema.createIndex('calls_by_agent').on('calls').columns(['agent', 'started_at']).execute();
      await db.schema
        .createTable('spool_files')
        .addColumn('name', 'text', (column) => column.primaryKey().notNull())
        .addColumn('ingested', 'integer', (column) => column.notNull())
        .addColumn('updated_at', 'integer', (column) => column.notNull())
        .execute();
    },
  },
  '0002-trail': {
    async up(db) {
      // Behind record and events in the row of its call, every trail would cost reading those.
      await db.schema
        .createTable('trails')
        .addColumn('call_id', 'text', (column) => column.primaryKey().notNull())
        .addColumn('trail', 'text', (column) => column.notNull())
        .execute();
      await sql`create trigger trail_goes after delete on calls begin
        delete from trails where call_id = old.call_id;
      end`.execute(db);
    },
  },
};

/**
 * Brings the tables up to this version, each migration in its own transaction; safe for several processes at once.
 * @throws the error of the migration that failed, or of Kysely when the file was made by a newer version.
 */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
