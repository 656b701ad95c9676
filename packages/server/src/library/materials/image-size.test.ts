/** Sizes of pictures by their heads, of files that ffmpeg has made and of broken ones. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { imageFormat, imageSize } from "./image-size.ts";

/** A picture of 320 × 200. */
function made(format: string, codec: string): Buffer {
  const source = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=320x200:r=1:d=1"];
  return execFileSync("ffmpeg", [...source, "-frames:v", "1", "-c:v", codec, "-f", format, "-"], { maxBuffer: 10_000_000 });
}

const PICTURES = [
  ["png", made("image2pipe", "png")],
  ["jpeg", made("image2pipe", "mjpeg")],
  ["gif", made("gif", "gif")],
  ["bmp", made("image2pipe", "bmp")],
  ["webp", made("webp", "libwebp")],
] as const;

/** An Exif segment that says how a picture is turned, in either order of bytes. */
function turned(jpeg: Buffer, orientation: number, isLittle: boolean): Buffer {
  const u16 = (value: number) => {
    const bytes = Buffer.alloc(2);
    if (isLittle) bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return bytes;
  };
  const u32 = (value: number) => (isLittle ? Buffer.concat([u16(value), u16(0)]) : Buffer.concat([u16(0), u16(value)]));
  const entry = Buffer.concat([u16(0x0112), u16(3), u32(1), u16(orientation), u16(0)]);
  const tiff = Buffer.concat([Buffer.from(isLittle ? "II" : "MM"), u16(42), u32(8), u16(1), entry, u32(0)]);
  const content = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, content.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
}

test("the size of each format is known from its head", () => {
  for (const [format, bytes] of PICTURES) {
    assert.equal(imageFormat(bytes), format);
    assert.deepEqual(imageSize(bytes, format), { width: 320, height: 200, orientation: 1 }, format);
  }
});

test("the orientation of a photo is known, in either order of bytes", () => {
  const [, [, jpeg]] = PICTURES;
  for (const isLittle of [true, false])
    assert.deepEqual(imageSize(turned(jpeg, 6, isLittle), "jpeg"), { width: 320, height: 200, orientation: 6 });
  assert.equal(imageSize(turned(jpeg, 77, true), "jpeg")?.orientation, 1);
});

test("a head that is cut off anywhere gives a size or none, and is never read beyond its end", () => {
  for (const [format, bytes] of PICTURES) {
    for (let length = 0; length < 600; length++) {
      const size = imageSize(bytes.subarray(0, length), format);
      assert.ok(size === null || (size.width === 320 && size.height === 200), `${format} ${length}`);
    }
  }
});
