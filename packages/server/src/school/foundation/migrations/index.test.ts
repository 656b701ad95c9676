/** The order of migrations: a database that has the last one refuses another before it, so a new one comes after all that are there. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { MIGRATIONS } from "./index.ts";

const NAME = /^\d{4}-[a-z0-9-]+$/;
/** Since this one, no number is left out that a later migration could take. */
const GAPLESS_FROM = 47;

test("every migration is in the list, in the order of the names", () => {
  const files = readdirSync(import.meta.dirname).map((file) => file.replace(/\.ts$/, ""));
  assert.deepEqual(Object.keys(MIGRATIONS), files.filter((file) => NAME.test(file)).toSorted());
});

test("a new migration has the number after the last one, and no number stands twice", () => {
  const numbers = Object.keys(MIGRATIONS).map((name) => Number(name.slice(0, 4)));
  const newest = numbers.filter((number) => number >= GAPLESS_FROM);
  assert.deepEqual(
    newest,
    newest.map((_, i) => GAPLESS_FROM + i),
  );
});
