import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, stallBands, stripGroups, timesOf, troubleTimes } from "./strip-values.ts";

const T = Date.UTC(2026, 10, 24, 8, 0);
const moment = (second: number, of: object = {}) => ({
  at: T + second * 1000,
  intervalMs: 10_000,
  bufferMs: 1500,
  stallMs: 0,
  frames: 250,
  droppedFrames: 0,
  longTaskMs: 0,
  ...of,
});
const track = (kind: "node" | "hop" | "stream", subject: string, metric: string, ...points: [second: number, value: number][]) => ({
  kind,
  subject,
  metric,
  points: points.map(([second, value]) => ({ at: T + second * 1000, value })),
});
const span = { from: new Date(T).toISOString(), to: new Date(T + 30_000).toISOString() };

test("the axis has the trouble, and what was measured around it, in steps of ten seconds", () => {
  const axis = axisOf({ ...span, moments: [moment(-400), moment(-90), moment(10)], tracks: [track("node", "e", "cpu", [51, 1])] });
  assert.deepEqual(axis, { from: T - 100_000, stepMs: 10_000, length: 16 });
  assert.deepEqual(timesOf(axis).slice(0, 2), [T / 1000 - 100, T / 1000 - 90]);
  const long = { from: new Date(T).toISOString(), to: new Date(T + 86_400_000).toISOString(), moments: [], tracks: [] };
  assert.ok(axisOf(long).length <= 1001);
});

test("a beacon counts for its whole interval; of two in a step, the worse one", () => {
  const moments = [moment(10), moment(15, { intervalMs: 5000, bufferMs: 0, stallMs: 4000 }), moment(30, { bufferMs: 900 })];
  const axis = axisOf({ ...span, moments, tracks: [] });
  const [viewer] = stripGroups({ moments, tracks: [], edge: "e", origin: "e" }, axis);
  const [buffer, stalled] = viewer?.strips[0]?.lines ?? [];
  assert.deepEqual(buffer?.values, [1.5, 0, 0.9, null]);
  assert.deepEqual(stalled?.values, [0, 4, 0, null]);
});

test("a beacon between two steps counts for those that begin in its interval, a short one for the step that it is within", () => {
  const moments = [moment(17, { stallMs: 10 }), moment(19, { intervalMs: 2000, stallMs: 20 }), moment(50)];
  const axis = axisOf({ ...span, moments, tracks: [] });
  const [viewer] = stripGroups({ moments, tracks: [], edge: "e", origin: "e" }, axis);
  assert.deepEqual(viewer?.strips[0]?.lines[1]?.values, [null, 0.02, null, null, 0, null]);
});

test("each place that was measured has its strips, from the viewer to the publisher", () => {
  const tracks = [
    track("node", "e", "cpu", [0, 0.4], [10, 0.5]),
    track("node", "r", "hold_ms", [0, 20]),
    track("node", "o", "cpu", [0, 0.9]),
    track("hop", "e<r live/math", "age_ms", [0, 100], [10, 200]),
    track("hop", "e<r live/math@360p", "age_ms", [0, 300], [10, 50]),
    track("hop", "r<o live/math", "loss", [0, 0.02]),
    track("stream", "live/math", "fps", [0, 25]),
  ];
  const axis = axisOf({ ...span, moments: [], tracks });
  const groups = stripGroups({ moments: [], tracks, edge: "e", origin: "o" }, axis);
  assert.deepEqual(
    groups.map(({ place, name, strips }) => [place, name, strips.map(({ title }) => title.split(".").at(-1))]),
    [
      ["edge", "e", ["load"]],
      ["hop", "r → e", ["rtt"]],
      ["hop", "o → r", ["loss"]],
      ["relay", "r", ["hold"]],
      ["origin", "o", ["load"]],
      ["uplink", "", ["frameRate"]],
    ],
  );
  assert.deepEqual(groups[1]?.strips[0]?.lines[0]?.values.slice(0, 2), [300, 200], "the worse of the stream and its rungs");
});

test("values of a minute hold for a minute", () => {
  const tracks = [track("stream", "live/math", "fps", [0, 25], [60, 20])];
  const axis = axisOf({ ...span, moments: [], tracks });
  const [uplink] = stripGroups({ moments: [], tracks, edge: "e", origin: "e" }, axis);
  assert.deepEqual(uplink?.strips[0]?.lines[0]?.values, [25, 25, 25, 25, 25, 25, 20]);
});

test("troubles are told apart, the longest are named, in their order", () => {
  const moments = [
    moment(10, { stallMs: 500 }),
    moment(20, { stallMs: 9000 }),
    moment(30),
    moment(60, { stallMs: 100 }),
    moment(90, { stallMs: 2000 }),
  ];
  assert.deepEqual(
    troubleTimes(moments, 2).map((at) => (at - T) / 1000),
    [20, 90],
  );
  assert.deepEqual(troubleTimes([moment(10)], 5), []);
  const bands = stallBands(moments, { from: T + 5000, stepMs: 10_000, length: 2 });
  assert.deepEqual(
    bands.map(({ from, to }) => [from - T / 1000, to - T / 1000]),
    [
      [5, 10],
      [10, 15],
    ],
    "what is on the axis",
  );
});
