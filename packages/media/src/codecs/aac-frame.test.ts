/** Frames of AAC as FFmpeg's encoder wrote them, and what no decoder takes. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { parseAudioTag } from "../flv/audio-tag.ts";
import { FlvReader } from "../flv/flv-reader.ts";
import { TAG_TYPE } from "../flv/tag.ts";
import { AacFrames } from "./aac-frame.ts";
import { concealingFrame } from "./concealment.ts";

/** Low complexity at 44.1 kHz. */
const ofChannels = (channels: number, type = 2) => Uint8Array.of((type << 3) | 2, channels << 3);
const MONO = ofChannels(1);
const STEREO = ofChannels(2);

/** Bytes that begin with some bits. */
function frameOf(bits: string, length = 40): Uint8Array {
  const digits = bits.replaceAll(" ", "").padEnd(length * 8, "0");
  return Uint8Array.from(digits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** A single channel of one window: its element, `global_gain` and `ics_info` up to the bands, of which there are so many. */
const single = (bands: number) => `000 0000 01100100 0 00 0 ${bands.toString(2).padStart(6, "0")} 0`;

test("every frame that FFmpeg's encoder wrote fits its configuration", () => {
  for (const clip of ["hevc.flv", "av1.flv", "vp9.flv"]) {
    let frames: AacFrames | null = null;
    let count = 0;
    const reader = new FlvReader({
      maxTagBytes: 1 << 24,
      onTag: ({ type, body }) => {
        if (type !== TAG_TYPE.audio) return;
        const packet = good(parseAudioTag(body));
        if (packet.kind === "configuration") frames = new AacFrames(packet.data);
        if (packet.kind !== "frame") return;
        assert.equal(frames?.fits(packet.data), true, `${clip}: frame ${count}`);
        count++;
      },
    });
    reader.push(readFileSync(new URL(`../../../../e2e/clips/${clip}`, import.meta.url)));
    assert.ok(count > 50, `${clip} has ${count} frames`);
  }
});

test("silence fits, for each number of channels that it is made for", () => {
  for (const channels of [1, 2, 3, 4, 5, 6]) {
    const configuration = ofChannels(channels);
    const silence = concealingFrame("mp4a", configuration, new Uint8Array(0));
    assert.ok(silence && new AacFrames(configuration).fits(silence), `${channels}`);
  }
});

test("nearly no random bytes fit", () => {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  for (const configuration of [MONO, STEREO, ofChannels(2, 5), ofChannels(1, 29)]) {
    const frames = new AacFrames(configuration);
    let fitting = 0;
    for (let i = 0; i < 5000; i++) if (frames.fits(Uint8Array.from({ length: 180 }, random))) fitting++;
    assert.ok(fitting < 50, `${fitting} of 5000`);
  }
});

test("what the standard reserves, and more bands than there are, is refused", () => {
  const mono = new AacFrames(MONO);
  const fits = (bits: string) => mono.fits(frameOf(bits));
  // One section of 10 bands: its codebook, and its length.
  assert.equal(fits(`${single(10)} 0001 01010`), true);
  assert.equal(fits(`${single(10)} 1100 01010`), false, "codebook 12");
  assert.equal(fits(`${single(10)} 0001 01011`), false, "a section beyond the last band");
  assert.equal(fits(`${single(40)} 0001 11111 01001`), true, "a section of 31 and 9 bands");
  assert.equal(fits(`${single(40)} 0001 11111 01010`), false, "a section of 31 and 10 bands");
  assert.equal(fits(`${single(50)} 0001 11111 10011`), false, "50 bands of 49");
  assert.equal(fits("000 0000 01100100 1 00 0 001010 0 0001 01010"), false, "the reserved bit");
  assert.equal(fits("000 0000 01100100 0 00 0 001010 1 0001 01010"), false, "prediction");
  // Eight short windows, all in one group, and in two.
  assert.equal(fits("000 0000 01100100 0 10 0 1010 1111111 0001 111 011"), true);
  assert.equal(fits("000 0000 01100100 0 10 0 1010 1110111 0001 111 011 0001 111 011"), true);
  assert.equal(fits("000 0000 01100100 0 10 0 1010 1110111 0001 111 011 0001 111 100"), false, "in the second group");
  assert.equal(fits("000 0000 01100100 0 10 0 1111 1111111 0001 111 111 001"), false, "15 bands of 14");
});

test("a pair has its window once or twice", () => {
  const stereo = new AacFrames(STEREO);
  const fits = (bits: string) => stereo.fits(frameOf(bits));
  const window = "0 00 0 001010 0";
  assert.equal(fits(`001 0000 1 ${window} 00 01100100 0001 01010`), true);
  assert.equal(fits(`001 0000 1 ${window} 01 1010101010 01100100 0001 01010`), true, "a bit for each band");
  assert.equal(fits(`001 0000 1 ${window} 11 01100100 0001 01010`), false, "the reserved mask");
  assert.equal(fits(`001 0000 0 01100100 ${window} 0001 01010`), true);
  assert.equal(fits(`001 0000 0 01100100 ${window} 0001 01011`), false);
});

test("elements without a channel are passed over", () => {
  const mono = new AacFrames(MONO);
  const fits = (bits: string) => mono.fits(frameOf(bits));
  const sound = `${single(10)} 0001 01010`;
  assert.equal(fits(`110 0010 1111000011110000 ${sound}`), true, "two bytes of filling");
  // Its bytes begin at the next whole one.
  assert.equal(fits(`100 0000 1 00000001 11111111 ${sound}`), true, "a byte of data");
  assert.equal(fits(`110 1111 11111111 ${sound}`), false, "more filling than there is");
  assert.equal(
    fits(`101 0000 01 0100 0001 0000 0000 00 000 0000 0 0 0 00000 000000 00000000 ${sound}`),
    true,
    "what the channels are",
  );
});

test("channels that the configuration does not have are refused, and a frame without any is empty", () => {
  const fits = (configuration: Uint8Array, ...frame: readonly number[]) =>
    new AacFrames(configuration).fits(Uint8Array.from(frame));
  assert.equal(new AacFrames(STEREO).fits(frameOf(`${single(10)} 0001 01010`)), false, "one of two");
  assert.equal(new AacFrames(MONO).fits(frameOf("001 0000 1 0 00 0 001010 0 00 01100100 0001 01010")), false, "two of one");
  assert.equal(fits(STEREO, 0x60, 0, 0, 0), false, "low frequencies");
  assert.equal(fits(STEREO, 0x40, 0, 0, 0), false, "coupling");
  assert.equal(fits(STEREO, 0xe0), true);
  assert.equal(fits(STEREO, 0xe0, 0, 0, 0), false, "bytes behind the end");
  assert.equal(fits(STEREO), false);
  const parametric = new AacFrames(ofChannels(2, 29));
  assert.equal(parametric.fits(frameOf(`${single(10)} 0001 01010`)), true, "one of two, of which a decoder makes two");
});

test("nothing is said of object types with other frames, nor without a configuration", () => {
  const noise = Uint8Array.of(0xff, 0xff, 0xff);
  for (const configuration of [ofChannels(2, 1), ofChannels(2, 23), new Uint8Array(0)])
    assert.equal(new AacFrames(configuration).fits(noise), true);
});

test("any bytes are read without an error", () => {
  const stereo = new AacFrames(STEREO);
  survivesAnyBytes(frameOf("001 0000 1 0 00 0 001010 0 01 1010101010 01100100 0001 01010"), (frame) => stereo.fits(frame));
  survivesAnyBytes(STEREO, (configuration) => new AacFrames(configuration).fits(frameOf(`${single(10)} 0001 01010`)));
});
