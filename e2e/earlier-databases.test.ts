/** Databases of the last versions, with rows in every table, are opened by this one: nothing of them is lost, and they get the schema of a new one. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Kysely, type Migration, sql } from "kysely";
import { openStore } from "../packages/server/src/platform/store/open-store.ts";
import type { Store } from "../packages/server/src/platform/store/store.ts";
import { MIGRATIONS } from "../packages/server/src/school/foundation/migrations/index.ts";
import { silentLog as log } from "../packages/server/src/school/foundation/store/test-database.ts";
import { fillEveryTable } from "./every-table.ts";

/** Each version that changed the schema added one migration or more. */
const VERSIONS = 3;

async function open(t: TestContext, dataDir: string, migrations: Readonly<Record<string, Migration>>): Promise<Store<unknown>> {
  const store = await openStore<unknown>({ url: "", dataDir, migrations, log });
  t.after(() => store.close());
  return store;
}

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-earlier-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Every column, index and constraint. */
async function schemaOf(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ line: string }>`
    select table_name || '.' || column_name || ' ' || udt_name || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
      from information_schema.columns where table_schema = current_schema()
    union all select indexdef from pg_indexes where schemaname = current_schema()
    union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = current_schema()::regnamespace and contype <> 'n'
    order by 1`.execute(db);
  return rows.map(({ line }) => line);
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

test("databases of the last versions that changed the schema are opened with all their rows, and get the schema of a new one", async (t) => {
  const names = Object.keys(MIGRATIONS);
  const wanted = await schemaOf((await open(t, folder(t), MIGRATIONS)).db);
  for (let back = 1; back <= VERSIONS; back++) {
    const dataDir = folder(t);
    const known = names.slice(0, -back);
    const earlier = await open(t, dataDir, Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => known.includes(name))));
    const tables = await fillEveryTable(earlier.db);
    const before = await rowsOf(earlier.db, tables);
    await earlier.close();
    const { db } = await open(t, dataDir, MIGRATIONS);
    assert.deepEqual(await schemaOf(db), wanted, known.at(-1));
    const after = await rowsOf(db, tables);
    for (const [table, rows] of before) {
      const columns = Object.keys(rows[0] ?? {});
      const kept = after.get(table)?.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
      const sorted = (of: readonly Row[] = []) => of.map((row) => JSON.stringify(row)).sort();
      assert.deepEqual(sorted(kept), sorted(rows), `${table} of ${known.at(-1)}`);
    }
  }
});
