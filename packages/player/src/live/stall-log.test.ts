import assert from "node:assert/strict";
import { test } from "node:test";
import { StallLog } from "./stall-log.ts";

function stall(log: StallLog, at: number, milliseconds: number): void {
  log.start(at);
  log.end(at + milliseconds);
}

test("a connection without stalls is good, one short stall makes it fair, many or long stalls make it poor", () => {
  const log = new StallLog();
  assert.equal(log.rating(0), "good");
  stall(log, 1000, 400);
  assert.equal(log.rating(1400), "fair");
  stall(log, 2000, 3000);
  assert.equal(log.rating(5000), "poor");
  const many = new StallLog();
  for (let at = 0; at < 4000; at += 1000) stall(many, at, 10);
  assert.equal(many.rating(4000), "poor");
});

test("stalls are forgotten by the rating after 30 seconds, but stay in the totals", () => {
  const log = new StallLog();
  stall(log, 0, 4000);
  assert.equal(log.rating(33_000), "poor");
  assert.equal(log.rating(34_000), "good");
  assert.deepEqual([log.count, log.totalMs], [1, 4000]);
});

test("an open stall counts once, makes the connection fair, and leaves no length when it is cancelled", () => {
  const log = new StallLog();
  log.start(0);
  log.start(100);
  assert.deepEqual([log.count, log.isStalled, log.openMs(900), log.rating(900)], [1, true, 900, "fair"]);
  log.cancel();
  log.end(1000);
  assert.deepEqual([log.count, log.totalMs, log.openMs(2000), log.rating(2000)], [1, 0, 0, "good"]);
});
