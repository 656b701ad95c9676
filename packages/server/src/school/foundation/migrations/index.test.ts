/** The order of migrations: a database that has the last one refuses another before it, so a new one comes after all that are there. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { MIGRATIONS } from "./index.ts";

const NOT_ONE = ["index", "index.test"];
/** The number of the schema that the others change. */
const SCHEMA = 54;

test("every file of the folder is a migration, in the order of the names", () => {
  const files = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ name }) => name.replace(/\.ts$/, "")).filter((name) => !NOT_ONE.includes(name));
  assert.deepEqual(Object.keys(MIGRATIONS), names.toSorted());
});

test("a new migration has the number after the last one, and no number stands twice", () => {
  const numbers = Object.keys(MIGRATIONS).map((name) => Number(name.slice(0, 4)));
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => SCHEMA + i),
  );
});
