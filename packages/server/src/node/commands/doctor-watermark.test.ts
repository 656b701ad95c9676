/** What `lectern doctor` says about watermarks in downloads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { describeWatermark } from "./doctor-watermark.ts";

test("each result of the trial has a state of its own, and what is missing has a way to get it", () => {
  assert.equal(describeWatermark({ kind: "letters" }).state, "good");
  const missing = describeWatermark({ kind: "missing" });
  assert.equal(missing.state, "advice");
  assert.match(missing.fix ?? "", /fonts-wqy-microhei/);
  const impossible = describeWatermark({ kind: "impossible", reason: "No such filter: 'ass'" });
  assert.equal(impossible.state, "advice");
  assert.match(impossible.what, /No such filter: 'ass'/);
});
