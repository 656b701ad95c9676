import assert from "node:assert/strict";
import { test } from "node:test";
import { type KnownSource, STANDING_MS, sourcesToAsk } from "./source-choice.ts";

const MOST_RETRY_MS = 3000;
const known = (peer: string, state: KnownSource["state"], dueInMs = 0): KnownSource => ({ peer, state, dueInMs });
const asked = (sources: readonly KnownSource[], standsMs: number, hasEntries = true) =>
  sourcesToAsk(sources, { wanted: 1, standsMs, hasEntries }, MOST_RETRY_MS);

test("the best source is asked; beside one that does not answer, the next one is", () => {
  assert.deepEqual(asked([known("a", "apart"), known("b", "apart")], 0), ["a"]);
  assert.deepEqual(asked([known("a", "heard"), known("b", "apart")], 0), []);
  assert.deepEqual(asked([known("a", "quiet"), known("b", "apart"), known("c", "apart")], 0), ["b"]);
});

test("beside one that is heard and brings nothing new, one more is asked after each two seconds, but none before the first entry", () => {
  const sources = [known("a", "heard"), known("b", "apart"), known("c", "apart")];
  assert.deepEqual(asked(sources, STANDING_MS - 1), []);
  assert.deepEqual(asked(sources, STANDING_MS), ["b"]);
  assert.deepEqual(asked([known("a", "heard"), known("b", "heard"), known("c", "apart")], 2 * STANDING_MS), ["c"]);
  assert.deepEqual(asked(sources, 2 * STANDING_MS, false), []);
});

test("a better source than the one that is followed is asked again while nothing new comes, as soon as it is due", () => {
  const follows = (dueInMs: number) => [known("a", "apart", dueInMs), known("b", "heard")];
  assert.deepEqual(asked(follows(0), STANDING_MS - 1), []);
  assert.deepEqual(asked(follows(0), STANDING_MS, false), ["a"]);
  assert.deepEqual(asked(follows(100), STANDING_MS), []);
  assert.deepEqual(asked(follows(30_000), STANDING_MS), ["a"], "one that lagged is better than nothing");
});
