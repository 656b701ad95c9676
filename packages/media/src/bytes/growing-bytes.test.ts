import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingBytes } from "./growing-bytes.ts";

test("pieces stand one behind the other, whatever has been dropped before them and however far the buffer had to grow", () => {
  const kept = new GrowingBytes();
  const expected: number[] = [];
  for (let i = 0; i < 200; i++) {
    const piece = Uint8Array.from({ length: (i * 37) % 3000 }, (_, at) => (i + at) & 255);
    kept.append(piece);
    expected.push(...piece);
    if (i % 60 === 59) {
      const count = Math.floor(expected.length / 3);
      kept.drop(count);
      expected.splice(0, count);
    }
    assert.equal(kept.filled, expected.length);
  }
  assert.ok(expected.length > 64 * 1024, "it grew");
  assert.deepEqual([...kept.buffer.subarray(0, kept.filled)], expected);
  kept.drop(kept.filled);
  assert.equal(kept.filled, 0);
});
