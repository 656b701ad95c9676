import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "./backoff.ts";

test("waits double up to 8 s, differ between viewers, and start over after a success", () => {
  const [low, high] = [new Backoff(() => 0), new Backoff(() => 1)];
  const waits = Array.from({ length: 8 }, () => [low.next(), high.next()]);
  assert.deepEqual(waits[0], [150, 300]);
  assert.deepEqual(waits[1], [300, 600]);
  assert.deepEqual(waits.at(-1), [4000, 8000]);
  high.reset();
  assert.equal(high.next(), 300);
});

test("after the end of a stream, the first try leaves the page time to say why, and the next ones double as others", () => {
  const backoff = new Backoff(() => 1);
  const present = { ms: null, awaited: null };
  const after = (awaited: "begin" | null, hasPlayed: boolean) => backoff.after("not-live", { ms: null, awaited }, hasPlayed);
  assert.deepEqual([after(null, true), after(null, true), after("begin", true)], [2000, 600, 300_000]);
  backoff.reset();
  assert.deepEqual([after(null, false), backoff.after("network", present, true)], [300, 600]);
  backoff.reset();
  assert.equal(backoff.after("network", { ms: 15_000, awaited: null }, true), 2000, "the publisher was absent before");
});

test("where somebody says when it may succeed, it is tried seldom until then, and then soon and from the beginning", () => {
  const backoff = new Backoff(() => 1);
  assert.deepEqual([backoff.next(), backoff.next("return"), backoff.next("begin"), backoff.next()], [300, 30_000, 300_000, 600]);
  assert.deepEqual([backoff.soon(), backoff.next()], [500, 300]);
});
