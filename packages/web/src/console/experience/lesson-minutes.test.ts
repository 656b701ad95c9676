import assert from "node:assert/strict";
import { test } from "node:test";
import { lessonMinutes, minuteLines, worstMinutes } from "./lesson-minutes.ts";

const BEGIN = Date.UTC(2026, 10, 24, 8, 0);
const at = (minute: number) => new Date(BEGIN + minute * 60_000).toISOString();
const minute = (n: number, of: object = {}) => ({
  ...{ at: at(n), watching: 2, firstFrameMs: 400, sessions: 1, watchedMs: 120_000, stalls: 0, stallMs: 0 },
  ...{ stallRatio: 0, droppedShare: 0, reconnects: 0, errors: 0 },
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
  const lines = minuteLines([minute(0, { stallRatio: 0.5 }), minute(2, { firstFrameMs: null })]);
  assert.deepEqual(
    lines.times,
    [0, 60, 120].map((seconds) => BEGIN / 1000 + seconds),
  );
  assert.deepEqual(lines.watching, [2, 0, 2]);
  assert.deepEqual(lines.stalled, [0.5, null, 0]);
  assert.deepEqual(lines.firstFrame, [0.4, null, null]);
  assert.deepEqual(minuteLines([]).times, []);
});

test("the worst minutes come first, and those without a stall not at all", () => {
  const all = [minute(0), minute(1, { stallMs: 10 }), minute(2, { stallMs: 30 }), minute(3, { stallMs: 20 })];
  assert.deepEqual(
    worstMinutes(all, 2).map((one) => one.at),
    [at(2), at(3)],
  );
});
