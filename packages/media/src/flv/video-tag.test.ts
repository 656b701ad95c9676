import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { parseVideoTag, videoConfigurationHeader, videoFrameHeader } from "./video-tag.ts";

const packet = (hex: string) => good(parseVideoTag(bytes(hex)));
const hvc1 = "68766331";

test("a classic H.264 frame has its key flag and a signed composition time", () => {
  assert.deepEqual(packet("27 01 ffffd8 aabb"), {
    kind: "frame",
    codec: "avc1",
    data: bytes("aabb"),
    key: false,
    disposable: false,
    compositionOffset: -40,
  });
  assert.equal(packet("17 00 000000 01").kind, "configuration");
  assert.equal(packet("17 02 000000").kind, "other");
});

test("HEVC and AV1 under their unofficial classic numbers are known by their FourCC", () => {
  assert.equal(packet("1c 01 000000 aa").codec, "hvc1");
  assert.equal(packet("1d 01 000000 aa").codec, "av01");
});

test("enhanced frames: with a composition time, without one, and of a codec that has none", () => {
  assert.deepEqual(packet(`91 ${hvc1} 000028 aa`), {
    kind: "frame",
    codec: "hvc1",
    data: bytes("aa"),
    key: true,
    disposable: false,
    compositionOffset: 40,
  });
  assert.deepEqual(packet(`a3 ${hvc1} aa`), {
    kind: "frame",
    codec: "hvc1",
    data: bytes("aa"),
    key: false,
    disposable: false,
    compositionOffset: 0,
  });
  assert.deepEqual(packet("91 61763031 0a0b"), {
    kind: "frame",
    codec: "av01",
    data: bytes("0a0b"),
    key: true,
    disposable: false,
    compositionOffset: 0,
  });
  assert.deepEqual(packet(`90 ${hvc1} 0102`), { kind: "configuration", codec: "hvc1", data: bytes("0102") });
});

test("a codec that is not known is passed on by its name", () => {
  assert.equal(packet("91 78787878 01").codec, "xxxx");
});

test("ModEx before a packet is skipped, however long and however many", () => {
  assert.equal(packet(`97 02 000102 01 ${hvc1} 000000 cc`).kind, "frame");
  const long = Buffer.concat([bytes("97 ff 00ff"), new Uint8Array(256), bytes(`07 00 05 01 ${hvc1} 000000 cc`)]);
  assert.deepEqual(good(parseVideoTag(Uint8Array.from(long))), {
    kind: "frame",
    codec: "hvc1",
    data: bytes("cc"),
    key: true,
    disposable: false,
    compositionOffset: 0,
  });
});

test("of several tracks the default one is read", () => {
  const one = packet(`96 01 ${hvc1} 00 000000 aa`);
  assert.deepEqual(one.kind === "frame" && [...one.data], [0xaa]);
  const many = packet(`96 11 ${hvc1} 01 000005 000000bbbb 00 000004 000000aa`);
  assert.deepEqual(many.kind === "frame" && [...many.data], [0xaa]);
  const codecs = packet("96 21 61763031 01 000001 bb 76703039 00 000002 aacc");
  assert.deepEqual(codecs.kind === "frame" && [codecs.codec, ...codecs.data], ["vp09", 0xaa, 0xcc]);
  assert.equal(packet(`96 11 ${hvc1} 05 000001 bb`).kind, "other");
});

test("HDR metadata and commands carry no picture", () => {
  assert.equal(packet(`94 ${hvc1} 0102`).kind, "other");
  assert.equal(packet("57 00").kind, "other");
  assert.equal(packet(`d1 00`).kind, "other");
});

test("the header that is written is read back as it was meant", () => {
  const codec = fc.constantFrom("avc1", "hvc1", "av01", "vp09");
  fc.assert(
    fc.property(codec, fc.boolean(), fc.integer({ min: -8388608, max: 8388607 }), (fourCc, key, offset) => {
      const compositionOffset = fourCc === "avc1" || fourCc === "hvc1" ? offset : 0;
      const read = parseVideoTag(Uint8Array.from([...videoFrameHeader(fourCc, key, false, compositionOffset), 1, 2, 3]));
      assert.deepEqual(read, {
        kind: "frame",
        codec: fourCc,
        data: Uint8Array.of(1, 2, 3),
        key,
        disposable: false,
        compositionOffset,
      });
    }),
  );
  assert.equal(good(parseVideoTag(Uint8Array.from([...videoConfigurationHeader("av01"), 1]))).kind, "configuration");
});

test("any bytes are survived, and nothing at all is refused", () => {
  survivesAnyBytes(bytes(`96 11 ${hvc1} 01 000005 000000bbbb 00 000004 000000aa`), parseVideoTag);
  assert.ok(parseVideoTag(new Uint8Array()) instanceof Malformed);
});
