/**
 * Runs tests on PostgreSQL, and with `--all` on the embedded database too. Opening an embedded one costs seconds per test; the unit tests of the
 * school, every server that a test starts, and the client's tests have one anyway. TEST_DATABASE=embedded or postgresql chooses one of them.
 */
import { describe, type TestContext } from "node:test";
import { wholeFile } from "./fixtures.ts";
import { runsAll, runsRare } from "./long-tests.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { openSchool, type SchoolTestOptions, type TestSchool } from "./school.ts";

/** Opens a school of its own for a test. */
type Open = (t: TestContext, options?: SchoolTestOptions) => Promise<TestSchool>;

const chosen = process.env["TEST_DATABASE"];

export function onEachDatabase(define: (open: Open) => void): void {
  defineOn(define, runsAll);
}

/** For tests that take minutes: on the embedded database too only where their file is named with `--all`. */
export function onPostgresFirst(define: (open: Open) => void): void {
  defineOn(define, runsRare);
}

function defineOn(define: (open: Open) => void, runsEmbedded: boolean): void {
  let server: Promise<Postgres> | null = null;
  if (chosen !== "embedded")
    describe("on PostgreSQL", () =>
      define(async (t, options = {}) => {
        server ??= startPostgres(wholeFile);
        return await openSchool(t, { ...options, url: (await server).database() });
      }));
  if (chosen === "embedded" || (chosen === undefined && runsEmbedded))
    describe("on the embedded database", () => define(openSchool));
}
