import assert from "node:assert/strict";
import { test } from "node:test";
import { runBatch } from "./run-batch.ts";

test("every item is called once, at most four at a time, and progress ends at 1", async () => {
  let running = 0;
  let most = 0;
  const progress: number[] = [];
  const call = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  const items = Array.from({ length: 10 }, (_, i) => i);
  const { succeeded, error } = await runBatch(items, call, (share) => progress.push(share));
  assert.deepEqual(
    succeeded.toSorted((a, b) => a - b),
    items,
  );
  assert.deepEqual([most, error, progress.length, progress.at(-1)], [4, null, 10, 1]);
});

test("failures do not stop the others, and the first error is given", async () => {
  const { succeeded, error } = await runBatch(
    ["a", "bad", "c", "worse"],
    async (item) => {
      if (item.length > 1) throw new Error(item);
    },
    () => {},
  );
  assert.deepEqual(succeeded, ["a", "c"]);
  assert.equal((error as Error).message, "bad");
});
