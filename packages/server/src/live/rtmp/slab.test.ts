import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Slab } from "./slab.ts";

test("no two messages share a byte, whatever their sizes", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 60 }), (sizes) => {
      const slab = new Slab();
      const taken = sizes.map((size, i) => slab.take(size).fill(i % 256));
      taken.forEach((bytes, i) => {
        assert.equal(bytes.length, sizes[i]);
        assert.ok(bytes.every((byte) => byte === i % 256));
      });
    }),
  );
});

test("small messages share a piece of memory, large ones have their own", () => {
  const slab = new Slab();
  const [a, b, large] = [slab.take(500), slab.take(500), slab.take(50_000)];
  assert.equal(a.buffer, b.buffer);
  assert.notEqual(large.buffer, a.buffer);
  assert.equal(large.buffer.byteLength, 50_000);
});
