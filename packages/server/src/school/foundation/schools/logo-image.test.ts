import assert from "node:assert/strict";
import { test } from "node:test";
import { readLogo } from "./logo-image.ts";

/** One pixel, as image programs write it. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=", "base64");
/** 3 × 2 pixels: SOI, an APP0 segment, SOF0. */
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffc0001108000200030301220002110103110100", "hex");

test("the size of a PNG and of a JPEG is read from its header", () => {
  assert.deepEqual(readLogo(PNG), { type: "image/png", width: 1, height: 1 });
  assert.deepEqual(readLogo(JPEG), { type: "image/jpeg", width: 3, height: 2 });
});

test("the size of a WebP is read in each of its three forms", () => {
  const riff = (chunk: string, data: string) =>
    Buffer.concat([Buffer.from("RIFF\0\0\0\0WEBP", "latin1"), Buffer.from(chunk, "latin1"), Buffer.from(`00000000${data}`, "hex")]);
  // Extended: flags, then width - 1 and height - 1 in 24 bits each.
  assert.deepEqual(readLogo(riff("VP8X", "000000000f0000080000")), { type: "image/webp", width: 16, height: 9 });
  // Lossless: a signature, then 14 bits each: 15 and 8.
  assert.deepEqual(readLogo(riff("VP8L", "2f0f000200")), { type: "image/webp", width: 16, height: 9 });
  // Lossy: a frame tag, a start code, then 14 bits each.
  assert.deepEqual(readLogo(riff("VP8 ", "0000009d012a10000900")), { type: "image/webp", width: 16, height: 9 });
});

test("SVG, GIF and text are no logos, and neither is a picture that is cut short", () => {
  for (const text of ["<svg xmlns='http://www.w3.org/2000/svg'/>", "GIF89a\x01\0\x01\0", "hello", ""])
    assert.equal(readLogo(Buffer.from(text, "latin1")), null, text);
  for (let length = 0; length < 24; length++) assert.equal(readLogo(PNG.subarray(0, length)), null, `${length} bytes`);
  for (let length = 0; length < 29; length++) assert.equal(readLogo(JPEG.subarray(0, length)), null, `${length} bytes`);
});
