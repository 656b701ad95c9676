import assert from "node:assert/strict";
import { test } from "node:test";
import { Semaphore } from "./semaphore.ts";

test("no more tasks than permits run at once, in their order, whatever fails", async () => {
  const semaphore = new Semaphore(2);
  let running = 0;
  let most = 0;
  const began: number[] = [];
  const all = Array.from({ length: 20 }, (_, i) =>
    semaphore.run(async () => {
      began.push(i);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (i % 3 === 0) throw new Error("it failed");
    }),
  );
  assert.equal(semaphore.waiting, 18);
  const ended = await Promise.allSettled(all);
  assert.equal(most, 2);
  assert.deepEqual(began, [...began.keys()]);
  assert.equal(ended.filter(({ status }) => status === "rejected").length, 7);
  assert.equal(await semaphore.run(async () => "again"), "again");
});
