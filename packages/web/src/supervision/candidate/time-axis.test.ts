import assert from "node:assert/strict";
import { test } from "node:test";
import type { WallRecording } from "../wall/wall-types.ts";
import { axisOf, barAt, shareOf } from "./time-axis.ts";

const START = Date.parse("2026-12-01T08:00:00Z");
const recording = (id: string, kind: WallRecording["kind"], fromSeconds: number, seconds: number): WallRecording => ({
  id,
  kind,
  startedAt: new Date(START + fromSeconds * 1000).toISOString(),
  seconds,
  whole: true,
  play: { hls: `/${id}.m3u8`, mp4: `/${id}.mp4` },
});
const RECORDINGS = [recording("c2", "camera", 120, 60), recording("c1", "camera", 0, 100), recording("s1", "screen", 10, 300)];

test("the axis goes from the first to the last picture of all recordings", () => {
  const axis = axisOf(RECORDINGS);
  assert.deepEqual([axis?.from, axis?.to, axis?.bars.map(({ id }) => id)], [START, START + 310_000, ["c1", "s1", "c2"]]);
  assert.equal(axisOf([]), null);
});

test("a moment is found in the recording of its kind, and in a gap the next one begins", () => {
  const axis = axisOf(RECORDINGS);
  assert.ok(axis);
  const found = (kind: WallRecording["kind"], second: number) => {
    const at = barAt(axis, kind, START + second * 1000);
    return at && [at.bar.id, at.seconds];
  };
  assert.deepEqual(found("camera", 40), ["c1", 40]);
  assert.deepEqual(found("camera", 110), ["c2", 0]);
  assert.deepEqual(found("screen", 40), ["s1", 30]);
  assert.equal(found("camera", 200), null);
  assert.equal(found("phone", 0), null);
});

test("a time outside of the axis stands at its end", () => {
  const axis = { from: 1000, to: 2000 };
  assert.deepEqual(
    [0, 1250, 9000].map((time) => shareOf(axis, time)),
    [0, 25, 100],
  );
});
