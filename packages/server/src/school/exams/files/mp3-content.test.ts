import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { paperSoundContent, soundContent } from "./answer-content.ts";
import { mp3Content } from "./mp3-content.ts";
import { JPEG, MP3, WEBM } from "./test-answer-files.ts";

test("an MP3 is known by its frames, with its length, for papers and not for answers", () => {
  const content = paperSoundContent(MP3);
  assert.equal(content?.type, "audio/mpeg");
  assert.ok(Math.abs((content?.seconds ?? 0) - 0.5) < 0.15);
  assert.equal(soundContent(MP3), null);
  assert.equal(paperSoundContent(WEBM)?.type, "audio/webm");
});

test("tags and zeros may stand around the frames, and nothing else", () => {
  const tag = Buffer.alloc(128);
  tag.write("TAG");
  assert.ok(mp3Content(Buffer.concat([MP3, tag])));
  assert.ok(mp3Content(Buffer.concat([MP3, Buffer.alloc(300)])));
  for (const behind of ["PK\x03\x04 an archive", "<script>alert(1)</script>"])
    assert.equal(paperSoundContent(Buffer.concat([MP3, Buffer.from(behind)])), null);
  assert.equal(paperSoundContent(JPEG), null);
});

test("an MP3 that was cut in a frame is none, and any bytes are read without an error", () => {
  assert.equal(mp3Content(MP3.subarray(0, MP3.length - 5)), null);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => mp3Content(Buffer.from(bytes)) === null));
  for (let length = 0; length < MP3.length; length += 7) paperSoundContent(MP3.subarray(0, length));
});
