/** Restores backups: every row of every table, from one kind of database into the other and back, or nothing at all. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type Kysely, type Migration, sql } from "kysely";
import { writeBackup } from "../packages/server/src/platform/store/backup.ts";
import { BackupDigest } from "../packages/server/src/platform/store/backup-file.ts";
import { migrateWithin } from "../packages/server/src/platform/store/migrations.ts";
import { restoreBackup } from "../packages/server/src/platform/store/restore.ts";
import { connectStore, type Store, tableNames } from "../packages/server/src/platform/store/store.ts";
import { MIGRATIONS } from "../packages/server/src/school/foundation/migrations/index.ts";
import { migratedDatabase } from "../packages/server/src/school/foundation/store/migrated-database.ts";
import { silentLog as log } from "../packages/server/src/school/foundation/store/test-database.ts";
import { everyRow, fillEveryTable } from "./every-table.ts";
import { startPostgres } from "./postgres.ts";

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-restore-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function connect(t: TestContext, url: string, dataDir = folder(t)): Promise<Store<unknown>> {
  const store = await connectStore<unknown>({ url, dataDir, log });
  t.after(() => store.close());
  return store;
}

/** What the tables demand of their rows: constraints, and triggers with whether they are enabled. */
async function rulesOf<Tables>(db: Kysely<Tables>): Promise<unknown> {
  const { rows } = await sql`
    select conrelid::regclass::text as table, conname::text as name, pg_get_constraintdef(oid) as rule from pg_constraint
    where connamespace = current_schema()::regnamespace and contype <> 'n'
    union all
    select tgrelid::regclass::text, tgname::text, tgenabled::text from pg_trigger where not tgisinternal
    order by 1, 2`.execute(db);
  return rows;
}

/** The file of a backup with these lines, and the one that ends it. */
function backupOf(lines: readonly object[]): Buffer {
  const digest = new BackupDigest();
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  digest.add(text, lines.filter((line) => Array.isArray(line)).length);
  return gzipSync(`${text}${JSON.stringify({ end: digest.end() })}\n`);
}

/** Two tables that refer to each other, one that refers to itself, numbered rows, a computed column, and a trigger that changes rows. */
const CIRCLE: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of [
      "create table circle_a (id bigint generated always as identity primary key, b bigint, parent bigint references circle_a (id))",
      `create table circle_b (id bigserial primary key, a bigint not null references circle_a (id) on delete cascade deferrable,
        words text[], doubled text generated always as (a::text || a::text) stored)`,
      "alter table circle_a add foreign key (b) references circle_b (id)",
      "create function shout() returns trigger language plpgsql as $$ begin new.words = '{changed}'; return new; end $$",
      "create trigger shout before insert on circle_b for each row execute function shout()",
    ])
      await sql.raw(statement).execute(db);
  },
};

test("rows in every table are restored into the other kind of database and back, whatever refers to what, and numbers go on", async (t) => {
  const directory = folder(t);
  const migrations = { ...MIGRATIONS, "9999-circle": CIRCLE };
  const postgres = await startPostgres(t);
  cpSync(await migratedDatabase(), join(directory, "db"), { recursive: true });
  const source = await connect(t, "", directory);
  await source.db
    .transaction()
    .execute((transaction) => migrateWithin(transaction, { "9999-circle": CIRCLE }, new Date().toISOString()));
  const tables = await fillEveryTable(source.db);
  const rows = await everyRow(source.db);
  for (const table of tables) assert.equal(rows[table]?.length, 2, table);
  const first = join(directory, "first.gz");
  assert.equal((await writeBackup(source.db, first)).rows, 2 * tables.length);
  const server = await connect(t, postgres.ownedDatabase());
  assert.equal((await restoreBackup(server, first, migrations)).rows, 2 * tables.length);
  const second = join(directory, "second.gz");
  await writeBackup(server.db, second);
  const embedded = await connect(t, "");
  await restoreBackup(embedded, second, migrations);
  for (const { db } of [server, embedded]) {
    assert.deepEqual(await everyRow(db), rows);
    assert.deepEqual(await rulesOf(db), await rulesOf(source.db));
  }
  const { rows: next } = await sql`insert into circle_a (b) values (null) returning id::text`.execute(embedded.db);
  assert.deepEqual(next, [{ id: "9007199254740994" }]);
});

test("a backup with a row whose other row is missing restores nothing, and the database can be restored into afterwards", async (t) => {
  const directory = folder(t);
  const bad = join(directory, "bad.gz");
  const good = join(directory, "good.gz");
  const head = { lectern: "backup", version: 2, writtenAt: "2026-11-30T00:00:00.000Z", migrations: ["0001-circle"] };
  const ofA = { table: "circle_a", columns: ["id", "b"] };
  writeFileSync(bad, backupOf([head, ofA, ["1", "9"]]));
  writeFileSync(good, backupOf([head, ofA, ["1", "1"], { table: "circle_b", columns: ["id", "a"] }, ["1", "1"]]));
  const store = await connect(t, (await startPostgres(t)).ownedDatabase());
  await assert.rejects(restoreBackup(store, bad, { "0001-circle": CIRCLE }), {
    name: "StoreError",
    message: /bad\.gz could not be restored: .*violates foreign key.*; the database is as it was/,
  });
  assert.deepEqual(await tableNames(store.db), []);
  assert.deepEqual(await restoreBackup(store, good, { "0001-circle": CIRCLE }), { rows: 2 });
});
