/** Figures that a benchmark has to keep: a limit of its own, a share of another row, a figure that is not there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Budgets, overBudget } from "./budget.ts";

const table = {
  columns: ["server", "delay ms", "share"],
  rows: [
    ["floor", 10, 0],
    ["ours", 25, null],
  ],
};

test("a figure is held against its limit, and a share against the other row's figure", () => {
  assert.deepEqual(overBudget(table, [{ row: "ours", column: "delay ms", most: 25 }]), []);
  assert.deepEqual(overBudget(table, [{ row: "ours", column: "delay ms", most: 2.5, of: "floor" }]), []);
  assert.deepEqual(overBudget(table, [{ row: "ours", column: "delay ms", most: 24 }]), ["ours, delay ms: 25 is over 24"]);
  assert.deepEqual(overBudget(table, [{ row: "ours", column: "delay ms", most: 2, of: "floor" }]), [
    "ours, delay ms: 25 is over 20, 2 times that of floor",
  ]);
});

test("a figure that the table does not have is a fault, not a figure that is kept", () => {
  for (const budget of [
    { row: "theirs", column: "delay ms", most: 1 },
    { row: "ours", column: "share", most: 1 },
    { row: "ours", column: "memory", most: 1 },
    { row: "ours", column: "delay ms", most: 1, of: "theirs" },
  ])
    assert.deepEqual(overBudget(table, [budget]), [`${budget.row}, ${budget.column}: no figure`]);
});

test("each of the project's budgets names a row, a column and a limit", () => {
  const budgets: Budgets = JSON.parse(readFileSync(new URL("../budgets.json", import.meta.url), "utf8"));
  for (const { row, column, most } of Object.values(budgets).flat())
    assert.deepEqual([typeof row, typeof column, most > 0], ["string", "string", true], JSON.stringify({ row, column, most }));
});
