/**
 * Writes and restores backups: every row of every table as compressed lines of JSON. The format is the same for the embedded database and for a
 * server, so a backup of one can be restored into the other.
 *
 *     {"lectern":"backup","version":1,"migrations":["0001-…"],"tables":["schools",…]}
 *     {"table":"schools","row":{…}}
 */
import { createReadStream, createWriteStream, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { type Kysely, sql, type Transaction } from "kysely";
import { appliedMigrations, json, tableNames } from "./store.ts";

const VERSION = 1;
const ROWS_AT_ONCE = 500;
/** Of tables with bytes, whose rows may be large. */
const LARGE_ROWS_AT_ONCE = 16;
const OURS = /^lectern_migrations/;

type Head = {
  readonly lectern: "backup";
  readonly version: number;
  readonly migrations: readonly string[];
  readonly tables: readonly string[];
};
type Row = Readonly<Record<string, unknown>>;

/** Writes a backup. The file appears only when it is complete. */
export async function writeBackup<Tables>(db: Kysely<Tables>, file: string): Promise<{ rows: number }> {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.part`;
  let rows = 0;
  await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (transaction) => {
      const lines = async function* () {
        for await (const line of backupLines(transaction)) {
          rows++;
          yield line;
        }
      };
      await pipeline(Readable.from(lines()), createGzip(), createWriteStream(partial, { mode: 0o600 }));
    });
  renameSync(partial, file);
  // The first line is the head.
  return { rows: rows - 1 };
}

async function* backupLines<Tables>(db: Transaction<Tables>): AsyncGenerator<string> {
  const tables = (await tableNames(db)).filter((name) => !OURS.test(name));
  const head: Head = { lectern: "backup", version: VERSION, migrations: (await appliedMigrations(db)) ?? [], tables };
  yield `${JSON.stringify(head)}\n`;
  const bytes = await columnsOfType(db, "bytea");
  for (const table of tables) {
    const atOnce = rowsAtOnce(table, bytes);
    // The physical order of rows is stable within one repeatable read.
    for (let offset = 0; ; offset += atOnce) {
      const { rows } = await sql<Row>`
        select * from ${sql.table(table)} order by ctid limit ${atOnce} offset ${offset}`.execute(db);
      for (const row of rows) yield `${JSON.stringify({ table, row: withTextOfBytes(row) })}\n`;
      if (rows.length < atOnce) break;
    }
  }
}

function rowsAtOnce(table: string, bytes: ReadonlySet<string>): number {
  return [...bytes].some((column) => column.startsWith(`${table}.`)) ? LARGE_ROWS_AT_ONCE : ROWS_AT_ONCE;
}

/** Bytes are in base 64 (RFC 4648, section 4). */
function withTextOfBytes(row: Row): Row {
  const cells = Object.entries(row);
  if (!cells.some(([, value]) => value instanceof Uint8Array)) return row;
  return Object.fromEntries(
    cells.map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value]),
  );
}

/** Reads the head of a backup. @throws Error when the file is no backup */
export async function readBackupHead(file: string): Promise<{ migrations: readonly string[] }> {
  for await (const line of linesOf(file)) return headOf(line, file);
  throw new Error(`${file} is empty`);
}

/**
 * Restores a backup into empty tables at the backup's own migration, in one transaction.
 * @throws Error when the file is no backup, or is truncated
 */
export async function readBackup<Tables>(db: Kysely<Tables>, file: string): Promise<{ rows: number }> {
  let count = 0;
  await db.transaction().execute(async (transaction) => {
    // Rows come table by table; references are checked at the end.
    await sql`set constraints all deferred`.execute(transaction);
    const columns = { json: await columnsOfType(transaction, "jsonb"), bytes: await columnsOfType(transaction, "bytea") };
    let tables: ReadonlySet<string> | null = null;
    let batch: { table: string; rows: Row[] } = { table: "", rows: [] };
    const flush = async (): Promise<void> => {
      if (batch.rows.length > 0) await insert(transaction, batch.table, batch.rows, columns);
      count += batch.rows.length;
      batch = { table: batch.table, rows: [] };
    };
    for await (const line of linesOf(file)) {
      if (!tables) {
        tables = new Set(headOf(line, file).tables);
        continue;
      }
      const { table, row }: { table: string; row: Row } = JSON.parse(line);
      if (!tables.has(table)) throw new Error(`${file} has rows of a table "${table}" that its head does not name`);
      if (table !== batch.table || batch.rows.length >= rowsAtOnce(table, columns.bytes)) {
        await flush();
        batch = { table, rows: [] };
      }
      batch.rows.push(row);
    }
    await flush();
  });
  return { rows: count };
}

async function insert<Tables>(db: Transaction<Tables>, table: string, rows: readonly Row[], columns: Columns): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  const values = rows.map((row) => {
    const cells = names.map((name) => cellOf(`${table}.${name}`, row[name], columns));
    return sql`(${sql.join(cells)})`;
  });
  await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))}) values ${sql.join(values)}`.execute(
    db,
  );
}

/** Columns whose values are not as in the file, as `table.column`. */
type Columns = { readonly json: ReadonlySet<string>; readonly bytes: ReadonlySet<string> };

function cellOf(column: string, value: unknown, columns: Columns): unknown {
  if (value === null) return null;
  if (columns.json.has(column)) return json(value);
  return columns.bytes.has(column) && typeof value === "string" ? Buffer.from(value, "base64") : value;
}

async function columnsOfType<Tables>(db: Transaction<Tables>, type: "jsonb" | "bytea"): Promise<Set<string>> {
  const { rows } = await sql<{ table: string; column: string }>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = current_schema() and data_type = ${type}`.execute(db);
  return new Set(rows.map(({ table, column }) => `${table}.${column}`));
}

function headOf(line: string, file: string): Head {
  let head: unknown;
  try {
    head = JSON.parse(line);
  } catch {
    head = null;
  }
  if (!isHead(head)) throw new Error(`${file} is not a backup of Lectern`);
  if (head.version !== VERSION) throw new Error(`${file} was written by a newer Lectern`);
  return head;
}

function isHead(value: unknown): value is Head {
  return typeof value === "object" && value !== null && Reflect.get(value, "lectern") === "backup";
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const unzipped = createReadStream(file)
    .on("error", (error) => unzipped.destroy(error))
    .pipe(createGunzip());
  // A file that is truncated, or no gzip, fails here.
  yield* createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY });
  await new Promise<void>((resolve, reject) => {
    if (unzipped.errored) reject(unzipped.errored);
    else resolve();
  });
}
