import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed } from "../bytes/malformed.ts";
import { VP8_CONFIGURATION, vp8KeyFrameSize } from "./vp8.ts";
import { parseVp9Configuration } from "./vp9.ts";

/** The beginning of libvpx's first frame of 320 by 180. */
const KEY = Buffer.from("1066009d012a4001b4000047088585888584", "hex");

test("a key frame has its size, without what says how to scale it", () => {
  assert.deepEqual(vp8KeyFrameSize(KEY), { width: 320, height: 180 });
  const scaled = Buffer.from(KEY);
  scaled[7] = 0x41;
  assert.deepEqual(vp8KeyFrameSize(scaled), { width: 320, height: 180 });
});

test("another frame, and one that is cut short anywhere before its size ends, is malformed", () => {
  assert.ok(vp8KeyFrameSize(Buffer.from([0x11, ...KEY.subarray(1)])) instanceof Malformed);
  for (let length = 0; length < 10; length++) assert.ok(vp8KeyFrameSize(KEY.subarray(0, length)) instanceof Malformed);
});

test("the configuration of an encoder that has none is one", () => {
  const parsed = parseVp9Configuration(VP8_CONFIGURATION);
  assert.ok(!(parsed instanceof Malformed));
  assert.deepEqual([parsed.profile, parsed.level, parsed.bitDepth], [0, 10, 8]);
});
