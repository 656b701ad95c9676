import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes } from "../../test/hostile-bytes.ts";
import type { TagBody } from "./flv-mux.ts";
import { muxConfiguration, muxFrame, tagSize, writeTagInto } from "./flv-mux.ts";

const frame = { track: "video", codec: "avc1", compositionOffset: 40, key: true, disposable: false, soundFlags: 0 } as const;

function tag(body: TagBody | null, timestamp: number): string {
  assert.ok(body);
  const out = Buffer.alloc(tagSize(body));
  writeTagInto(out, body, timestamp);
  return out.toString("hex");
}

test("a video frame becomes a tag with its composition time, and its time beyond 24 bits", () => {
  const body = muxFrame({ ...frame, payload: bytes("aabb") });
  assert.equal(tag(body, 0x01020304), "09" + "000007" + "020304" + "01" + "000000" + "1701000028" + "aabb" + "00000012");
});

test("audio has the flags of its codec: always the same for AAC, those of the source for a codec without a configuration", () => {
  const aac = muxFrame({ ...frame, track: "audio", codec: "mp4a", payload: bytes("aa") });
  assert.deepEqual([aac.type, aac.header], [8, [0xaf, 1]]);
  const mp3 = muxFrame({ ...frame, track: "audio", codec: ".mp3", soundFlags: 11, payload: bytes("aa") });
  assert.deepEqual([mp3.type, mp3.header], [8, [0x2b]]);
});

test("a data frame is the body as it is", () => {
  assert.deepEqual(muxFrame({ ...frame, track: "data", codec: "amf0", payload: bytes("02") }), {
    type: 18,
    header: [],
    payload: bytes("02"),
  });
});

test("a configuration becomes a tag, and a codec without one has none", () => {
  const aac = muxConfiguration({ track: "audio", codec: "mp4a", data: bytes("1210") });
  assert.equal(tag(aac, 0), "08" + "000004" + "000000" + "00" + "000000" + "af00" + "1210" + "0000000f");
  assert.equal(muxConfiguration({ track: "audio", codec: ".mp3", data: new Uint8Array() }), null);
  assert.deepEqual(muxConfiguration({ track: "video", codec: "hvc1", data: bytes("01") })?.header, [0x90, 0x68, 0x76, 0x63, 0x31]);
});
