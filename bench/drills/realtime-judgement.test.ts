/** What the drill "realtime" makes of the frames that a viewer saw. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, meanKbps, sentAfter, shownAfter } from "./realtime-judgement.ts";
import { audioAfterVideo } from "./realtime-sound.ts";

const frame = (at: number, delay = 100, engine = "whep") => ({ at, delay, engine });
const figure = (at: number, kbps: number | null) => ({ at, kbps, targetKbps: null, way: "whip", phase: "live" });

test("a picture that stands over the beginning, in the middle and at the end stands for the longest of them", () => {
  assert.equal(judge([frame(900), frame(1500), frame(1600)], 1000, 1700).stoodMs, 600, "it stood already when the phase began");
  assert.equal(judge([frame(1000), frame(1100), frame(1900), frame(1990)], 1000, 2000).stoodMs, 800);
  assert.equal(judge([frame(1000), frame(1100)], 1000, 2000).stoodMs, 900);
  assert.deepEqual(judge([], 1000, 2000), { frames: 0, p50: null, p99: null, stoodMs: 1000 });
});

test("only the delays of the phase count", () => {
  const frames = [frame(500, 9000), ...Array.from({ length: 200 }, (_, i) => frame(1000 + i, i + 1)), frame(1300, 9000)];
  const { frames: count, p50, p99 } = judge(frames, 1000, 1200);
  assert.deepEqual([count, p50, p99], [200, 101, 199]);
});

test("another engine counts from its first frame, and figures from the first that fits", () => {
  assert.equal(shownAfter([frame(900, 1, "flv"), frame(1100), frame(1700, 1, "flv")], "flv", 1000), 700);
  assert.equal(shownAfter([frame(1100)], "flv", 1000), null);
  const figures = [figure(900, 100), figure(1000, 900), figure(1500, null), figure(2000, 390), figure(3000, 100)];
  assert.equal(
    sentAfter(figures, 1000, 3000, ({ kbps }) => kbps !== null && kbps < 400),
    1000,
  );
  assert.equal(
    sentAfter(figures, 1000, 3000, ({ kbps }) => kbps === 100),
    null,
  );
  assert.equal(meanKbps(figures, 1000, 3000), 645);
  assert.equal(meanKbps([], 0, 1), 0);
});

test("sound is compared with the picture of its own second", () => {
  const beeps = (delay: number) => [1, 2, 3, 4].map((second) => second * 1000 + delay);
  const seen = (delay: number) => Array.from({ length: 200 }, (_, i) => frame(i * 50, delay));
  assert.equal(audioAfterVideo(beeps(330), seen(300), 1000, 9000), 30);
  assert.equal(audioAfterVideo(beeps(1270), seen(1290), 1000, 9000), -20, "a delay of more than a second");
  assert.equal(audioAfterVideo(beeps(20), seen(980), 1000, 9000), 40, "the beep is of the second before");
  assert.equal(audioAfterVideo(beeps(330).slice(2), seen(300), 1000, 9000), null);
  // A delay that falls by 40 ms in each second, and beeps 20 ms after the pictures of their seconds.
  const falling = Array.from({ length: 200 }, (_, i) => frame(i * 50, 1000 - i * 2));
  const heard = [2, 3, 4, 5, 6, 7, 8].map((second) => (second * 1000) / 1.04 + 20);
  const apart = audioAfterVideo(heard, falling, 1000, 9000) ?? Number.NaN;
  assert.ok(Math.abs(apart - 20) < 10, String(apart));
});
