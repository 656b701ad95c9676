import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AmfValue } from "./amf-value.ts";
import { readAmf3 } from "./amf3.ts";

const read = (hex: string) => readAmf3(new ByteReader(bytes(hex)));
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
const good = (hex: string): AmfValue => {
  const { value, malformed } = read(hex);
  assert.equal(malformed, null);
  return value;
};

test("numbers, booleans, dates and texts are read", () => {
  assert.deepEqual(["04 7f", "04 8100", "04 808100"].map(good), [127, 128, 128]);
  assert.deepEqual(["04 ffffffff", "04 c0808000", "04 bfffffff"].map(good), [-1, -(2 ** 28), 2 ** 28 - 1]);
  assert.equal(good("05 4005000000000000"), 2.625);
  assert.deepEqual(["00", "01", "02", "03"].map(good), [undefined, null, false, true]);
  assert.equal(good("08 01 4276d1a5e5b00000"), new DataView(bytes("4276d1a5e5b00000").buffer).getFloat64(0));
  assert.equal(good("06 0b 68656c6c6f"), "hello");
  assert.equal(good("0b 07 3c612f"), "<a/");
});

test("metadata of an ActionScript publisher: a dynamic object whose texts and class refer to earlier ones", () => {
  // [{width: 640, codec: "avc1"}, {width: 320, codec: "avc1"}]: the second has the class, the names and the text by reference.
  const object = "0a 0b 01 0b 7769647468 04 8500 0b 636f646563 06 09 61766331 01";
  const again = "0a 01 00 04 8240 02 06 04 01";
  assert.deepEqual(plain(good(`09 05 01 ${object} ${again}`)), [
    { width: 640, codec: "avc1" },
    { width: 320, codec: "avc1" },
  ]);
});

test("a class without more has its names once, an array with names is an object", () => {
  assert.deepEqual(plain(good("0a 23 07 466f6f 03 61 03 62 04 01 04 02")), { a: 1, b: 2 });
  assert.deepEqual(plain(good("09 03 03 6e 06 03 78 01 04 07")), { 0: 7, n: "x" });
});

test("an object refers to an earlier one, and never to itself", () => {
  assert.deepEqual(plain(good("09 05 01 09 01 01 09 02")), [[], []]);
  const { value } = read("09 03 01 09 00");
  assert.deepEqual(value, [undefined]);
});

test("what cannot be read is told, with what could be read before it", () => {
  const { value, malformed } = read("0a 0b 01 03 61 04 01 03 62 4d");
  assert.deepEqual(plain(value), { a: 1 });
  assert.ok(malformed instanceof Malformed);
  for (const hex of ["06 20", "09 08", "0a 02", "0a 07 07 466f6f", "11", ""]) assert.ok(read(hex).malformed, hex);
});

test("references do not make many values or much text of a few bytes", () => {
  // Each list has the one before it twice.
  const doubling = Array.from({ length: 60 }, (_, i) => `09 05 01 09 ${hexU29((i + 1) << 1)} 09 ${hexU29((i + 1) << 1)}`);
  const { malformed } = read(`09 ${hexU29((61 << 1) | 1)} 01 09 01 01 ${doubling.join(" ")}`);
  assert.match(malformed?.rule ?? "", /more than 4096 values/);
  const long = `06 ${hexU29((100_000 << 1) | 1)} ${"61".repeat(100_000)}`;
  const copies = read(`09 ${hexU29((21 << 1) | 1)} 01 ${long} ${"06 00 ".repeat(20)}`);
  assert.match(copies.malformed?.rule ?? "", /too much text/);
  const nested = read("09 03 01 ".repeat(100));
  assert.match(nested.malformed?.rule ?? "", /deeper than/);
});

test("any bytes are survived", () => {
  const object = bytes("09 05 01 0a 0b 01 0b 7769647468 04 8500 0b 636f646563 06 09 61766331 01 0a 01 00 04 8240 02 06 04 01");
  survivesAnyBytes(object, (some) => readAmf3(new ByteReader(some)));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (some) => {
      const reader = new ByteReader(Uint8Array.of(9, 0x81, 0x01, 1, ...some));
      readAmf3(reader);
      assert.ok(reader.at <= reader.bytes.length);
    }),
  );
});

function hexU29(value: number): string {
  const low = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) low.unshift((left & 0x7f) | 0x80);
  return low.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
