/** Runs tests of the API on PostgreSQL, and under `--all` on the embedded database too. */
import { describe, type TestContext } from "node:test";
import { wholeFile } from "./fixtures.ts";
import { runsAll } from "./long-tests.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { openSchool, type SchoolTestOptions, type TestSchool } from "./school.ts";

/** Opens a school of its own for a test. */
type Open = (t: TestContext, options?: SchoolTestOptions) => Promise<TestSchool>;

export function onEachDatabase(define: (open: Open) => void): void {
  let server: Promise<Postgres> | null = null;
  describe("on PostgreSQL", () =>
    define(async (t, options = {}) => {
      server ??= startPostgres(wholeFile);
      return await openSchool(t, { ...options, url: (await server).database() });
    }));
  // Opening one costs seconds; every server that a test starts has one anyway.
  if (runsAll) describe("on the embedded database", () => define(openSchool));
}
