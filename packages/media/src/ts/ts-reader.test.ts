/** MPEG-TS as ffmpeg writes it, compared with the same frames in FLV. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { good, inPieces, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import type { Malformed } from "../bytes/malformed.ts";
import { splitAdts } from "../codecs/adts.ts";
import { lengthPrefixed, splitAnnexB } from "../codecs/annex-b.ts";
import { parseAudioTag } from "../flv/audio-tag.ts";
import { FlvReader } from "../flv/flv-reader.ts";
import { parseVideoTag } from "../flv/video-tag.ts";
import { STREAM_TYPE, TsReader, type TsUnit } from "./ts-reader.ts";

const HEVC = readFileSync(new URL("fixtures/ffmpeg-5.1-hevc-aac.bin", import.meta.url));
const H264 = readFileSync(new URL("fixtures/ffmpeg-5.1-h264.bin", import.meta.url));
const TICKS_PER_MS = 90;

function read(input: Uint8Array, sizes: readonly number[], maxUnitBytes = 1 << 20) {
  const units: TsUnit[] = [];
  const streams: (readonly number[])[] = [];
  const reader = new TsReader({ maxUnitBytes, onStreams: (types) => streams.push(types), onUnit: (unit) => units.push(unit) });
  let broken: Malformed | null = null;
  inPieces(input, sizes, (piece) => {
    broken ??= reader.push(piece);
  });
  broken ??= reader.end();
  return { units, streams, broken: broken as Malformed | null };
}

/** Frames of a clip, in decoding order. */
function clipFrames(clip: string, track: "video" | "audio") {
  const frames: { time: number; offset: number; key: boolean; data: Uint8Array }[] = [];
  const onTag = ({ type, timestamp, body }: { type: number; timestamp: number; body: Uint8Array }) => {
    if (type !== (track === "video" ? 9 : 8)) return;
    if (track === "video") {
      const packet = good(parseVideoTag(body));
      if (packet.kind === "frame")
        frames.push({ time: timestamp, offset: packet.compositionOffset, key: packet.key, data: packet.data.slice() });
      return;
    }
    const packet = good(parseAudioTag(body));
    if (packet.kind === "frame") frames.push({ time: timestamp, offset: 0, key: true, data: packet.data.slice() });
  };
  new FlvReader({ maxTagBytes: 1 << 24, onTag }).push(readFileSync(new URL(`../../../../e2e/clips/${clip}`, import.meta.url)));
  return frames;
}

/** NAL units without those that ffmpeg adds to MPEG-TS. */
function withoutAdded(unit: TsUnit, added: (nal: Uint8Array) => boolean): Uint8Array {
  return lengthPrefixed(splitAnnexB(unit.data).filter((nal) => !added(nal)));
}

for (const [name, input] of [
  ["hevc-aac", HEVC],
  ["h264", H264],
] as const)
  test(`${name} reads the same byte by byte, packet by packet and as a whole`, () => {
    const whole = read(input, [input.length]);
    assert.equal(whole.broken, null);
    assert.ok(whole.units.length >= 30);
    for (const sizes of [[1], [188], [187, 3, 500]]) assert.deepEqual(read(input, sizes), whole);
  });

test("HEVC and AAC: the frames, key frames and times are those of the same clip in FLV", () => {
  const { units, streams } = read(HEVC, [1316]);
  assert.deepEqual(streams, [[STREAM_TYPE.hevc, STREAM_TYPE.aac]]);
  const video = units.filter(({ streamType }) => streamType === STREAM_TYPE.hevc);
  const expected = clipFrames("hevc.flv", "video").slice(0, video.length);
  // 39: the SEI with the encoder's name, which the clip has in its configuration.
  const isAdded = (nal: Uint8Array) => [32, 33, 34, 35, 39].includes(((nal[0] ?? 0) >> 1) & 63);
  assert.deepEqual(
    video.map((unit) => Buffer.from(withoutAdded(unit, isAdded)).toString("hex")),
    expected.map(({ data }) => Buffer.from(data).toString("hex")),
  );
  assert.deepEqual(
    video.map(({ isRandomAccess }) => isRandomAccess),
    expected.map(({ key }) => key),
  );
  const first = { ts: video[0]?.dts ?? 0, flv: expected[0]?.time ?? 0 };
  video.forEach(({ pts, dts }, i) => {
    const { time = 0, offset = 0 } = expected[i] ?? {};
    assert.ok(Math.abs((dts - first.ts) / TICKS_PER_MS - (time - first.flv)) <= 1, `frame ${i}`);
    assert.ok(Math.abs((pts - dts) / TICKS_PER_MS - offset) <= 1, `frame ${i}`);
  });
  const audio = units.filter(({ streamType }) => streamType === STREAM_TYPE.aac).flatMap(({ data }) => good(splitAdts(data)));
  assert.deepEqual(
    audio.map(({ payload }) => Buffer.from(payload).toString("hex")),
    clipFrames("hevc.flv", "audio")
      .slice(0, audio.length)
      .map(({ data }) => Buffer.from(data).toString("hex")),
  );
});

test("H.264: the frames are those of the same clip in FLV", () => {
  const { units } = read(H264, [4096]);
  const isAdded = (nal: Uint8Array) => [7, 8, 9].includes((nal[0] ?? 0) & 31);
  assert.deepEqual(
    units.map((unit) => Buffer.from(withoutAdded(unit, isAdded)).toString("hex")),
    clipFrames("h264opus.flv", "video")
      .slice(0, units.length)
      .map(({ data }) => Buffer.from(data).toString("hex")),
  );
});

test("what is no MPEG-TS, and a unit that is too large, are refused", () => {
  assert.match(read(Buffer.alloc(400, "GET /"), [9]).broken?.rule ?? "", /sync byte/);
  assert.match(read(HEVC, [9], 1000).broken?.rule ?? "", /more than 1000 bytes/);
});

test("a time of 33 bits is read", () => {
  const packet = Buffer.from(H264);
  // The first packet with a PES header: all bits of its time are set.
  const at = packet.indexOf(Buffer.from([0, 0, 1, 0xe0]));
  packet.set([0x3f, 0xff, 0xff, 0xff, 0xff, 0x1f, 0xff, 0xff, 0xff, 0xff], at + 9);
  const unit = read(packet, [188]).units[0];
  assert.deepEqual([unit?.pts, unit?.dts], [2 ** 33 - 1, 2 ** 33 - 1]);
});

test("any bytes are survived", () => {
  survivesAnyBytes(HEVC.subarray(0, 188 * 40), (input) => read(input, [188]));
});
