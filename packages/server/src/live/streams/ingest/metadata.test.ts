import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanMetadata, completeMetadata } from "./metadata.ts";

const video = {
  track: "video",
  codec: "hvc1",
  data: new Uint8Array(),
  format: { width: 1280, height: 720, frameRate: 30, profile: "Main", codecString: "hvc1" },
} as const;

test("what is true only of a file, what is huge and what is no plain value is left out", () => {
  const cleaned = cleanMetadata({
    duration: 5,
    filesize: 9,
    encoder: "obs",
    title: "x".repeat(5000),
    list: [1],
    rate: Number.NaN,
    stereo: true,
  });
  assert.deepEqual(cleaned, { encoder: "obs", stereo: true });
});

test("what another server has found out of a stream is not passed on: it is found out here", () => {
  assert.deepEqual(cleanMetadata({ videoproblem: "nal-lengths", audioproblem: "aac-frames", stereo: true }), { stereo: true });
});

test("the configuration is believed over the publisher's words, and completes them", () => {
  const told = completeMetadata({ width: 640, encoder: "obs", audiocodecid: 10, stereo: true }, video, null);
  assert.deepEqual(told, { encoder: "obs", width: 1280, height: 720, framerate: 30, videocodecid: 0x68766331 });
});
