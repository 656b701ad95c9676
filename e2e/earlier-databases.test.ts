/** Databases of earlier versions are opened by this one, with nothing lost and the tables of a new one; those of before its first schema get one line. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Kysely, sql } from "kysely";
import { writeBackup } from "../packages/server/src/platform/store/backup.ts";
import type { TableMigrations } from "../packages/server/src/platform/store/migrations.ts";
import { openStore } from "../packages/server/src/platform/store/open-store.ts";
import { restoreBackup } from "../packages/server/src/platform/store/restore.ts";
import { appliedMigrations, connectStore, MIGRATION_TABLE, type Store } from "../packages/server/src/platform/store/store.ts";
import { MIGRATIONS } from "../packages/server/src/school/foundation/migrations/index.ts";
import { silentLog as log } from "../packages/server/src/school/foundation/store/test-database.ts";
import { catalogueOf } from "./database-catalogue.ts";
import { everyRow, fillEveryTable } from "./every-table.ts";
import { wholeFile } from "./fixtures.ts";
import type { Scope } from "./lectern.ts";
import { runsRare } from "./long-tests.ts";
import { startPostgres } from "./postgres.ts";

/** Each version that changes the tables adds one migration or more. That of the one before was tried over filled tables when it was the last. */
const VERSIONS = runsRare ? 3 : 1;
const NAMES = Object.keys(MIGRATIONS);
/** What the last version with the chain of migrations made, which the first schema stands for: their names, and the catalogue by table. */
const CHAIN = readFileSync(join(import.meta.dirname, "tables-of-54-migrations.txt"), "utf8")
  .trimEnd()
  .split(/[\n\t]/);
const CHAIN_NAMES = CHAIN.filter((line) => line.startsWith("migration ")).map((line) => line.slice("migration ".length));
const CHAIN_CATALOGUE = CHAIN.filter((line) => !line.startsWith("migration "));

async function open(t: Scope, dataDir: string, migrations: TableMigrations, url = ""): Promise<Store<unknown>> {
  const store = await openStore<unknown>({ url, dataDir, migrations, log });
  t.after(() => store.close());
  return store;
}

function folder(t: Scope): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-earlier-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function firstMigrations(count: number): TableMigrations {
  return Object.fromEntries(Object.entries(MIGRATIONS).slice(0, count));
}

/** The folder of an embedded database with the first schema, which is made once: to make one takes seconds of computing. */
async function firstSchema(): Promise<string> {
  const dataDir = folder(wholeFile);
  await (await openStore({ url: "", dataDir, migrations: firstMigrations(1), log })).close();
  return dataDir;
}
let made: ReturnType<typeof firstSchema> | null = null;

/** A folder of a test's own with a copy of it. */
async function firstSchemaFolder(t: Scope): Promise<string> {
  const dataDir = folder(t);
  made ??= firstSchema();
  cpSync(join(await made, "db"), join(dataDir, "db"), { recursive: true });
  return dataDir;
}

/** Notes the chain as the version with it did, instead of the schema that stands for it. */
async function noteChain(db: Kysely<unknown>, names: readonly string[]): Promise<void> {
  await sql`delete from ${sql.table(MIGRATION_TABLE)} where name = ${NAMES[0]}`.execute(db);
  for (const name of names)
    await sql`insert into ${sql.table(MIGRATION_TABLE)} values (${name}, '2026-11-30T01:00:00.000Z')`.execute(db);
}

/** The rows of each table as JSON, which says of every value in which column it stands. */
async function rowsOf(db: Kysely<unknown>, tables: readonly string[]): Promise<ReadonlyMap<string, readonly Row[]>> {
  const rows = tables.map(async (table): Promise<[string, readonly Row[]]> => {
    const found = await sql<{ row: Row }>`select to_jsonb(t) as row from ${sql.table(table)} t order by t::text`.execute(db);
    return [table, found.rows.map(({ row }) => row)];
  });
  return new Map(await Promise.all(rows));
}
type Row = Readonly<Record<string, unknown>>;

