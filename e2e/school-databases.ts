/**
 * Runs tests on PostgreSQL, and on the embedded database too: a few files with `--all`, the others where they are named. The unit tests of the school,
 * every server that a test starts, and the client's tests have an embedded one anyway. TEST_DATABASE=embedded or postgresql chooses one of them.
 */
import { after, describe } from "node:test";
import type { Store } from "../packages/server/src/platform/store/store.ts";
import type { Tables } from "../packages/server/src/school/foundation/store/tables.ts";
import { embeddedDatabases } from "../packages/server/src/school/foundation/store/test-database.ts";
import type { Scope } from "./lectern.ts";
import { runsAll, runsRare } from "./long-tests.ts";
import { openSchool, type SchoolTestOptions, type TestSchool } from "./school.ts";
import { borrowOnServer } from "./school-postgres.ts";

/** Opens a school of its own for a test. */
type Open = (t: Scope, options?: SchoolTestOptions) => Promise<TestSchool>;
/** Opens a database with its tables and no rows. */
type OpenStore = () => Promise<Store<Tables>>;
type Define = (open: Open, openStore: OpenStore) => void;

const chosen = process.env["TEST_DATABASE"];

/** For tests of what a database decides: races, transactions, what is stored encrypted. */
export function onEachDatabase(define: Define): void {
  defineOn(define, runsAll);
}

/** On the embedded database too only where the file is named with `--all`. */
export function onPostgresFirst(define: Define): void {
  defineOn(define, runsRare);
}

function defineOn(define: Define, runsEmbedded: boolean): void {
  if (chosen !== "embedded") describe("on PostgreSQL", () => defineWith(define, borrowOnServer));
  if (chosen === "embedded" || (chosen === undefined && runsEmbedded))
    describe("on the embedded database", () => defineWith(define, () => embeddedDatabases.borrow()));
}

function defineWith(define: Define, openStore: OpenStore): void {
  define(async (t, options = {}) => openSchool(t, { store: await openStore(), ...options }), openStore);
}

/** A scope that ends with the suite that calls this instead of with a test. */
export function suiteScope(): Scope {
  const ends: (() => unknown)[] = [];
  after(async () => {
    for (const end of ends.toReversed()) await end();
  });
  return {
    after: (end: unknown) => {
      if (typeof end === "function") ends.push(() => end());
    },
    diagnostic: (text) => void process.stderr.write(`${text}\n`),
  };
}
