import assert from "node:assert/strict";
import { test } from "node:test";
import type { LadderName } from "../../platform/config/schema.ts";
import { type LadderSource, levelOf, rungsOf, variantOf, workOf } from "./rungs.ts";

const source = (width: number, height: number, more: Partial<LadderSource> = {}): LadderSource => ({
  video: { width, height, frameRate: 30, codec: "avc1" },
  audio: { codecString: "mp4a.40.2", codec: "mp4a" },
  videoKbps: 2500,
  audioKbps: 96,
  ...more,
});
const names = (ladder: LadderName, of: LadderSource) => rungsOf(ladder, of).map(({ name }) => name);

test("a rung is smaller than its source, by the shorter side", () => {
  assert.deepEqual(names("mobile", source(1920, 1080)), ["720p", "480p", "360p", "saver", "audio"]);
  assert.deepEqual(names("mobile", source(1280, 720)), ["480p", "360p", "saver", "audio"]);
  assert.deepEqual(names("full", source(3840, 2160)), ["1080p", "720p", "480p", "360p", "saver", "audio"]);
  assert.deepEqual(names("full", source(320, 180)), ["saver", "audio"]);
  const upright = rungsOf("mobile", source(720, 1280)).map(({ video }) => video && [video.width, video.height]);
  assert.deepEqual(upright, [[480, 854], [360, 640], [360, 640], null]);
});

test("a ladder has what its name says", () => {
  const hd = source(1920, 1080);
  assert.deepEqual(names("none", hd), []);
  assert.deepEqual(names("data-saver", hd), ["saver", "audio"]);
  assert.deepEqual(names("audio", hd), ["audio"]);
  assert.deepEqual(names("mobile", { ...hd, video: null }), ["audio"]);
  assert.deepEqual(names("audio", { ...hd, audio: null }), []);
});

test("a rung has fewer bits than its source, and the data saver less than a fifth", () => {
  for (const videoKbps of [400, 1000, 2500, 8000]) {
    const of = source(1920, 1080, { videoKbps });
    for (const { name, video, audio } of rungsOf("full", of)) {
      if (name !== "saver") continue;
      assert.ok((video?.kbps ?? 0) + (audio?.kbps ?? 0) < 0.2 * (videoKbps + 96), `${videoKbps}: ${video?.kbps}`);
    }
  }
  const kbps = rungsOf("mobile", source(1920, 1080, { videoKbps: 1000 })).map(({ video }) => video?.kbps);
  assert.deepEqual(kbps.slice(0, 2), [880, 750]);
});

test("a source whose codecs few devices know has a rung of its own size, and sound in AAC", () => {
  const hevc = source(1280, 720, { video: { width: 1280, height: 720, frameRate: 30, codec: "hvc1" } });
  const [largest] = rungsOf("mobile", hevc);
  assert.equal(largest?.name, "720p");
  assert.deepEqual([largest?.video?.width, largest?.video?.height, largest?.audio], [1280, 720, null]);
  const opus = source(640, 360, { audio: { codecString: "opus", codec: "Opus" } });
  assert.deepEqual(
    rungsOf("mobile", opus).map(({ name, audio }) => [name, audio?.kbps]),
    [
      ["saver", 32],
      ["audio", 128],
    ],
  );
});

test("a variant is declared before its first segment exists: the most bits that it has, its codecs and its size", () => {
  const of = source(1280, 720);
  const [rung] = rungsOf("mobile", of);
  assert.ok(rung?.video);
  const variant = variantOf(rung, of);
  assert.deepEqual(variant.codecs, ["avc1.64001f", "mp4a.40.2"]);
  assert.deepEqual(variant.resolution, { width: 854, height: 480 });
  assert.equal(variant.frameRate, 30);
  assert.equal(Math.round(variant.bandwidth), Math.round((1000 * 1.25 + 96) * 1.03 * 1000));
  const sound = rungsOf("audio", of)[0];
  assert.deepEqual(sound && variantOf(sound, of).codecs, ["mp4a.40.2"]);
});

test("levels have room for 60 frames a second", () => {
  const at = (width: number, height: number) => levelOf({ width, height, kbps: 0 });
  assert.deepEqual([at(640, 360), at(854, 480), at(1280, 720), at(1920, 1080), at(3840, 2160)], [31, 31, 32, 42, 52]);
});

test("rungs that somebody has put together are encoded as they say, but never larger than the source", () => {
  const custom = [
    { name: "big", height: 1440, videoKbps: 9000, audioKbps: null },
    { name: "small", height: 240, videoKbps: 200, audioKbps: 32 },
    { name: "sound", height: null, videoKbps: 1000, audioKbps: 64 },
  ];
  const rungs = rungsOf(custom, source(1280, 720));
  assert.deepEqual(rungs[0], { name: "big", video: { width: 1280, height: 720, kbps: 3600 }, audio: null });
  assert.deepEqual(rungs[1], { name: "small", video: { width: 426, height: 240, kbps: 200 }, audio: { kbps: 32, channels: 1 } });
  assert.deepEqual(rungs[2], { name: "sound", video: null, audio: { kbps: 64, channels: 2 } });
  assert.deepEqual(
    rungsOf(custom, source(1280, 720, { audio: null })).map(({ name }) => name),
    ["big", "small"],
  );
});

test("the work of a ladder grows with its source and its rungs", () => {
  const work = (ladder: LadderName, of: LadderSource) => workOf(rungsOf(ladder, of), of);
  const hd = source(1280, 720);
  assert.ok(work("mobile", hd) > work("data-saver", hd));
  assert.ok(work("mobile", source(1920, 1080)) > 1.5 * work("mobile", hd));
  assert.equal(work("audio", hd), 0, "the source's own sound is copied");
  assert.equal(work("none", hd), 0);
});
