import assert from "node:assert/strict";
import { test } from "node:test";
import { EventLoopDelays } from "./event-loop-delays.ts";

const HOLD_MS = 400;

test("a hold of the event loop is told at once, and stays told", async () => {
  const holds = new EventLoopDelays();
  holds.longest(1000);
  // Holds this thread without work for the processor.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HOLD_MS);
  // The timer has not run yet.
  const told = holds.longest(1000);
  assert.ok(told >= HOLD_MS / 2, `${told} ms`);
  await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(holds.longest(60_000) >= HOLD_MS / 2);
});

test("nobody has asked before: nothing is known", () => {
  assert.equal(new EventLoopDelays().longest(1000), 0);
});
