/** The order of migrations: a database that has the last one refuses another before it, so a new one comes after all that are there. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { MIGRATIONS } from "./index.ts";

const NAME = /^\d{4}-[a-z0-9-]+$/;
/** The number of the schema that the others change. */
const SCHEMA = 54;

test("every migration is in the list, in the order of the names", () => {
  const files = readdirSync(import.meta.dirname).map((file) => file.replace(/\.ts$/, ""));
  assert.deepEqual(Object.keys(MIGRATIONS), files.filter((file) => NAME.test(file)).toSorted());
});

test("a new migration has the number after the last one, and no number stands twice", () => {
  const numbers = Object.keys(MIGRATIONS).map((name) => Number(name.slice(0, 4)));
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => SCHEMA + i),
  );
});
