import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteBudget } from "./byte-budget.ts";

test("a key gets its part and no more, and bytes that it gives back are free again", () => {
  const budget = new ByteBudget({ total: 1000, perKey: 100 });
  assert.deepEqual([budget.take("a", 60), budget.take("a", 60), budget.take("a", 40)], [true, false, true]);
  budget.giveBack("a", 40);
  assert.equal(budget.take("a", 40), true);
  assert.equal(budget.used, 100);
});

test("keys that take all they can leave room for one more", () => {
  const budget = new ByteBudget({ total: 1000, perKey: 1000 });
  for (const key of ["a", "b", "c", "d", "e"]) while (budget.take(key, 10));
  assert.equal(budget.take("innocent", 10), true);
  assert.ok(budget.used <= 1000);
});