for (const database of ["embedded", "PostgreSQL"] as const)
  test(`the first schema makes what 54 migrations made, down to the order of columns: ${database}`, async (t) => {
    const url = database === "embedded" ? "" : (await startPostgres(t)).ownedDatabase();
    const dataDir = database === "embedded" ? await firstSchemaFolder(t) : folder(t);
    const { db } = await open(t, dataDir, firstMigrations(1), url);
    assert.deepEqual(await catalogueOf(db), CHAIN_CATALOGUE);
  });

test("databases of the last versions, and of the chain of migrations, are opened with all their rows, and get the tables of a new one", async (t) => {
  const wanted = await catalogueOf((await open(t, folder(t), MIGRATIONS)).db);
  const counts = NAMES.slice(0, -1).map((_, i) => i + 1);
  for (const count of [...counts.slice(-VERSIONS), "chain"] as const) {
    const dataDir = count === "chain" ? await firstSchemaFolder(t) : folder(t);
    const earlier = await open(t, dataDir, firstMigrations(count === "chain" ? 1 : count));
    if (count === "chain") await noteChain(earlier.db, CHAIN_NAMES);
    const names = (await appliedMigrations(earlier.db)) ?? [];
    const tables = await fillEveryTable(earlier.db);
    const before = await rowsOf(earlier.db, tables);
    await earlier.close();
    const { db } = await open(t, dataDir, MIGRATIONS);
    assert.deepEqual(await catalogueOf(db), wanted, names.at(-1));
    const added = NAMES.slice(count === "chain" ? 1 : count);
    assert.deepEqual(await appliedMigrations(db), [...names, ...added]);
    const after = await rowsOf(db, tables);
    for (const [table, rows] of before) {
      const columns = Object.keys(rows[0] ?? {});
      const kept = after.get(table)?.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
      const sorted = (of: readonly Row[] = []) => of.map((row) => JSON.stringify(row)).sort();
      assert.deepEqual(sorted(kept), sorted(rows), `${table} of ${names.at(-1)}`);
    }
  }
});

test("a backup of a database with the chain of migrations is restored row for row", async (t) => {
  const directory = await firstSchemaFolder(t);
  const earlier = await open(t, directory, firstMigrations(1));
  await noteChain(earlier.db, CHAIN_NAMES);
  await fillEveryTable(earlier.db);
  const file = join(directory, "backup.gz");
  await writeBackup(earlier.db, file);
  const restored = await connectStore<unknown>({ url: "", dataDir: folder(t), log });
  t.after(() => restored.close());
  await restoreBackup(restored, file, firstMigrations(1));
  assert.deepEqual(await everyRow(restored.db), await everyRow(earlier.db));
  assert.deepEqual(await appliedMigrations(restored.db), NAMES.slice(0, 1));
});

test("a database, and a backup, of an earlier link of the chain is refused with one line, and stays as it is", async (t) => {
  const dataDir = await firstSchemaFolder(t);
  const earlier = await open(t, dataDir, firstMigrations(1));
  await noteChain(earlier.db, CHAIN_NAMES.slice(0, -1));
  const backup = join(dataDir, "backup.gz");
  await writeBackup(earlier.db, backup);
  await earlier.close();
  await assert.rejects(openStore<unknown>({ url: "", dataDir, migrations: MIGRATIONS, log }), {
    name: "StoreError",
    message:
      "the database was made by an early Lectern (up to 0053-recording-parts), and this one needs 0054-complaints-without-view; start one of 2026-11-30 on it once",
  });
  assert.deepEqual(readdirSync(dataDir).sort(), ["backup.gz", "db"], "no backup is needed, nothing was changed");
  const into = await connectStore<unknown>({ url: "", dataDir: folder(t), log });
  t.after(() => into.close());
  await assert.rejects(restoreBackup(into, backup, MIGRATIONS), {
    name: "StoreError",
    message:
      /was written by an early Lectern \(up to 0053-recording-parts\), .* restore it by one of 2026-11-30, and write it again$/,
  });
});
