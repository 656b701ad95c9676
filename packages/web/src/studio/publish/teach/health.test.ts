import assert from "node:assert/strict";
import { test } from "node:test";
import type { PublisherStatistics } from "@lectern/publisher";
import { healthOf } from "./health.ts";

const live = (change: Partial<PublisherStatistics>) => {
  const none = { way: null, kbps: null, targetKbps: null, fps: null, width: null, height: null, rttMs: null, lossPercent: null };
  return { phase: "live", statistics: { ...none, queueMs: null, droppedFrames: 0, audioLevel: null, ...change } } as const;
};

test("the worst of what page and server say counts", () => {
  assert.equal(healthOf(live({ queueMs: 100 }), "good"), "good");
  assert.equal(healthOf(live({ queueMs: 100 }), "poor"), "poor");
  assert.equal(healthOf(live({ queueMs: 900 }), "good"), "fair");
  assert.equal(healthOf(live({ lossPercent: 12 }), "fair"), "poor");
});

test("nothing is said of a stream that is not live, or of which nothing is known", () => {
  assert.equal(healthOf({ phase: "reconnecting", statistics: null }, "good"), "unknown");
  assert.equal(healthOf(live({}), null), "unknown");
  assert.equal(healthOf(live({}), "none"), "unknown");
});
