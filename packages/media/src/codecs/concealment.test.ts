/** Frames in the place of sound that is missing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { concealingFrame } from "./concealment.ts";
import { opusPacketSamples } from "./opus.ts";

const hex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString("hex");
const NOTHING = new Uint8Array(0);

test("Opus is told that a frame was lost, which lasts as long as one of the packet before", () => {
  // Fullband CELT of 20 ms, stereo, two frames of the same size.
  const before = Uint8Array.of((31 << 3) | 4 | 1, 1, 2);
  const frame = concealingFrame("Opus", NOTHING, before);
  assert.equal(hex(frame), "fc");
  assert.equal(frame && opusPacketSamples(frame), 960);
  assert.equal(concealingFrame("Opus", NOTHING, NOTHING), null);
});

test("AAC has silence for each configuration of channels, and none where the frames say which it is", () => {
  const configuration = (type: number, channels: number) => Uint8Array.of((type << 3) | 1, 0x80 | (channels << 3));
  const silence = [0, 1, 2, 3, 4, 5, 6, 7].map((channels) => hex(concealingFrame("mp4a", configuration(2, channels), NOTHING)));
  // Each was decoded by FFmpeg without a complaint, to samples of 0.
  assert.deepEqual(silence, [
    null,
    "00000007",
    "21000000001c",
    "000000010800000000e0",
    "00000001080000000002000007",
    "00000001080000000023000000001c",
    "00000001080000000023000000000c000000e0",
    null,
  ]);
  assert.equal(concealingFrame("mp4a", configuration(39, 2), NOTHING), null, "low delay has blocks of its own");
  assert.equal(concealingFrame("mp4a", NOTHING, NOTHING), null);
  assert.equal(concealingFrame(".mp3", NOTHING, NOTHING), null);
});
