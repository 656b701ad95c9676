import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonMinutes, minuteLines, worstMinutes } from "./lesson-minutes.ts";

const BEGIN = Date.UTC(2026, 10, 24, 8, 0);
const at = (minute: number) => new Date(BEGIN + minute * 60_000).toISOString();
const minute = (n: number, of: object = {}) => ({
  at: at(n),
  watching: 2,
  firstFrameMs: 400,
  sessions: 1,
  watchedMs: 120_000,
  stalls: 0,
  stallMs: 0,
  stallRatio: 0,
  droppedShare: 0,
  reconnects: 0,
  errors: 0,
  ...of,
});

test("minutes of replays are not the lesson's", () => {
  const all = [minute(-5), minute(0), minute(10), minute(11), minute(400)];
  const times = { startedAt: at(0), endedAt: at(10) };
  assert.deepEqual(
    lessonMinutes(all, times).map((one) => one.at),
    [at(0), at(10), at(11)],
  );
  assert.equal(lessonMinutes(all, { startedAt: at(0), endedAt: null }).length, 4);
  assert.deepEqual(lessonMinutes([], times), []);
});

test("where the lesson has none, the newest are shown, and no more than eight hours of them", () => {
  const replays = [minute(0), minute(9000), minute(9479)];
  assert.deepEqual(
    lessonMinutes(replays, { startedAt: null, endedAt: null }).map((one) => one.at),
    [at(9000), at(9479)],
  );
  assert.equal(lessonMinutes(replays, { startedAt: at(100), endedAt: at(200) }).length, 2);
});

test("lines have a value for each minute: without viewers there are none, and no share or time", () => {
  const all = Array.from({ length: 10 }, (_, i) => minute(i, i === 9 ? { stallRatio: 0.5, firstFrameMs: null } : {}));
  const lines = minuteLines(all.filter((_, i) => i !== 8));
  assert.deepEqual([lines.times[0], lines.times[9], lines.times.length], [BEGIN / 1000, BEGIN / 1000 + 540, 10]);
  assert.deepEqual(lines.watching.slice(7), [2, 0, 2]);
  assert.deepEqual(lines.stalled.slice(7), [0, null, 0.5]);
  assert.deepEqual(lines.firstFrame.slice(7), [0.4, null, null]);
  assert.deepEqual(minuteLines([]).times, []);
});

test("the axis has ten minutes from the beginning", () => {
  const lines = minuteLines([minute(0)]);
  assert.equal(lines.times.length, 10);
  assert.equal(lines.times.at(-1), BEGIN / 1000);
  assert.deepEqual(lines.watching.slice(8), [null, 2], "nobody could watch before");
});

test("the worst minutes come first, and those without a stall not at all", () => {
  const all = [minute(0), minute(1, { stallMs: 10 }), minute(2, { stallMs: 30 }), minute(3, { stallMs: 20 })];
  assert.deepEqual(
    worstMinutes(all, 2).map((one) => one.at),
    [at(2), at(3)],
  );
});
