import assert from "node:assert/strict";
import { test } from "node:test";
import { FlushQueue } from "./flush-queue.ts";

test("work is done in turns of a few milliseconds, and a short one does not wait for a long one", () => {
  let now = 0;
  const turns: (() => void)[] = [];
  const queue = new FlushQueue(
    () => now,
    (call) => turns.push(call),
    () => 0,
  );
  const done: string[] = [];
  const work = (name: string, pieces: number) =>
    queue.add(() => {
      now += 1;
      done.push(name);
      return --pieces === 0;
    });
  work("large", 6);
  work("small", 1);
  assert.deepEqual(done, []);
  turns.shift()?.();
  assert.deepEqual(done, ["large", "small", "large"]);
  while (turns.length > 0) {
    const before = now;
    turns.shift()?.();
    assert.ok(now - before <= 3);
  }
  assert.equal(done.filter((name) => name === "large").length, 6);
});
