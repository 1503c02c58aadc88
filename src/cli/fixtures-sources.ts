import { basename } from 'node:path';
import { printable } from '../records/printable.ts';
import type { CallRecord } from '../records/record.ts';
import { causeOf, RecordsError } from '../records/records-error.ts';
import { silentLogger } from '../records/records-logger.ts';
import { DataSetError, loadDataSet, TELLING_LABELS } from '../workshop/data-set.ts';
import { ImportError, type Imported } from '../workshop/fixtures/draft.ts';
import { fixtureFromRecord, type ImportWishes } from '../workshop/fixtures/from-record.ts';
import { fixtureFromRow } from '../workshop/fixtures/from-row.ts';
import type { Scenario } from '../workshop/player/scenario.ts';
import { CliError, EXIT } from './errors.ts';
import type { ImportFlags } from './fixtures-import-flags.ts';
import { readingRecords, recordsCliError } from './reading-records.ts';

/** A call that may become a fixture. */
export interface ImportSource {
  /** Of the call or row; the stand-ins follow from it. */
  readonly id: string;
  /** What became of it, for a question. */
  readonly story: string;
  /** The decision that was recorded or labelled must be looked at before it is expected. */
  readonly doubtful: boolean;
  /** @throws ImportError */
  make(wishes: ImportWishes): Imported;
}

/** A recorded call. @throws CliError when there is none, or none that may be used. */
export async function readCall(callId: string, dataDir: string): Promise<ImportSource> {
  const record = await recordOf(callId, dataDir);
  if (record === null) {
    throw new CliError(
      `call ${printable(callId, 100)} has no record in ${printable(dataDir)}`,
      '"hangup-guard log list" shows what is recorded; --data-dir names another directory',
      EXIT.usage,
    );
  }
  const { decision, category, outcome, decidedTurn, decidedCallMs } = record;
  const when =
    decidedCallMs === undefined ? '' : ` at turn ${decidedTurn ?? 0}, second ${(decidedCallMs / 1_000).toFixed(1)}`;
  return {
    id: callId,
    story: `decision ${decision}${category === null ? '' : ` (${category})`}${when}, outcome ${outcome}`,
    doubtful: decision !== 'none',
    make: (wishes) => refusing(() => fixtureFromRecord(record, wishes)),
  };
}

async function recordOf(callId: string, dataDir: string): Promise<CallRecord | null> {
  try {
    return await readingRecords(dataDir, silentLogger, (log) => log.get(callId));
  } catch (error) {
    if (error instanceof RecordsError) throw recordsCliError(error);
    throw error;
  }
}

/** Rows of a data set. @throws CliError when the file cannot be read or the row is not there. */
export async function readRows(file: string, { id, limit, kind }: ImportFlags): Promise<ImportSource[]> {
  let all: Scenario[];
  try {
    all = await loadDataSet(file, kind === 'recording');
  } catch (error) {
    if (error instanceof DataSetError) throw new CliError(printable(error.message), undefined, EXIT.usage);
    if (error instanceof Error && 'syscall' in error) {
      const why = causeOf(error) === 'ENOENT' ? 'no such file' : `cannot be read (${causeOf(error)})`;
      throw new CliError(
        `${printable(file)}: ${why}`,
        '--jsonl names a file with a row {id, turns | text, label} a line',
        EXIT.usage,
      );
    }
    throw error;
  }
  const chosen = id === undefined ? all.slice(0, limit) : all.filter((row) => row.id === id).slice(0, 1);
  if (chosen.length === 0) {
    const hint = `it has ${all.length} rows with something to say`;
    throw new CliError(
      id === undefined ? 'the file has no row to import' : 'the file has no such row',
      hint,
      EXIT.usage,
    );
  }
  return chosen.map((row) => ({
    id: `${basename(file)}/${row.id}`,
    story: `row ${printable(row.id, 60)}, ${row.expect === undefined ? `nothing expected: its label is none of ${TELLING_LABELS.join(', ')}` : `decision ${row.expect.decision} by its label`}`,
    doubtful: row.expect === undefined,
    make: (wishes) => {
      if (row.expect === undefined && wishes.decision === undefined) {
        throw new CliError(
          `row ${printable(row.id, 60)} cannot be imported: its label does not say what is expected`,
          `say it with --expect hang_up or --expect none; labels that say it are ${TELLING_LABELS.join(', ')}`,
          EXIT.usage,
        );
      }
      return refusing(() => fixtureFromRow(row, wishes));
    },
  }));
}

function refusing<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof ImportError) throw new CliError(`cannot be imported: ${error.message}`);
    if (error instanceof RecordsError) throw new CliError(`cannot be imported: ${error.message}`);
    throw error;
  }
}
