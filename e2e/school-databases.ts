/**
 * Runs tests on PostgreSQL, and on the embedded database too: a few files with `--all`, the others where they are named. Opening an embedded one costs
 * seconds per test; the unit tests of the school, every server that a test starts, and the client's tests have one anyway.
 * TEST_DATABASE=embedded or postgresql chooses one of them.
 */
import { describe, type TestContext } from "node:test";
import { openStore } from "../packages/server/src/platform/store/open-store.ts";
import { MIGRATIONS } from "../packages/server/src/school/migrations/index.ts";
import type { Tables } from "../packages/server/src/school/store/tables.ts";
import { silentLog } from "../packages/server/src/school/store/test-database.ts";
import { wholeFile } from "./fixtures.ts";
import { runsAll, runsRare } from "./long-tests.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { openSchool, type SchoolTestOptions, type TestSchool } from "./school.ts";

/** A database with its tables and no rows: a copy of it takes a fifth of the time that its migrations take. */
type Migrated = { readonly server: Postgres; readonly url: string };

async function startMigrated(): Promise<Migrated> {
  const server = await startPostgres(wholeFile);
  const url = server.database();
  const store = await openStore<Tables>({ url, dataDir: "", migrations: MIGRATIONS, log: silentLog });
  await store.close();
  return { server, url };
}

/** Opens a school of its own for a test. */
type Open = (t: TestContext, options?: SchoolTestOptions) => Promise<TestSchool>;

const chosen = process.env["TEST_DATABASE"];

/** For tests of what a database decides: races, transactions, what is stored encrypted. */
export function onEachDatabase(define: (open: Open) => void): void {
  defineOn(define, runsAll);
}

/** On the embedded database too only where the file is named with `--all`. */
export function onPostgresFirst(define: (open: Open) => void): void {
  defineOn(define, runsRare);
}

function defineOn(define: (open: Open) => void, runsEmbedded: boolean): void {
  let migrated: Promise<Migrated> | null = null;
  if (chosen !== "embedded")
    describe("on PostgreSQL", () =>
      define(async (t, options = {}) => {
        migrated ??= startMigrated();
        const { server, url } = await migrated;
        return await openSchool(t, { ...options, url: server.database(url) });
      }));
  if (chosen === "embedded" || (chosen === undefined && runsEmbedded))
    describe("on the embedded database", () => define(openSchool));
}
