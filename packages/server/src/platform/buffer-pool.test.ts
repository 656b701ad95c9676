import assert from "node:assert/strict";
import { test } from "node:test";
import { BufferPool } from "./buffer-pool.ts";

test("a buffer that was given back is taken again for the same size class, and only there", () => {
  const pool = new BufferPool(1024, 1 << 20);
  const first = pool.take(1500);
  assert.equal(first.length, 2048);
  pool.give(first);
  assert.notEqual(pool.take(4000), first);
  assert.equal(pool.take(1025), first);
  assert.notEqual(pool.take(1025), first);
  assert.equal(pool.take(1).length, 1024);
});

test("the pool keeps no more bytes than its limit", () => {
  const pool = new BufferPool(1024, 2048);
  const [a, b, c] = [pool.take(1024), pool.take(1024), pool.take(1024)];
  for (const buffer of [a, b, c]) pool.give(buffer);
  assert.deepEqual([pool.take(1024), pool.take(1024)], [b, a]);
  assert.notEqual(pool.take(1024), c);
});

test("with eight steps between powers of two, at most a ninth of a buffer is unused", () => {
  const pool = new BufferPool(1024, 1 << 20, 8);
  for (let bytes = 1024; bytes < 70_000; bytes += 7) {
    const { length } = pool.take(bytes);
    assert.ok(length >= bytes && (length - bytes) / length <= 1 / 9, `${length} for ${bytes}`);
  }
  const first = pool.take(270_000);
  pool.give(first);
  assert.equal(pool.take(266_000), first);
});
