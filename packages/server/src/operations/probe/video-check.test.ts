/** What ffmpeg's filters say of a picture and its sound. The log lines are those of ffmpeg 5.1. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFigures, VideoCheck } from "./video-check.ts";

const LOG = `
[freezedetect @ 0x1] lavfi.freezedetect.freeze_start: 1.64
[silencedetect @ 0x2] silence_start: -0.0213333
[silencedetect @ 0x2] silence_end: 2.5 | silence_duration: 2.52133
[blackdetect @ 0x3] black_start:3 black_end:4.5 black_duration:1.5
[blackdetect @ 0x3] black_start:8 black_end:9 black_duration:1
[freezedetect @ 0x1] lavfi.freezedetect.freeze_duration: 4.36
[freezedetect @ 0x1] lavfi.freezedetect.freeze_end: 6
[freezedetect @ 0x1] lavfi.freezedetect.freeze_start: 7
`;

test("the longest of each counts; one without an end lasts to the end of the media", () => {
  const progress = "frame=100\nout_time_us=4000000\nframe=400\nout_time_us=16000000\nprogress=end\n";
  assert.deepEqual(readFigures(LOG, progress, true), { frames: 400, blackMs: 1500, frozenMs: 9000, silentMs: 2500 });
});

test("bytes that are no media have no figures", async () => {
  const check = new VideoCheck(true);
  check.push(Buffer.from("this is not media at all, whatever its name says"));
  assert.equal(await check.finish(10_000), null);
});
