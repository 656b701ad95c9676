import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeGrowth, type ProcessSample } from "./small-lessons-judgement.ts";

const LEVEL: ProcessSample = { name: "media-1", pid: 7, rssMb: 200, descriptors: 100, threads: 12, udp: 2, tcp: 60 };

function over(samples: number, at: (i: number) => Partial<ProcessSample>): ProcessSample[][] {
  return Array.from({ length: samples }, (_, i) => [{ ...LEVEL, ...at(i) }]);
}

const broken = (samples: ProcessSample[][]) =>
  judgeGrowth(samples)
    .filter(({ held }) => !held)
    .map(({ what }) => what);

test("a process that fills up at first and is level after that has not grown", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: Math.min(300, 100 + i * 60), tcp: 60 + (i % 2) * 20 }))), []);
  assert.equal(judgeGrowth(over(20, () => ({}))).length, 5);
});

test("memory, descriptors, threads and ports that grow are found", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: 200 + i * 3 }))), ["rssMb"]);
  assert.deepEqual(broken(over(20, (i) => ({ descriptors: 100 + i * 2 }))), ["descriptors"]);
  assert.deepEqual(broken(over(20, (i) => ({ threads: 12 + Math.floor(i / 4) }))), ["threads"]);
  assert.deepEqual(broken(over(20, (i) => ({ udp: 2 + Math.floor(i / 5) }))), ["udp"]);
  assert.deepEqual(broken(over(20, (i) => ({ tcp: 60 + i * 2 }))), ["tcp"]);
});

test("a process that was started again, or is gone, is found, whatever its memory", () => {
  assert.deepEqual(broken(over(20, (i) => ({ pid: i < 10 ? 7 : 8, rssMb: 100 }))), ["starts"]);
  assert.deepEqual(broken(over(20, () => ({})).map((sample, i) => (i < 10 ? sample : []))), ["starts"]);
});

test("one high sample is no growth, and too few are not judged", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: i === 18 ? 900 : 200 }))), []);
  assert.throws(() => judgeGrowth(over(4, () => ({}))));
});
