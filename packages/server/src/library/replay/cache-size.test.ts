import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheBytesOf } from "./cache-size.ts";

const GB = 1024 ** 3;

test("workers share a tenth of the memory for segments, and none gets less than 16 MiB", () => {
  const auto = { replay: { cacheBytes: "auto" } } as const;
  assert.equal(cacheBytesOf(auto, 1, GB), Math.floor(GB / 10));
  assert.equal(cacheBytesOf(auto, 4, 8 * GB), Math.floor((8 * GB) / 40));
  assert.equal(cacheBytesOf(auto, 15, GB), 16 * 1024 * 1024);
});

test("a size that is configured is that of all workers together", () => {
  assert.equal(cacheBytesOf({ replay: { cacheBytes: 300 } }, 3, GB), 100);
});
