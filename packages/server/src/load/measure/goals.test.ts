import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeGoals } from "./goals.ts";

const MEASURED = {
  steps: { "firstFrame.flv": { count: 9, p50: 100, p95: 300, p99: 400, max: 900 } },
  refused: 2,
  failed: 0,
  stalls: 1,
  stalledSeconds: 2,
  watchedSeconds: 200,
};
const isMet = (goal: string, most: number) => judgeGoals({ [goal]: most }, MEASURED)[0]?.isMet;

test("a goal is met up to its limit", () => {
  assert.deepEqual([isMet("firstFrame.flv.p99", 400), isMet("firstFrame.flv.p99", 399)], [true, false]);
  assert.deepEqual([isMet("refused", 2), isMet("refused", 1), isMet("failed", 0)], [true, false, true]);
  assert.deepEqual([isMet("stalledShare", 0.01), isMet("stalledShare", 0.005)], [true, false]);
});

test("what was not measured misses its goal", () => {
  assert.deepEqual(judgeGoals({ "chat.p99": 1000 }, MEASURED), [{ goal: "chat.p99", most: 1000, measured: null, isMet: false }]);
});
