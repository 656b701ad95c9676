/** A new database that was unpacked equals one that initdb made, and is complete or not there. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { EmbeddedDatabase } from "./embedded.ts";
import { EMPTY_DATABASE, packDatabase, unpackEmptyDatabase } from "./empty-database.ts";

const ROOT = join(import.meta.dirname, "../../../../..");
const CACHE = join(ROOT, ".cache");
const PGLITE = join(ROOT, "node_modules/@electric-sql/pglite/package.json");

function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-empty-database-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What a database contains and how it is set up, without what differs from one initdb to the next. */
const CATALOGS = [
  "select name, setting from pg_settings where name not in ('data_directory', 'config_file', 'hba_file', 'ident_file') order by 1",
  "select datname, encoding, datcollate, datctype, datlocprovider, datallowconn from pg_database order by 1",
  "select relname, relkind, relnatts from pg_class order by 1, 2",
  "select oid::int, proname, prosrc from pg_proc order by 1",
  "select oid::int, typname from pg_type where typtype = 'b' order by 1, 2",
  "select collname, collprovider, collencoding from pg_collation order by 1, 2, 3",
  "select rolname, rolsuper, rolcanlogin from pg_roles order by 1",
  "select extname, extversion from pg_extension order by 1",
  "select version()",
];

async function contentOf(database: EmbeddedDatabase): Promise<unknown[][]> {
  const client = await database.connect();
  const content: unknown[][] = [];
  for (const query of CATALOGS) content.push((await client.query<unknown>(query, [])).rows);
  client.release();
  await database.end();
  return content;
}

/** What initdb makes, which takes seconds: it is kept for each version of PGlite and of this test. */
async function madeContent(directory: string): Promise<unknown> {
  const hash = createHash("sha256")
    .update(readFileSync(PGLITE))
    .update(readFileSync(import.meta.filename));
  const kept = join(CACHE, `initdb-${hash.digest("hex").slice(0, 16)}.json`);
  if (!existsSync(kept)) {
    const content = await contentOf(await EmbeddedDatabase.openIn(join(directory, "made")));
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(join(directory, "content.json"), JSON.stringify(content));
    cpSync(join(directory, "content.json"), kept);
  }
  return JSON.parse(readFileSync(kept, "utf8"));
}

test("an unpacked database has the settings, tables, functions and locales of one that initdb made", {
  timeout: 280_000,
}, async (t) => {
  const directory = temporaryDirectory(t);
  const unpacked = join(directory, "unpacked");
  assert.equal(
    await unpackEmptyDatabase(unpacked),
    true,
    "the file is of the installed PGlite; node script/empty-database.ts makes it",
  );
  assert.deepEqual(
    JSON.parse(JSON.stringify(await contentOf(await EmbeddedDatabase.openIn(unpacked)))),
    await madeContent(directory),
  );
});

test("a database that exists is not touched, and a packed one of another PGlite is not used", { timeout: 60_000 }, async (t) => {
  const directory = temporaryDirectory(t);
  const existing = join(directory, "existing");
  mkdirSync(existing);
  writeFileSync(join(existing, "PG_VERSION"), "18\n");
  assert.equal(await unpackEmptyDatabase(existing), false);
  assert.deepEqual(readdirSync(existing), ["PG_VERSION"]);
  const file = join(directory, "packed.br");
  writeFileSync(file, await packDatabase(existing));
  assert.equal(await unpackEmptyDatabase(join(directory, "new"), file), true);
  assert.equal(readFileSync(join(directory, "new/PG_VERSION"), "utf8"), "18\n");
  writeFileSync(file, await packDatabase(existing, "0.0.1"));
  for (const unusable of [file, join(directory, "missing.br")])
    assert.equal(await unpackEmptyDatabase(join(directory, "none"), unusable), false, unusable);
  assert.ok(!existsSync(join(directory, "none")));
});

test("what a start left that was killed while it unpacked is removed, and never taken for a database", {
  timeout: 60_000,
}, async (t) => {
  const directory = temporaryDirectory(t);
  const left = join(directory, "db.unpacking-1");
  mkdirSync(left);
  writeFileSync(join(left, "PG_VERSION"), "18\n");
  assert.equal(await unpackEmptyDatabase(join(directory, "db"), EMPTY_DATABASE), true);
  assert.deepEqual(readdirSync(directory), ["db"]);
});
