/**
 * Restores a backup into an empty database: the tables as they were, their rows, and the later migrations, in one transaction. Rows may come in
 * any order, and tables may refer to each other in a circle: foreign keys are dropped before the rows and created again after them, which
 * checks all rows. The owner of a database may do that; to suspend the checks (`session_replication_role`) takes a superuser.
 */
import { sql, type Transaction } from "kysely";
import { withAdvisoryLock } from "./advisory-lock.ts";
import { type OpenBackup, openBackup } from "./backup-file.ts";
import { type Column, columnsOf, setTextFormat } from "./columns.ts";
import { type Comparison, compareMigrations, migrateWithin, type TableMigrations } from "./migrations.ts";
import { MIGRATING } from "./open-store.ts";
import { type Store, StoreError, tableNames } from "./store.ts";

const BATCH_CHARACTERS = 1024 * 1024;
const MAX_BATCH_ROWS = 2000;

/**
 * Restores a backup. Where this fails, the database is as empty as before.
 * @param verify looks at what was restored, before it is committed; what it throws takes all back
 * @throws StoreError when the file is no backup, is not complete or comes from a newer program, or the database is not empty
 */
export async function restoreBackup<Tables>(
  store: Store<Tables>,
  file: string,
  migrations: TableMigrations,
  verify: (transaction: Transaction<Tables>) => Promise<void> = async () => {},
): Promise<{ rows: number }> {
  const { applied, pending } = await migrationsOfBackup(file, migrations);
  return await withAdvisoryLock(store, MIGRATING, async () => {
    if ((await tableNames(store.db)).length > 0)
      throw new StoreError("the database of database.url is not empty; restore into an empty one");
    try {
      return await store.db.transaction().execute(async (transaction) => {
        await setTextFormat(transaction);
        // First the tables as they were; later migrations run on the restored rows.
        const at = new Date().toISOString();
        await migrateWithin(transaction, applied, at);
        const rows = await restoreRows(transaction, await openBackup(file), file);
        await migrateWithin(transaction, pending, at);
        await verify(transaction);
        return { rows };
      });
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreError(`${file} could not be restored: ${reason}; the database is as it was`, { cause: error });
    }
  });
}

/** Reads which migrations the rows of a backup need before them, and which after them. @throws StoreError where this program has not all of them */
export async function migrationsOfBackup(
  file: string,
  migrations: TableMigrations,
): Promise<Extract<Comparison, { kind: "usable" }>> {
  const { head, items } = await openBackup(file);
  await items.return();
  const compared = compareMigrations(head.migrations, migrations);
  switch (compared.kind) {
    case "usable":
      return compared;
    case "newer":
      throw new StoreError(`${file} was written by a newer Lectern (it has ${compared.unknown.join(", ")})`);
    case "early":
      throw new StoreError(
        `${file} was written by an early Lectern (up to ${compared.last}), and this one needs ${compared.needed}; restore it by one of 2026-11-30, and write it again`,
      );
    case "disordered":
      throw new StoreError(`${file} has later migrations than ${compared.late}, which this Lectern adds`);
  }
}

async function restoreRows<Tables>(db: Transaction<Tables>, { items }: OpenBackup, file: string): Promise<number> {
  const recreate = await suspendKeysAndTriggers(db);
  const tables = await columnsOf(db);
  let rows = 0;
  let batch = new Batch("", [], []);
  const enter = async (table: string, names: readonly string[]): Promise<void> => {
    await batch.flush(db);
    const columns = tables.get(table);
    if (!columns) throw new StoreError(`${file} has rows of a table "${table}" that its migrations do not make`);
    batch = new Batch(table, names, columns);
  };
  for await (const item of items) {
    if (item.kind === "table") {
      await enter(item.table, item.columns);
      continue;
    }
    batch.add(item.cells);
    rows++;
    if (batch.isFull) await batch.flush(db);
  }
  await batch.flush(db);
  await recreate();
  await advanceSequences(db);
  return rows;
}

/** Rows of one table that are inserted by one statement. */
class Batch {
  readonly table: string;
  private readonly names: readonly string[];
  private readonly columns: ReadonlyMap<string, Column>;
  private rows: string[] = [];
  private characters = 0;

  constructor(table: string, names: readonly string[], columns: readonly Column[]) {
    this.table = table;
    this.names = names;
    this.columns = new Map(columns.map((column) => [column.name, column]));
  }

  get isFull(): boolean {
    return this.rows.length >= MAX_BATCH_ROWS || this.characters >= BATCH_CHARACTERS;
  }

  /** @param cells the text of a JSON array */
  add(cells: string): void {
    this.rows.push(cells);
    this.characters += cells.length;
  }

  async flush<Tables>(db: Transaction<Tables>): Promise<void> {
    if (this.rows.length === 0) return;
    const cells = this.names.map((name, i) => sql`(cells->>${sql.lit(i)})::${sql.raw(this.columns.get(name)?.type ?? "text")}`);
    await sql`
      insert into ${sql.table(this.table)} (${sql.join(this.names.map((name) => sql.ref(name)))}) overriding system value
      select ${sql.join(cells)} from jsonb_array_elements(${`[${this.rows.join(",")}]`}::jsonb) as rows (cells)`.execute(db);
    this.rows = [];
    this.characters = 0;
  }
}

/** Drops the foreign keys and disables the triggers of all tables. Gives what creates and enables them again. */
async function suspendKeysAndTriggers<Tables>(db: Transaction<Tables>): Promise<() => Promise<void>> {
  const { rows: keys } = await sql<{ table: string; name: string; definition: string }>`
    select relname::text as table, conname::text as name, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint join pg_class on pg_class.oid = conrelid
    where contype = 'f' and connamespace = current_schema()::regnamespace order by 1, 2`.execute(db);
  const { rows: triggered } = await sql<{ table: string }>`
    select distinct relname::text as table from pg_trigger join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and relnamespace = current_schema()::regnamespace`.execute(db);
  for (const { table, name } of keys) await sql`alter table ${sql.table(table)} drop constraint ${sql.ref(name)}`.execute(db);
  for (const { table } of triggered) await sql`alter table ${sql.table(table)} disable trigger user`.execute(db);
  return async () => {
    for (const { table } of triggered) await sql`alter table ${sql.table(table)} enable trigger user`.execute(db);
    for (const { table, name, definition } of keys)
      await sql`alter table ${sql.table(table)} add constraint ${sql.ref(name)} ${sql.raw(definition)}`.execute(db);
  };
}

/** Columns that number their rows go on after the greatest number: rows with given numbers do not advance their sequences. */
async function advanceSequences<Tables>(db: Transaction<Tables>): Promise<void> {
  const { rows } = await sql<{ table: string; column: string; sequence: string }>`
    select * from (
      select table_name::text as table, column_name::text as column,
        pg_get_serial_sequence(quote_ident(table_name), column_name) as sequence
      from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = current_schema() and table_type = 'BASE TABLE') as columns
    where sequence is not null`.execute(db);
  for (const { table, column, sequence } of rows)
    await sql`select setval(${sequence}, max(${sql.ref(column)})) from ${sql.table(table)} having count(*) > 0`.execute(db);
}
