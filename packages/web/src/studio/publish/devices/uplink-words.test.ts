import assert from "node:assert/strict";
import { test } from "node:test";
import { isFar, uplinkGrade, uplinkLimit, videoKbps } from "./uplink-words.ts";

const grades = (...kbps: number[]) => kbps.map((one) => uplinkGrade({ kbps: one, rttMs: 20 }));

test("an uplink is good for what it carries with room to spare", () => {
  assert.deepEqual(grades(20_000, 3600, 3599, 1500, 600, 599, 120, 119, 0), [
    ...["clear", "clear", "fair", "fair", "small", "sound", "sound", "too-slow", "too-slow"],
  ]);
});

test("a slow uplink limits the picture to its share; a good one, and one that was not measured, does not", () => {
  assert.equal(uplinkLimit(null), null);
  assert.equal(uplinkLimit({ kbps: 8000, rttMs: 20 }), null);
  assert.equal(uplinkLimit({ kbps: 1234.5, rttMs: 20 }), 1235);
  assert.deepEqual([null, { kbps: 8000, rttMs: 20 }, { kbps: 2000, rttMs: 20 }, { kbps: 300, rttMs: 20 }].map(videoKbps), [
    ...[2500, 2500, 1400, 400],
  ]);
});

test("a server that answers late is far away", () => {
  assert.deepEqual([isFar({ kbps: 1, rttMs: 300 }), isFar({ kbps: 1, rttMs: 301 })], [false, true]);
});
