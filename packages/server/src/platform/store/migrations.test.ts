/** Which migrations of a database, or of a backup, this program goes on from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareMigrations, type TableMigrations } from "./migrations.ts";

const change = { up: async () => {} };
const MIGRATIONS: TableMigrations = {
  "0054-schema": { ...change, replaces: "0054-last-of-the-chain" },
  "0055-more": change,
  "0056-and-more": change,
};

/** The names of what was applied and what is to be, or what is wrong. */
function compared(...names: readonly string[]): unknown {
  const comparison = compareMigrations(names, MIGRATIONS);
  if (comparison.kind !== "usable") return comparison;
  return { applied: Object.keys(comparison.applied), pending: Object.keys(comparison.pending) };
}

test("a new database gets all migrations, others what follows the last one they have", () => {
  assert.deepEqual(compared(), { applied: [], pending: Object.keys(MIGRATIONS) });
  assert.deepEqual(compared("0054-schema", "0055-more"), { applied: ["0054-schema", "0055-more"], pending: ["0056-and-more"] });
});

test("the whole chain of earlier migrations counts as the schema that stands for it", () => {
  const rest = { applied: ["0054-schema"], pending: ["0055-more", "0056-and-more"] };
  assert.deepEqual(compared("0001-first", "0054-last-of-the-chain"), rest);
  assert.deepEqual(compared("0001-first", "0054-last-of-the-chain", "0055-more"), {
    applied: ["0054-schema", "0055-more"],
    pending: ["0056-and-more"],
  });
});

test("a part of the chain is not gone on from", () => {
  assert.deepEqual(compared("0001-first", "0053-one-less"), {
    kind: "early",
    last: "0053-one-less",
    needed: "0054-last-of-the-chain",
  });
});

test("a migration that this program does not know is a newer program's", () => {
  assert.deepEqual(compared("0054-schema", "0057-of-tomorrow"), { kind: "newer", unknown: ["0057-of-tomorrow"] });
});

test("a migration before one that was applied is refused", () => {
  assert.deepEqual(compared("0054-schema", "0056-and-more"), { kind: "disordered", late: "0055-more" });
});
