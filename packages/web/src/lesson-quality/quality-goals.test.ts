import assert from "node:assert/strict";
import { test } from "node:test";
import { isQualityGood, shareText } from "./quality-goals.ts";

test("a lesson is good from 99.5 % watched to the end, below 1 % of complaints", () => {
  const of = (completionRate: number | null, complaintRate: number | null) => isQualityGood({ completionRate, complaintRate });
  assert.deepEqual([of(0.995, 0.0099), of(0.9949, 0), of(1, 0.01), of(null, null)], [true, false, false, true]);
});

test("a share is per cent; what is not quite everything is not 100 %", () => {
  assert.deepEqual(
    [0, 0.01234, 0.995, 0.99999, 1, null].map((share) => shareText(share, "en")),
    ["0%", "1.23%", "99.5%", "99.99%", "100%", "–"],
  );
});
