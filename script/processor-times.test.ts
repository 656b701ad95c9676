import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, ProcessorTimes, type ProcessTimes } from "./processor-times.ts";

const RUNNER = 1;
const WORDS: Readonly<Record<number, string>> = {
  10: "node --test /work/e2e/hls.test.ts",
  11: "node /work/dist/main.js serve --data x",
  12: "node /work/dist/child.js control",
  90: "node of another program",
};
const counted = () => new ProcessorTimes(RUNNER, (pid) => (WORDS[pid] ?? "").split(" "));

/** @param own @param ofEnded ticks, of which a second has a hundred */
function process(pid: number, parent: number, own: number, ofEnded = 0): ProcessTimes {
  return { pid, parent, startedAt: pid, own, ofEnded };
}
const shares = (times: ProcessorTimes, what: "kind" | "file") =>
  Object.fromEntries(
    times
      .by(what)
      .filter(({ seconds }) => seconds > 0)
      .map(({ name, seconds }) => [name, seconds]),
  );

test("a process and its descendants count by kind and by test file, other programs do not", () => {
  const times = counted();
  times.take([process(RUNNER, 0, 100), process(10, RUNNER, 200), process(11, 10, 300), process(12, 11, 400), process(90, 0, 9999)]);
  assert.deepEqual(shares(times, "file"), { "e2e/hls.test.ts": 9, "the runner and what it shares": 1 });
  assert.deepEqual(shares(times, "kind"), {
    "servers: control": 4,
    "servers: supervisors": 3,
    "tests in a process of their own": 2,
    "the runner and what it shares": 1,
  });
});

test("what ended between two looks counts once, as its last look and its parent say", () => {
  const times = counted();
  times.take([process(RUNNER, 0, 0), process(10, RUNNER, 100), process(11, 10, 300)]);
  // The server used 50 more before it ended, and a program that no look has seen used 25.
  times.take([process(RUNNER, 0, 0), process(10, RUNNER, 100, 375)]);
  assert.deepEqual(shares(times, "kind"), {
    "servers: supervisors": 3,
    "tests in a process of their own": 1,
    "lived shorter than a look": 0.75,
  });
  times.take([process(RUNNER, 0, 0, 475)]);
  assert.equal(
    Object.values(shares(times, "file")).reduce((sum, seconds) => sum + seconds),
    4.75,
  );
});

test("a family that ended between two looks counts once", () => {
  const times = counted();
  times.take([process(RUNNER, 0, 0), process(10, RUNNER, 100), process(11, 10, 300), process(12, 11, 200)]);
  times.take([process(RUNNER, 0, 0, 610)]);
  assert.deepEqual(shares(times, "file"), { "e2e/hls.test.ts": 6, "the runner and what it shares": 0.1 });
});

test("an orphan goes on counting for the file that started it, and a later process with its id does not", () => {
  const times = counted();
  times.take([process(RUNNER, 0, 0), process(10, RUNNER, 100), process(11, 10, 300)]);
  times.take([process(RUNNER, 0, 0, 100), process(11, 0, 500)]);
  assert.deepEqual(shares(times, "file"), { "e2e/hls.test.ts": 6 });
  times.take([process(RUNNER, 0, 0, 100), { ...process(11, 0, 9999), startedAt: 12 }]);
  assert.deepEqual(shares(times, "file"), { "e2e/hls.test.ts": 6 });
});

test("programs have the names by which people look for them", () => {
  const names = ["/usr/lib/chromium/chromium --type=gpu-process", "/usr/bin/ffmpeg -re", "postgres: writer", "nginx: master", ""];
  assert.deepEqual(
    names.map((line) => kindOf(line.split(" "))),
    ["browsers: gpu-process", "ffmpeg", "PostgreSQL", "nginx:", "other programs"],
  );
});
