import assert from "node:assert/strict";
import { test } from "node:test";
import { avcCodecs, scaleDown, usualKbps, videoSettings } from "./video-settings.ts";

const HD = { width: 1280, height: 720 };

test("a picture of motion becomes smaller with few bits, and large again only with clearly more", () => {
  const full = videoSettings(HD, 2500, "motion", null);
  assert.deepEqual(full, { ...HD, fps: 30 });
  const small = videoSettings(HD, 300, "motion", full);
  assert.ok(small.width < 1280 && small.fps === 30, JSON.stringify(small));
  const edge = 0.025 * 1280 * 720 * 30 * 0.001;
  assert.equal(videoSettings(HD, edge * 1.1, "motion", full).width, 1280);
  assert.ok(videoSettings(HD, edge * 1.1, "motion", small).width < 1280);
  assert.equal(videoSettings(HD, edge * 1.5, "motion", small).width, 1280);
});

test("a screen stays sharp, and changes less often", () => {
  const screen = { width: 1920, height: 1080 };
  assert.deepEqual(videoSettings(screen, 4000, "detail", null), { ...screen, fps: 30 });
  assert.deepEqual(videoSettings(screen, 300, "detail", null), { ...screen, fps: 8 });
});

test("sizes are even and at most full HD", () => {
  assert.deepEqual(videoSettings({ width: 1365, height: 767 }, 5000, "motion", null), { width: 1364, height: 766, fps: 30 });
  const large = videoSettings({ width: 3840, height: 2160 }, 9000, "detail", null);
  assert.deepEqual([large.width, large.height], [1920, 1080]);
});

test("a limit makes the picture smaller and rarer, and never larger, in either direction", () => {
  const tile = { maxLines: 180, maxFps: 15 };
  assert.deepEqual(videoSettings(HD, 2500, "motion", null, tile), { width: 320, height: 180, fps: 15 });
  assert.deepEqual(videoSettings({ width: 720, height: 1280 }, 2500, "motion", null, tile), { width: 180, height: 320, fps: 15 });
  assert.deepEqual(videoSettings({ width: 160, height: 120 }, 2500, "motion", null, tile), { width: 160, height: 120, fps: 15 });
  assert.deepEqual([scaleDown(HD, 180), scaleDown(HD, 1080), scaleDown(HD, null)], [4, 1, 1]);
});

test("the level is that of the size, and the bitrate that of the picture", () => {
  assert.equal(avcCodecs({ ...HD, fps: 30 })[0], "avc1.42E01F");
  assert.equal(avcCodecs({ width: 1920, height: 1080, fps: 30 })[0], "avc1.42E028");
  assert.equal(avcCodecs({ width: 640, height: 360, fps: 30 })[0], "avc1.42E01E");
  assert.deepEqual([usualKbps(HD), usualKbps({ width: 640, height: 360 })], [2500, 900]);
});
