import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Segmenter } from "../../live/streams/ingest/segmenter.ts";
import { framesOf, PATTERN, type Pattern } from "../../live/streams/key-frame-patterns.ts";
import { FileSplit, type Limits } from "./file-split.ts";

const HEADER_BYTES = 1000;

/** The files that a stream makes, and the longest and largest run from one head with a key frame to the next. */
function filesOf(pattern: Pattern, limits: Limits, bytesOf: (key: boolean) => number) {
  const segmenter = new Segmenter({ segmentMs: 2000, partMs: 400 });
  const split = new FileSplit();
  const files: { ms: number; bytes: number }[] = [];
  const longest = { ms: 0, bytes: 0 };
  let total = 0;
  let run = { time: 0, bytes: 0 };
  let file = { time: 0, bytes: 0 };
  for (const { time, key } of framesOf(pattern, 120)) {
    if (segmenter.cutAt(time, key, false) === "segment" && key) {
      split.at({ time, bytes: total });
      longest.ms = Math.max(longest.ms, time - run.time);
      longest.bytes = Math.max(longest.bytes, total - run.bytes);
      run = { time, bytes: total };
      const size = { ms: time - file.time, bytes: total - file.bytes + HEADER_BYTES };
      if (split.isFull({ durationMs: size.ms, bytes: size.bytes }, limits)) {
        files.push(size);
        file = { time, bytes: total };
      }
    }
    total += bytesOf(key);
  }
  return { files, longest };
}

test("a file is never longer than its limit and one run between key frames that begin segments, nor shorter by more", () => {
  fc.assert(
    fc.property(PATTERN, fc.constantFrom(10, 20, 30), (pattern, seconds) => {
      const { files, longest } = filesOf(pattern, { seconds, bytes: 1e12 }, () => 1);
      assert.ok(files.length > 0, "none is full");
      for (const { ms } of files) {
        assert.ok(ms <= seconds * 1000 + longest.ms, `${ms} ms, limit ${seconds} s, longest run ${longest.ms} ms`);
        assert.ok(ms >= seconds * 1000 - longest.ms, `${ms} ms, limit ${seconds} s, longest run ${longest.ms} ms`);
      }
    }),
    { numRuns: 200 },
  );
});

test("one early key frame does not make a file of 10 seconds longer or shorter by more than half a segment", () => {
  const seed = Array.from({ length: 211 }, (_, i) => (i === 7 ? 0 : 9999));
  const pattern: Pattern = { fps: 30, gop: 2, grid: true, sceneCuts: 0.4, jitter: 0, openGop: false, seed };
  const { files } = filesOf(pattern, { seconds: 10, bytes: 1e12 }, () => 1);
  assert.ok(files.length >= 10);
  for (const { ms } of files) assert.ok(ms <= 11_300 && ms >= 8700, `${ms} ms`);
});

test("a file is never larger than its limit and one run between key frames that begin segments", () => {
  fc.assert(
    fc.property(PATTERN, fc.constantFrom(1, 4), (pattern, weight) => {
      const bytesOf = (key: boolean) => (key ? 30_000 * weight : 3000);
      const limit = 4_000_000;
      const { files, longest } = filesOf(pattern, { seconds: 1e6, bytes: limit }, bytesOf);
      for (const { bytes } of files) {
        assert.ok(bytes <= limit + longest.bytes, `${bytes}, limit ${limit}, largest run ${longest.bytes}`);
        assert.ok(bytes >= Math.min(limit / 2, limit - 1.5 * longest.bytes) - longest.bytes, `${bytes} of ${limit}`);
      }
    }),
    { numRuns: 200 },
  );
});
