import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeGrowth, type ProcessSample, type Sample } from "./small-lessons-judgement.ts";

const LEVEL: ProcessSample = {
  name: "media-1",
  pid: 7,
  retainedMb: 40,
  rssMb: 200,
  descriptors: 100,
  threads: 12,
  udp: 2,
  tcp: 60,
};
/** Lessons that end between two samples. */
const LESSONS = 10;

function over(samples: number, at: (i: number) => Partial<ProcessSample>): Sample[] {
  return Array.from({ length: samples }, (_, i) => ({ lessons: i * LESSONS, processes: [{ ...LEVEL, ...at(i) }] }));
}

const broken = (samples: Sample[]) =>
  judgeGrowth(samples)
    .filter(({ held }) => !held)
    .map(({ what }) => what);

test("a process that fills up at first and is level after that has not grown", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: Math.min(300, 100 + i * 60), tcp: 60 + (i % 2) * 20 }))), []);
  assert.deepEqual(broken(over(20, (i) => ({ retainedMb: Math.min(60, 40 + i * 6) }))), []);
  assert.equal(judgeGrowth(over(20, () => ({}))).length, 6);
});

test("memory, descriptors, threads and ports that grow are found", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: 200 + i * 3 }))), ["rssMb"]);
  assert.deepEqual(broken(over(20, (i) => ({ descriptors: 100 + i * 2 }))), ["descriptors"]);
  assert.deepEqual(broken(over(20, (i) => ({ threads: 12 + Math.floor(i / 4) }))), ["threads"]);
  assert.deepEqual(broken(over(20, (i) => ({ udp: 2 + Math.floor(i / 5) }))), ["udp"]);
  assert.deepEqual(broken(over(20, (i) => ({ tcp: 60 + i * 2 }))), ["tcp"]);
});

test("what each lesson leaves held is found, above the figures that are kept of it", () => {
  const kilobytes = (each: number) => over(120, (i) => ({ name: "control", retainedMb: 40 + (i * LESSONS * each) / 1024 }));
  assert.deepEqual(broken(kilobytes(9)), []);
  assert.deepEqual(broken(kilobytes(26)), ["retainedMb"]);
});

test("a media worker may hold some more streams at a moment, and the control process has none", () => {
  const grown = (name: string) => broken(over(20, (i) => ({ name, retainedMb: i < 10 ? 40 : 50 })));
  assert.deepEqual([grown("media-1"), grown("control")], [[], ["retainedMb"]]);
});

test("a process that was started again, or is gone, is found, whatever its memory", () => {
  assert.deepEqual(broken(over(20, (i) => ({ pid: i < 10 ? 7 : 8, rssMb: 100 }))), ["starts"]);
  assert.deepEqual(broken(over(20, () => ({})).map((sample, i) => (i < 10 ? sample : { ...sample, processes: [] }))), ["starts"]);
});

test("one high sample is no growth, and too few are not judged", () => {
  assert.deepEqual(broken(over(20, (i) => ({ rssMb: i === 18 ? 900 : 200 }))), []);
  assert.throws(() => judgeGrowth(over(4, () => ({}))));
});
