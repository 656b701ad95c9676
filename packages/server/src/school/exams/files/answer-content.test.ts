import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { photoContent, soundContent } from "./answer-content.ts";
import { JPEG, MP4, PNG, WEBM, WEBP } from "./test-answer-files.ts";

const SIZE = { width: 16, height: 12 };
const PHOTOS = { "image/jpeg": JPEG, "image/png": PNG, "image/webp": WEBP };
const SOUNDS = { "audio/webm": WEBM, "audio/mp4": MP4 };

test("photos are known by their bytes, with their size", () => {
  for (const [type, file] of Object.entries(PHOTOS)) assert.deepEqual(photoContent(file), { type, ...SIZE });
});

test("recorded sound is known by its bytes, with its length", () => {
  for (const [type, file] of Object.entries(SOUNDS)) {
    const content = soundContent(file);
    assert.equal(content?.type, type);
    assert.ok(Math.abs((content?.seconds ?? 0) - 0.4) < 0.15, `${type}: ${content?.seconds} s`);
  }
});

test("a file with something behind its end, such as an archive or a page, is none of them", () => {
  for (const behind of ["PK\x03\x04 an archive", "<script>alert(1)</script>", "\0"]) {
    for (const file of Object.values(PHOTOS)) assert.equal(photoContent(Buffer.concat([file, Buffer.from(behind)])), null);
    for (const file of Object.values(SOUNDS)) assert.equal(soundContent(Buffer.concat([file, Buffer.from(behind)])), null);
  }
});

test("a photo is no sound, sound is no photo, and a page with the name of a photo is neither", () => {
  for (const file of Object.values(PHOTOS)) assert.equal(soundContent(file), null);
  for (const file of Object.values(SOUNDS)) assert.equal(photoContent(file), null);
  const page = Buffer.from("<html><script>fetch('/')</script></html>");
  assert.deepEqual([photoContent(page), soundContent(page)], [null, null]);
});

test("a photo that was cut short anywhere is none", () => {
  for (const file of Object.values(PHOTOS))
    for (let length = 0; length < file.length; length++) assert.equal(photoContent(file.subarray(0, length)), null, `${length}`);
});

test("a photo that says it has more pixels than a viewer can hold is none", () => {
  const huge = Buffer.from(PNG);
  huge.writeUInt32BE(100_000, 16);
  huge.writeUInt32BE(100_000, 20);
  assert.equal(photoContent(huge), null);
});

test("sound that was cut short, and any bytes, are read without an error", () => {
  for (const file of Object.values(SOUNDS))
    for (let length = 0; length < file.length; length++) soundContent(file.subarray(0, length));
  const changed = fc.tuple(fc.constantFrom(...Object.values(SOUNDS), ...Object.values(PHOTOS)), fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(changed, ([file, at, byte]) => {
      const other = Buffer.from(file);
      other[at % other.length] = byte;
      soundContent(other);
      photoContent(other);
    }),
    { numRuns: 2000 },
  );
});
