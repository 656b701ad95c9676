/** Verdicts on a figure of two versions: when the rounds agree, when they contradict each other, and when a difference is none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./verdict.ts";

const pairs = (...values: readonly (readonly [a: number, b: number])[]) => values.map(([a, b]) => ({ a, b, othersPercent: 5 }));

test("a figure that is lower in each round is better, and one that is higher is worse", () => {
  const lower = pairs([100, 80], [120, 100], [90, 75]);
  assert.deepEqual(judge("cpu", lower), { verdict: "better", ratio: 100 / 120, low: 0.8, high: 100 / 120 });
  assert.equal(judge("cpu", pairs([80, 100], [100, 120], [75, 90])).verdict, "worse");
});

test("of rates, the higher one is better", () => {
  assert.equal(judge("rate", pairs([100, 120], [110, 130], [90, 100])).verdict, "better");
  assert.equal(judge("rate", pairs([120, 100], [130, 110], [100, 90])).verdict, "worse");
});

test("rounds that contradict each other beyond the tolerance tell nothing, whatever their median is", () => {
  assert.equal(judge("cpu", pairs([100, 60], [100, 70], [100, 115])).verdict, "cannot be told");
  assert.equal(judge("cpu", pairs([100, 130], [100, 140], [100, 99])).verdict, "cannot be told");
});

test("no round worse than the tolerance is not worse", () => {
  assert.equal(judge("cpu", pairs([100, 92], [100, 104], [100, 109])).verdict, "not worse");
  assert.equal(judge("memory", pairs([100, 92], [100, 104], [100, 109])).verdict, "cannot be told");
});

test("a difference that all rounds show, but that is small, is no change", () => {
  assert.equal(judge("cpu", pairs([100, 97], [100, 98])).verdict, "not worse");
  assert.equal(judge("cpu", pairs([100, 103], [100, 102])).verdict, "not worse");
});

test("a difference that the clock itself makes is no change, however large its ratio is", () => {
  assert.equal(judge("delay", pairs([0.2, 0.9], [0.1, 1.2])).verdict, "not worse");
  assert.deepEqual(judge("cpu", pairs([0, 0], [0, 0.001])).verdict, "not worse");
});

test("of two rounds, all runs of one version have to be beyond those of the other", () => {
  assert.equal(judge("cpu", pairs([100, 130], [120, 150])).verdict, "worse");
  assert.equal(judge("cpu", pairs([100, 130], [140, 180])).verdict, "cannot be told");
});

test("a round beside programs that take most of the machine says nothing of CPU and delays, but of memory", () => {
  const busy = pairs([100, 50], [100, 50], [100, 50]).map((pair) => ({ ...pair, othersPercent: 80 }));
  assert.deepEqual(
    (["cpu", "delay", "rate", "memory"] as const).map((kind) => judge(kind, busy).verdict),
    ["cannot be told", "cannot be told", "cannot be told", "better"],
  );
});

test("one round proves nothing", () => {
  assert.equal(judge("cpu", pairs([100, 50])).verdict, "cannot be told");
});

test("of an even number of rounds, the ratio is the mean of the two in the middle", () => {
  assert.equal(judge("delay", pairs([100, 120], [100, 80], [100, 90], [100, 100])).ratio, 0.95);
});
