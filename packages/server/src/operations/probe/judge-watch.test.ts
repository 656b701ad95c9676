/** What a probe calls a fault. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../contracts/monitoring/probe-report.ts";
import { judgeWatch, type Measured } from "./judge-watch.ts";

const ALL = { black: true, frozen: true, silent: true };
const GOOD: Measured = {
  firstFrameMs: 300,
  stallMs: 0,
  lostMs: 0,
  delayMs: 900,
  blackMs: 0,
  frozenMs: 2000,
  silentMs: 800,
  lateMs: 100,
  watchedMs: 18_000,
  startLateMs: 50,
  frames: 450,
  hasVideo: true,
};
const codes = (of: Partial<Measured>, checks = ALL) =>
  judgeWatch({ ...GOOD, ...of }, checks, DEFAULT_LIMITS, []).faults.map(({ code }) => code);

test("a good stream has no fault", () => assert.deepEqual(codes({}), []));

test("each measurement beyond its limit is a fault", () => {
  assert.deepEqual(codes({ firstFrameMs: 4000 }), ["slow-first-frame"]);
  assert.deepEqual(codes({ stallMs: 1500, lostMs: 1000 }), ["stalled"]);
  assert.deepEqual(codes({ delayMs: 40_000 }), ["late"]);
  assert.deepEqual(codes({ frozenMs: 9000 }), ["frozen"]);
  assert.deepEqual(codes({ silentMs: 18_000 }), ["silent"]);
  assert.deepEqual(codes({ frames: 0 }), ["undecodable"]);
  assert.deepEqual(codes({ firstFrameMs: null, frames: null }), ["no-media"]);
});

test("a black picture is not also called frozen", () => assert.deepEqual(codes({ blackMs: 18_000, frozenMs: 18_000 }), ["black"]));

test("what a probe does not look at is no fault, nor what it could not decode", () => {
  assert.deepEqual(codes({ frozenMs: 18_000, silentMs: 18_000 }, { black: true, frozen: false, silent: false }), []);
  assert.deepEqual(codes({ blackMs: null, frozenMs: null, silentMs: null, frames: null }), []);
});

test("a probe on a machine that held it judges no times, but what it decoded", () => {
  const held = { lateMs: 9000, stallMs: 8000, firstFrameMs: 9000 };
  assert.deepEqual(judgeWatch({ ...GOOD, ...held }, ALL, DEFAULT_LIMITS, []), { faults: [], unsure: true });
  assert.deepEqual(codes({ ...held, blackMs: 18_000 }), ["black"]);
});

test("a probe that was held before the first picture judges stalls, and not that picture", () => {
  const held = { firstFrameMs: 3400, startLateMs: 1000, lateMs: 1100 };
  assert.deepEqual(judgeWatch({ ...GOOD, ...held }, ALL, DEFAULT_LIMITS, []), { faults: [], unsure: true });
  assert.deepEqual(codes({ ...held, stallMs: 3000 }), ["stalled"]);
  assert.deepEqual(codes({ ...held, startLateMs: 500 }), ["slow-first-frame"]);
});

test("after an end or a refusal, missing media is not a second fault", () => {
  const ended = { code: "ended", detail: "The server ended the stream." } as const;
  assert.deepEqual(judgeWatch({ ...GOOD, stallMs: 5000 }, ALL, DEFAULT_LIMITS, [ended]).faults, [ended]);
  const refused = { code: "http-error", detail: "404" } as const;
  assert.deepEqual(judgeWatch({ ...GOOD, firstFrameMs: null, frames: null }, ALL, DEFAULT_LIMITS, [refused]).faults, [refused]);
});
