import assert from "node:assert/strict";
import { test } from "node:test";
import { ReadingBudget } from "./reading-budget.ts";

test("a publisher as fast as any camera is never held up", () => {
  const budget = new ReadingBudget(0);
  for (let now = 0; now < 600_000; now += 8) assert.equal(budget.spend(20_000, now), 0, `at ${now} ms`);
});

test("a client that floods is read at 40 Mbps, whatever it sends", () => {
  const budget = new ReadingBudget(0);
  let now = 0;
  let read = 0;
  while (now < 60_000) {
    read += 1_000_000;
    now += budget.spend(1_000_000, now);
  }
  assert.ok(read <= 10_000_000 + 60 * 5_000_000 + 2_000_000, `${read} bytes in a minute`);
});

test("a client that sends small messages without end is read at 400 a second", () => {
  const budget = new ReadingBudget(0);
  let now = 0;
  let messages = 0;
  while (now < 60_000) {
    messages++;
    now += budget.spend(1, now);
  }
  assert.ok(messages < 2000 + 60 * 410, `${messages} messages in a minute`);
});
