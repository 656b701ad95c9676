import assert from "node:assert/strict";
import { test } from "node:test";
import { settle } from "./settle.ts";

const given = (...points: (number | null)[]) => points.map((each, i) => ({ turn: i + 1, points: each, comment: `c${i + 1}` }));

test("where one person marks, these points count", () => {
  assert.deepEqual(settle(given(2.5), null), { state: "settled", points: 2.5, comment: "c1" });
  assert.deepEqual(settle(given(null), null), { state: "waiting" });
});

test("two who differ by the tolerance or less have the mean in steps of 0.5, up where it is between", () => {
  const means = [
    [2, 3],
    [2, 2.5],
    [0, 0.5],
    [1.5, 2],
    [3, 3],
  ].map(([a, b]) => settle(given(a!, b!), 1));
  assert.deepEqual(
    means.map((one) => one.state === "settled" && one.points),
    [2.5, 2.5, 0.5, 2, 3],
  );
  assert.deepEqual(settle(given(2, 3), 1), { state: "settled", points: 2.5, comment: "c1\n\nc2" });
});

test("the same comment of both stands once", () => {
  const same = given(1, 1).map((one) => ({ ...one, comment: "Good" }));
  assert.deepEqual(settle(same, 0), { state: "settled", points: 1, comment: "Good" });
});

test("two who differ by more wait for a third, whose points count", () => {
  assert.deepEqual(settle(given(1, 2.5), 1), { state: "differing" });
  assert.deepEqual(settle(given(1, 2.5, null), 1), { state: "differing" });
  assert.deepEqual(settle(given(1, 2.5, 2), 1), { state: "settled", points: 2, comment: "c3" });
});

test("one of two alone counts for nothing, whichever turn it is", () => {
  assert.deepEqual(settle(given(3), 1), { state: "once" });
  assert.deepEqual(settle(given(null, 3), 1), { state: "once" });
});
