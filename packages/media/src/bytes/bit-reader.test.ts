import assert from "node:assert/strict";
import { test } from "node:test";
import { BitReader, unescapeNal } from "./bit-reader.ts";

test("Exp-Golomb codes are read as the standard's table has them", () => {
  // 1, 010, 011, 00100, 00101 and 0, 1, -1, 2 as signed
  const bits = new BitReader(Uint8Array.of(0b10100110, 0b01000010, 0b11010011, 0b00100000));
  assert.deepEqual([bits.ue(), bits.ue(), bits.ue(), bits.ue(), bits.ue()], [0, 1, 2, 3, 4]);
  assert.deepEqual([bits.se(), bits.se(), bits.se(), bits.se()], [0, 1, -1, 2]);
});

test("a code without an end fails instead of going on", () => {
  const bits = new BitReader(new Uint8Array(8));
  assert.equal(bits.ue(), 0);
  assert.ok(bits.failed);
});

test("32 bits are read as an unsigned number", () => {
  assert.equal(new BitReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff)).bits(32), 0xffffffff);
});

test("emulation prevention bytes are taken out, others left in", () => {
  assert.deepEqual([...unescapeNal(Uint8Array.of(0, 0, 3, 1, 3, 0, 0, 3, 0, 0, 3))], [0, 0, 1, 3, 0, 0, 0, 0]);
});

test("numbers of any length are read from any bit, as bit by bit", () => {
  const bytes = Uint8Array.from({ length: 8 }, (_, i) => (i * 151 + 89) & 0xff);
  const digits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  for (let from = 0; from < 64; from++)
    for (let count = 0; count <= Math.min(32, 64 - from); count++) {
      const bits = new BitReader(bytes);
      bits.skip(from);
      assert.equal(bits.bits(count), Number.parseInt(digits.slice(from, from + count) || "0", 2), `${count} from ${from}`);
      assert.deepEqual([bits.position, bits.failed], [from + count, false]);
    }
});

test("what is read past the end fails, and an aligned reader is at a byte", () => {
  const bits = new BitReader(Uint8Array.of(0xff, 0xff));
  bits.skip(3);
  bits.align();
  assert.deepEqual([bits.position, bits.bits(8), bits.failed], [8, 0xff, false]);
  assert.equal(bits.bits(8), 0);
  assert.ok(bits.failed);
});
