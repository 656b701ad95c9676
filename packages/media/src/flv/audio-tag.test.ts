import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { audioConfigurationHeader, audioFrameHeader, parseAudioTag } from "./audio-tag.ts";

const packet = (hex: string) => good(parseAudioTag(bytes(hex)));
const opus = "4f707573";

test("classic AAC: configuration and frame", () => {
  assert.deepEqual(packet("af 00 1210"), { kind: "configuration", codec: "mp4a", data: bytes("1210") });
  assert.deepEqual(packet("af 01 aabb"), { kind: "frame", codec: "mp4a", data: bytes("aabb"), flags: 15 });
});

test("classic MP3 keeps its flags, which say its rate and channels", () => {
  assert.deepEqual(packet("2b ff"), { kind: "frame", codec: ".mp3", data: bytes("ff"), flags: 11 });
  assert.deepEqual(audioFrameHeader(".mp3", 11), [0x2b]);
});

test("enhanced Opus: configuration, frame, and what carries no sound", () => {
  assert.equal(packet(`90 ${opus} 01`).kind, "configuration");
  assert.deepEqual(packet(`91 ${opus} aa`), { kind: "frame", codec: "Opus", data: bytes("aa"), flags: 15 });
  assert.equal(packet(`94 ${opus} 00`).kind, "other");
});

test("of several tracks the default one is read, behind any ModEx", () => {
  const read = packet(`97 00 09 05 11 ${opus} 02 000001 bb 00 000002 aacc`);
  assert.deepEqual(read.kind === "frame" && [...read.data], [0xaa, 0xcc]);
});

test("the header that is written is read back as it was meant", () => {
  for (const codec of ["mp4a", "Opus", "fLaC", "ac-3"]) {
    assert.deepEqual(parseAudioTag(Uint8Array.from([...audioFrameHeader(codec, 15), 7])), {
      kind: "frame",
      codec,
      data: Uint8Array.of(7),
      flags: 15,
    });
    assert.equal(good(parseAudioTag(Uint8Array.from([...audioConfigurationHeader(codec), 7]))).kind, "configuration");
  }
});

test("any bytes are survived", () => {
  survivesAnyBytes(bytes(`97 00 09 05 11 ${opus} 02 000001 bb 00 000002 aacc`), parseAudioTag);
});
