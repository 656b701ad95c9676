import assert from "node:assert/strict";
import { test } from "node:test";
import { largestFirst, onePerLesson, rungsOfStream, withoutRungs } from "./stream-rungs.ts";

const stream = (app: string, name: string, total: number) => ({ app, name, viewers: { total, hls: total } });
const rung = (name: string) => ({ name, state: "running" as const, lagMs: 0, problem: null });

test("rungs are no streams of the list, and their viewers are those of their stream", () => {
  const streams = [
    stream("live", "math", 2),
    stream("live", "math@480p", 3),
    stream("live", "math@audio", 1),
    stream("live", "mathematics", 7),
    stream("other", "math@480p", 9),
  ];
  assert.deepEqual(
    withoutRungs(streams).map(({ name, viewers }) => [name, viewers.total]),
    [
      ["math", 6],
      ["mathematics", 7],
    ],
  );
});

test("a small lesson is one stream: its own where it is live, else the first of its people", () => {
  const names = (streams: readonly string[]) =>
    onePerLesson(streams.map((name) => stream("live", name, 1))).map(({ name }) => name);
  assert.deepEqual(names(["circle~anna", "circle~ben", "math"]), ["circle~anna", "math"]);
  assert.deepEqual(names(["circle~anna", "circle", "circle~ben"]), ["circle"]);
  const [anna, ben] = [stream("live", "circle~anna", 1), stream("live", "circle~ben", 1)];
  const shown = onePerLesson([
    { ...anna, video: null },
    { ...ben, video: {} },
  ]);
  assert.deepEqual(
    shown.map(({ name }) => name),
    ["circle~ben"],
    "who is seen",
  );
});

test("the rungs of a stream are those that its ladder reports, the largest first", () => {
  const jobs = [
    { app: "live", name: "other", rungs: [rung("240p")] },
    // While a ladder moves, two nodes report it.
    { app: "live", name: "math", rungs: [] },
    { app: "live", name: "math", rungs: [rung("audio"), rung("saver"), rung("360p"), rung("1080p")] },
  ];
  const names = rungsOfStream(jobs, { app: "live", name: "math" }).map(({ name }) => name);
  assert.deepEqual(names, ["1080p", "360p", "saver", "audio"]);
  assert.deepEqual(rungsOfStream(jobs, { app: "live", name: "none" }), []);
  assert.deepEqual(largestFirst([]), []);
});
