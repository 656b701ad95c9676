/** The form of a probe: what it takes and gives. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { intervals, lengths, probeBody, readLooks, writeLooks } from "./probe-values.ts";

test("what a probe looks for is the same after it was written and read", () => {
  for (const black of [true, false])
    for (const frozen of [true, false])
      for (const silent of [true, false])
        assert.deepEqual(readLooks(writeLooks({ black, frozen, silent })), { black, frozen, silent });
});

test("an interval that was set through the API can be chosen, too", () => {
  assert.deepEqual(intervals(null), [60, 120, 300, 900, 3600]);
  assert.deepEqual(intervals(90), [60, 90, 120, 300, 900, 3600]);
  assert.deepEqual(lengths(18), [10, 18, 30, 60]);
});

test("an empty node is none", () => {
  const values = { name: "P", via: " ", everySeconds: "300", seconds: "18", looks: "black silent" };
  assert.deepEqual(probeBody(values), {
    name: "P",
    via: null,
    everySeconds: 300,
    seconds: 18,
    black: true,
    frozen: false,
    silent: true,
  });
});
