import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { parseAacConfiguration } from "./aac.ts";
import { splitAdts } from "./adts.ts";

/** LC, 44.1 kHz, stereo: two frames of ten bytes, as ffmpeg writes their headers, the second with a checksum. */
const FRAMES = bytes("fff15080015ffc 010203 fff0508001 5ffc aabb 04");

test("frames lose their headers, and their configuration is what AudioSpecificConfig says", () => {
  const frames = good(splitAdts(FRAMES));
  assert.deepEqual(
    frames.map(({ payload }) => [...payload]),
    [[1, 2, 3], [4]],
  );
  for (const { configuration } of frames) {
    const { sampleRate, channels, profile } = good(parseAacConfiguration(configuration));
    assert.deepEqual([sampleRate, channels, profile], [44_100, 2, "LC"]);
  }
});

test("frames that are cut short, too short or not there are refused", () => {
  for (const wrong of [
    FRAMES.subarray(0, 12),
    bytes("fff15080001ffc"),
    bytes("00115080015ffc010203"),
    bytes("fff15080015ffd010203"),
  ])
    assert.ok(splitAdts(wrong) instanceof Malformed);
  assert.deepEqual(splitAdts(new Uint8Array(0)), []);
  survivesAnyBytes(FRAMES, splitAdts);
});
