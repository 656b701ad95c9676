import assert from "node:assert/strict";
import { test } from "node:test";
import { SoundFaults } from "./sound-faults.ts";

/** As Firefox and Chromium word it. */
const FIREFOX =
  "NS_ERROR_DOM_MEDIA_DECODE_ERR (0x806e0004) - MediaResult mozilla::FFmpegAudioDecoder<60>::DoDecode: FFmpeg audio error";
const CHROMIUM = "PIPELINE_ERROR_DECODE: Failed to send audio packet for decoding: timestamp=0";

test("after two errors of the sound within a minute it is left out for half a minute", () => {
  for (const detail of [FIREFOX, CHROMIUM]) {
    const faults = new SoundFaults();
    assert.equal(faults.note(detail, 1000), true);
    assert.equal(faults.leftOutUntil(1001), null, "one error may be chance");
    assert.equal(faults.note(detail, 3000), true);
    assert.deepEqual([faults.leftOutUntil(3000), faults.leftOutFor(13_000)], [33_000, 10_000]);
    assert.deepEqual([faults.leftOutUntil(33_000), faults.leftOutFor(33_000)], [null, null], "it is tried again");
  }
});

test("sound that fails again when it is tried is left out at once, for twice as long, up to ten minutes", () => {
  const faults = new SoundFaults();
  faults.note(FIREFOX, 0);
  faults.note(FIREFOX, 0);
  let until = faults.leftOutUntil(0) ?? 0;
  const waits = Array.from({ length: 6 }, () => {
    const again = until + 500;
    faults.note(FIREFOX, again);
    until = faults.leftOutUntil(again) ?? 0;
    return until - again;
  });
  assert.deepEqual(waits, [60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
});

test("sound that was played for a minute begins again, and errors of the picture are none of the sound", () => {
  const faults = new SoundFaults();
  assert.equal(faults.note("PIPELINE_ERROR_DECODE: Failed to send video packet for decoding", 0), false);
  faults.note(FIREFOX, 0);
  faults.note(FIREFOX, 0);
  faults.note(FIREFOX, 100_000);
  assert.equal(faults.leftOutUntil(100_001), null);
  faults.note(FIREFOX, 170_000);
  assert.equal(faults.leftOutUntil(170_001), null, "seventy seconds later");
});
