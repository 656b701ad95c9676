import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteReader } from "./byte-reader.ts";
import { Malformed } from "./malformed.ts";

test("numbers are big-endian, and s24 is signed", () => {
  const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0xff, 0xff, 0xfe));
  assert.deepEqual([reader.u8(), reader.u16(), reader.u24(), reader.u32()], [1, 0x203, 0x40506, 0x0708090a]);
  assert.equal(reader.s24(), -2);
  assert.equal(reader.checked("it"), null);
});

test("reading past the end gives zeros and is remembered", () => {
  const reader = new ByteReader(Uint8Array.of(1));
  assert.equal(reader.u16(), 0x100);
  assert.equal(reader.f64(), 0);
  assert.equal(reader.view(3).length, 0);
  assert.ok(reader.checked("it") instanceof Malformed);
});

test("nothing outside its bounds is ever read", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat({ max: 60 }), { maxLength: 10 }), (bytes, steps) => {
      const reader = new ByteReader(bytes);
      for (const step of steps) assert.ok(reader.view(step).length <= bytes.length);
      assert.ok(reader.at <= bytes.length && reader.left >= 0);
    }),
  );
});
