import assert from "node:assert/strict";
import { test } from "node:test";
import { recommendedKbps, uplinkLimitKbps } from "./encoder-settings.ts";

const video = { bitrateKbps: 1234.5 };

test("only a poor uplink limits the bitrate", () => {
  assert.equal(uplinkLimitKbps(null), null);
  assert.equal(uplinkLimitKbps({ uplink: { health: "good" }, video }), null);
  assert.equal(uplinkLimitKbps({ uplink: { health: "poor" }, video: null }), null);
  assert.equal(uplinkLimitKbps({ uplink: { health: "poor" }, video }), 1235);
});

test("the recommendation is 70 % of a poor uplink in steps of 100 kbps, never under 400", () => {
  assert.deepEqual([null, 2000, 1235, 500, 0].map(recommendedKbps), [2500, 1400, 900, 400, 400]);
});
