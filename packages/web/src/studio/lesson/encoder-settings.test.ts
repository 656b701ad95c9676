import assert from "node:assert/strict";
import { test } from "node:test";
import { recommendedKbps, uplinkLimitKbps } from "./encoder-settings.ts";

const video = { bitrateKbps: 1234.5 };

test("only a narrow uplink limits the bitrate", () => {
  assert.equal(uplinkLimitKbps(null), null);
  assert.equal(uplinkLimitKbps({ uplink: { verdict: "encoder-drops-frames" }, video }), null);
  assert.equal(uplinkLimitKbps({ uplink: { verdict: "line-narrow" }, video: null }), null);
  assert.equal(uplinkLimitKbps({ uplink: { verdict: "line-narrow" }, video }), 1235);
});

test("the recommendation is 70 % of a narrow uplink in steps of 100 kbps, never under 400", () => {
  assert.deepEqual([null, 2000, 1235, 500, 0].map(recommendedKbps), [2500, 1400, 900, 400, 400]);
});
