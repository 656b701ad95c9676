/** Reads the size of pictures from their heads, before a decoder allocates memory for them: PNG, JPEG, GIF, WebP and BMP. */

export type ImageFormat = "png" | "jpeg" | "gif" | "webp" | "bmp";

export type ImageSize = {
  readonly width: number;
  readonly height: number;
  /** How the picture is turned to be upright: Exif 2.3, tag 0x0112; 1: not at all. */
  readonly orientation: number;
};

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EXIF = Buffer.from("Exif\0\0", "latin1");
const ORIENTATION = 0x0112;
/** The head that is read of a file. Metadata of cameras come before the size of a JPEG. */
export const HEAD_BYTES = 1024 * 1024;

export function imageFormat(head: Buffer): ImageFormat | null {
  if (head.subarray(0, 8).equals(PNG)) return "png";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (/^GIF8[79]a/.test(head.toString("latin1", 0, 6))) return "gif";
  if (head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WEBP") return "webp";
  // Of a BMP, also the size of its second header.
  if (head.toString("latin1", 0, 2) === "BM" && head.length > 26 && [40, 56, 108, 124].includes(head.readUInt32LE(14)))
    return "bmp";
  return null;
}

/** Null where the head is broken. */
export function imageSize(head: Buffer, format: ImageFormat): ImageSize | null {
  try {
    if (format === "png") return { width: head.readUInt32BE(16), height: head.readUInt32BE(20), orientation: 1 };
    if (format === "gif") return { width: head.readUInt16LE(6), height: head.readUInt16LE(8), orientation: 1 };
    if (format === "bmp") return { width: Math.abs(head.readInt32LE(18)), height: Math.abs(head.readInt32LE(22)), orientation: 1 };
    return format === "webp" ? webpSize(head) : jpegSize(head);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** RFC 9649, section 2.5 to 2.7. */
function webpSize(head: Buffer): ImageSize | null {
  const chunk = head.toString("latin1", 12, 16);
  if (chunk === "VP8X") return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1, orientation: 1 };
  if (chunk === "VP8 ") return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff, orientation: 1 };
  if (chunk !== "VP8L") return null;
  const bits = head.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, orientation: 1 };
}

/** ISO/IEC 10918-1, annex B: goes from marker to marker up to the frame header. */
function jpegSize(head: Buffer): ImageSize | null {
  let orientation = 1;
  for (let at = 2; at + 4 <= head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head.readUInt8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = head.readUInt16BE(at + 2);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: head.readUInt16BE(at + 7), height: head.readUInt16BE(at + 5), orientation };
    if (marker === 0xe1) orientation = exifOrientation(head.subarray(at + 4, at + 2 + length)) ?? orientation;
    if (length < 2) return null;
    at += 2 + length;
  }
  return null;
}

/** TIFF 6.0, section 2: the first directory. */
function exifOrientation(segment: Buffer): number | null {
  if (!segment.subarray(0, EXIF.length).equals(EXIF)) return null;
  const tiff = segment.subarray(EXIF.length);
  if (tiff.length < 8) return null;
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = isLittle ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  for (let entry = 0; entry < u16(first); entry++) {
    const at = first + 2 + entry * 12;
    if (at + 12 > tiff.length) return null;
    if (u16(at) !== ORIENTATION) continue;
    const value = u16(at + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}
