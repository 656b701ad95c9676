/**
 * Writes backups: every row of every table, of one moment, in one file (`backup-file.ts`). The file is the same for the embedded database and for
 * a server, so a backup of one can be restored into the other.
 */
import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { type Kysely, sql, type Transaction } from "kysely";
import { BACKUP_VERSION, BackupDigest, type BackupHead } from "./backup-file.ts";
import { columnsOf, setTextFormat } from "./columns.ts";
import { appliedMigrations, tableNames } from "./store.ts";

/** Rows are fetched so many at a time that they have about this size: a row may have a few bytes, or a quarter of a megabyte. */
const BATCH_CHARACTERS = 1024 * 1024;
const MIN_BATCH_ROWS = 8;
const MAX_BATCH_ROWS = 2000;
/** The tables of the migrations are the backup's head. */
const OF_MIGRATIONS = /^lectern_migrations/;

/** Writes a backup. The file appears only when it is complete and on the disk. */
export async function writeBackup<Tables>(db: Kysely<Tables>, file: string): Promise<{ rows: number }> {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.part`;
  try {
    const rows = await db
      .transaction()
      .setIsolationLevel("repeatable read")
      .execute(async (transaction) => {
        const digest = new BackupDigest();
        const lines = Readable.from(linesOf(transaction, digest));
        await pipeline(lines, createGzip(), createWriteStream(partial, { mode: 0o600, flush: true }));
        return digest.rows;
      });
    renameSync(partial, file);
    return { rows };
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

async function* linesOf<Tables>(db: Transaction<Tables>, digest: BackupDigest): AsyncGenerator<string> {
  await setTextFormat(db);
  const head: BackupHead = {
    lectern: "backup",
    version: BACKUP_VERSION,
    writtenAt: new Date().toISOString(),
    migrations: (await appliedMigrations(db)) ?? [],
  };
  const counted = (lines: string, rows: number): string => {
    digest.add(lines, rows);
    return lines;
  };
  yield counted(`${JSON.stringify(head)}\n`, 0);
  const columns = await columnsOf(db);
  for (const table of await tableNames(db)) {
    if (OF_MIGRATIONS.test(table)) continue;
    const names = (columns.get(table) ?? []).filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
    yield counted(`${JSON.stringify({ table, columns: names })}\n`, 0);
    for await (const rows of rowsOf(db, table, names)) yield counted(rows.map((row) => `${row}\n`).join(""), rows.length);
  }
  yield `${JSON.stringify({ end: digest.end() })}\n`;
}

/** The rows of a table in batches, each row as the text of a JSON array of its cells. */
async function* rowsOf<Tables>(db: Transaction<Tables>, table: string, columns: readonly string[]): AsyncGenerator<string[]> {
  const cells = sql.join(columns.map((column) => sql`${sql.ref(column)}::text`));
  await sql`declare lectern_backup no scroll cursor for
    select array_to_json(array[${cells}])::text as cells from ${sql.table(table)}`.execute(db);
  for (let wanted = MIN_BATCH_ROWS; ; ) {
    const { rows } = await sql<{ cells: string }>`fetch ${sql.lit(wanted)} from lectern_backup`.execute(db);
    if (rows.length > 0) yield rows.map((row) => row.cells);
    if (rows.length < wanted) break;
    const characters = rows.reduce((sum, row) => sum + row.cells.length, 0);
    wanted = Math.round((BATCH_CHARACTERS * rows.length) / characters);
    wanted = Math.min(MAX_BATCH_ROWS, Math.max(MIN_BATCH_ROWS, wanted));
  }
  await sql`close lectern_backup`.execute(db);
}
