/** Configurations as real encoders wrote them, taken from the clips. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { parseAudioTag } from "../flv/audio-tag.ts";
import { FlvReader } from "../flv/flv-reader.ts";
import { parseVideoTag } from "../flv/video-tag.ts";
import { parseAacConfiguration } from "./aac.ts";
import { av1Format } from "./av1.ts";
import { parseAvcConfiguration, parseAvcSps, writeAvcConfiguration } from "./h264.ts";
import { hevcFormat, parseHevcConfiguration, writeHevcConfiguration } from "./hevc.ts";
import { parseMp3Header } from "./mp3.ts";
import { opusPacketSamples, parseOpusHead } from "./opus.ts";
import { parseVp9Configuration, vp9KeyFrameSize } from "./vp9.ts";

function firstOf(clip: string, kind: "configuration" | "frame", track: "video" | "audio"): Uint8Array {
  let found: Uint8Array | null = null;
  const reader = new FlvReader({
    maxTagBytes: 1 << 24,
    onTag: ({ type, body }) => {
      if (type !== (track === "video" ? 9 : 8)) return;
      const packet = good(track === "video" ? parseVideoTag(body) : parseAudioTag(body));
      if (packet.kind === kind) found ??= packet.data;
    },
  });
  reader.push(readFileSync(new URL(`../../../../e2e/clips/${clip}`, import.meta.url)));
  assert.ok(found);
  return found;
}

test("H.264: size, frame rate, profile and codec string", () => {
  const configuration = good(parseAvcConfiguration(firstOf("h264opus.flv", "configuration", "video")));
  assert.equal(configuration.nalLengthSize, 4);
  const format = good(parseAvcSps(configuration.sps[0]!));
  assert.deepEqual([format.width, format.height, format.frameRate, format.profile], [320, 180, 30, "High"]);
  assert.match(format.codecString, /^avc1\.64[0-9a-f]{4}$/);
});

test("H.264: cropping, interlacing and 4:0:0 are counted", () => {
  // 1920×1080 High, from a camera: 1088 lines coded, 8 cropped
  const sps = bytes("67640028acd940780227e5c05a808080a0000003002000000781e30632c0");
  const format = good(parseAvcSps(sps));
  assert.deepEqual([format.width, format.height], [1920, 1080]);
});

test("HEVC: size, frame rate, profile and codec string", () => {
  const format = good(hevcFormat(good(parseHevcConfiguration(firstOf("hevc.flv", "configuration", "video")))));
  assert.deepEqual([format.width, format.height, format.frameRate, format.profile], [320, 180, 30, "Main"]);
  assert.match(format.codecString, /^hvc1\.1\.6\.L\d+/);
});

test("AV1: size, profile and codec string", () => {
  const format = good(av1Format(firstOf("av1.flv", "configuration", "video")));
  assert.deepEqual([format.width, format.height, format.profile], [320, 180, "Main"]);
  assert.match(format.codecString, /^av01\.0\.\d\dM\.08$/);
});

test("VP9: codec string from the configuration, size from the key frame", () => {
  const configuration = good(parseVp9Configuration(firstOf("vp9.flv", "configuration", "video")));
  assert.match(configuration.codecString, /^vp09\.00\.\d\d\.08$/);
  assert.deepEqual(vp9KeyFrameSize(firstOf("vp9.flv", "frame", "video")), { width: 320, height: 180 });
});

test("AAC: rate, channels and frame length, with an explicit rate and with SBR", () => {
  assert.deepEqual(good(parseAacConfiguration(bytes("1210"))), {
    sampleRate: 44100,
    channels: 2,
    frameSamples: 1024,
    profile: "LC",
    codecString: "mp4a.40.2",
  });
  assert.equal(good(parseAacConfiguration(bytes("1388"))).sampleRate, 22050);
  assert.equal(good(parseAacConfiguration(bytes("1388"))).channels, 1);
  const he = good(parseAacConfiguration(bytes("2b920800")));
  assert.deepEqual([he.sampleRate, he.profile, he.codecString], [22050, "HE", "mp4a.40.5"]);
});

test("Opus: channels and pre-skip from the header, samples from each packet", () => {
  const head = good(parseOpusHead(firstOf("av1.flv", "configuration", "audio")));
  assert.deepEqual([head.sampleRate, head.channels], [48000, 1]);
  assert.ok(head.preSkip > 0);
  assert.equal(opusPacketSamples(firstOf("av1.flv", "frame", "audio")), 960);
  assert.equal(opusPacketSamples(bytes("f8")), 960);
  assert.equal(opusPacketSamples(bytes("e3 06")), 720);
  assert.ok(opusPacketSamples(bytes("1b 3f")) instanceof Malformed);
});

test("MP3: a frame tells its rate, channels and length, of each version of MPEG", () => {
  const told = (header: string) => {
    const { sampleRate, channels, frameSamples, codecString } = good(parseMp3Header(bytes(header)));
    return [sampleRate, channels, frameSamples, codecString];
  };
  assert.deepEqual(told("fffb9064"), [44_100, 2, 1152, "mp3"]);
  assert.deepEqual(told("fffb94c4"), [48_000, 1, 1152, "mp3"]);
  assert.deepEqual(told("fff340c4"), [22_050, 1, 576, "mp3"]);
  assert.deepEqual(told("ffe348c4"), [8000, 1, 576, "mp3"]);
  for (const other of ["fffd9064", "fff19064", "fffb9c64", "ff", "7ffb9064"])
    assert.ok(parseMp3Header(bytes(other)) instanceof Malformed, other);
});

const PARSERS: readonly [string, Uint8Array, (input: Uint8Array) => unknown][] = [
  ["H.264 configuration", firstOf("h264opus.flv", "configuration", "video"), parseAvcConfiguration],
  ["H.264 parameter set", bytes("67640028acd940780227e5c05a808080a0000003002000000781e30632c0"), parseAvcSps],
  [
    "HEVC",
    firstOf("hevc.flv", "configuration", "video"),
    (input) => {
      const configuration = parseHevcConfiguration(input);
      return configuration instanceof Malformed ? configuration : hevcFormat(configuration);
    },
  ],
  ["AV1", firstOf("av1.flv", "configuration", "video"), av1Format],
  ["VP9 configuration", firstOf("vp9.flv", "configuration", "video"), parseVp9Configuration],
  ["VP9 key frame", firstOf("vp9.flv", "frame", "video").slice(0, 64), vp9KeyFrameSize],
  ["AAC", bytes("2b920800"), parseAacConfiguration],
  ["Opus header", firstOf("av1.flv", "configuration", "audio"), parseOpusHead],
  ["MP3 frame", bytes("fffb9064"), parseMp3Header],
  ["Opus packet", firstOf("av1.flv", "frame", "audio"), opusPacketSamples],
];
for (const [name, input, parse] of PARSERS) test(`${name}: any bytes are survived`, () => survivesAnyBytes(input, parse));

test("H.264: a configuration that is written from its parameter sets is the one that FFmpeg wrote", () => {
  const written = firstOf("h264opus.flv", "configuration", "video");
  const { sps, pps } = good(parseAvcConfiguration(written));
  assert.deepEqual([...good(writeAvcConfiguration(sps, pps))], [...written]);
  assert.ok(writeAvcConfiguration([], pps) instanceof Malformed);
  survivesAnyBytes(sps[0]!, (set) => writeAvcConfiguration([set], pps));
});

test("HEVC: a configuration that is written from its parameter sets has the sets, format and profile of the one that FFmpeg wrote", () => {
  const expected = good(parseHevcConfiguration(firstOf("hevc.flv", "configuration", "video")));
  const sets = expected.nals.filter(({ type }) => type >= 32 && type <= 34).map(({ data }) => data);
  const written = good(writeHevcConfiguration(sets));
  const read = good(parseHevcConfiguration(written));
  assert.deepEqual({ ...read, nals: sets }, { ...expected, nals: sets });
  assert.deepEqual(
    read.nals.map(({ data }) => data),
    sets,
  );
  assert.deepEqual(good(hevcFormat(read)), good(hevcFormat(expected)));
  // Chroma format, and both bit depths less 8: section 8.3.3.1.2.
  assert.deepEqual([...written.subarray(16, 19)], [0xfd, 0xf8, 0xf8]);
  assert.ok(writeHevcConfiguration(sets.slice(0, 1)) instanceof Malformed);
  survivesAnyBytes(sets[1]!, (set) => writeHevcConfiguration([set]));
});
