import assert from "node:assert/strict";
import { test } from "node:test";
import { RetryDelay } from "./retry-delay.ts";

test("a delay doubles up to the longest, and begins again after a steady run", () => {
  const delay = new RetryDelay({ first: 100, most: 350, steady: 1000 });
  assert.deepEqual([delay.next(), delay.next(), delay.next(), delay.next()], [100, 200, 350, 350]);
  assert.equal(delay.ran(999), false);
  assert.equal(delay.next(), 350);
  assert.equal(delay.ran(1000), true);
  assert.deepEqual([delay.next(), delay.next()], [100, 200]);
  delay.reset();
  assert.equal(delay.next(), 100);
});
