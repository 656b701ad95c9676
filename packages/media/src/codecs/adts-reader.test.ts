import assert from "node:assert/strict";
import { test } from "node:test";
import { inPieces, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import type { AdtsFrame } from "./adts.ts";
import { AdtsReader } from "./adts-reader.ts";

/** A frame of AAC LC, 48 kHz, stereo. */
function adts(...payload: readonly number[]): Uint8Array {
  const size = payload.length + 7;
  return Uint8Array.from([0xff, 0xf1, 0x4c, 0x80 | (size >> 11), (size >> 3) & 0xff, ((size & 7) << 5) | 0x1f, 0xfc, ...payload]);
}

const FRAMES = [
  [1, 2, 3],
  [4, 5],
  [6, 7, 8, 9],
  [0xff, 0xf1, 1],
];
const BYTES = Uint8Array.from(FRAMES.flatMap((frame) => [...adts(...frame)]));

function readAll(sizes: readonly number[]): number[][] {
  const reader = new AdtsReader();
  const found: AdtsFrame[] = [];
  inPieces(BYTES, sizes, (piece) => {
    const { carried, frames } = reader.push(piece);
    found.push(...(carried ? [carried] : []), ...frames);
  });
  return found.map(({ payload }) => [...payload]);
}

test("frames are the same however packets cut them", () => {
  for (const sizes of [[BYTES.length], [1], [8], [13, 2], [11, 5, 3]]) assert.deepEqual(readAll(sizes), FRAMES);
});

test("a frame that began in the packet before is told apart from those whose time the packet has", () => {
  const reader = new AdtsReader();
  reader.push(BYTES.subarray(0, 4));
  const { carried, frames } = reader.push(BYTES.subarray(4));
  assert.deepEqual([carried && [...carried.payload], frames.map(({ payload }) => [...payload])], [FRAMES[0], FRAMES.slice(1)]);
});

test("what stands between frames is left out", () => {
  const reader = new AdtsReader();
  const { frames, hasFault } = reader.push(Uint8Array.from([9, 9, 0xff, ...adts(1), 0, ...adts(2)]));
  assert.deepEqual([frames.map(({ payload }) => [...payload]), hasFault], [[[1], [2]], true]);
});

test("any bytes are survived", () => {
  survivesAnyBytes(BYTES, (input) => {
    const reader = new AdtsReader();
    inPieces(input, [5, 3, 11], (piece) => void reader.push(piece));
  });
});
