/** Walks JPEG (ISO/IEC 10918-1, annex B), PNG (W3C Recommendation, third edition, section 5) and WebP (RFC 9649) files to their last byte, and reads their size. */
import type { PhotoContent } from "./content-types.ts";

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MARKER = 0xff;
const [SOI, EOI, SOS, TEM, RST0, RST7] = [0xd8, 0xd9, 0xda, 0x01, 0xd0, 0xd7];
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];

export function jpegContent(file: Buffer): PhotoContent | null {
  if (file[0] !== MARKER || file[1] !== SOI) return null;
  let size: { readonly width: number; readonly height: number } | null = null;
  let hasScan = false;
  for (let at = 2; ; ) {
    if (file.readUInt8(at) !== MARKER) return null;
    const marker = file.readUInt8(at + 1);
    if (marker === MARKER) {
      at++;
      continue;
    }
    if (marker === EOI) return size && hasScan && at + 2 === file.length ? { type: "image/jpeg", ...size } : null;
    if (marker === TEM || (marker >= RST0 && marker <= RST7)) return null;
    const length = file.readUInt16BE(at + 2);
    if (length < 2) return null;
    if (FRAMES.includes(marker)) size = { width: file.readUInt16BE(at + 7), height: file.readUInt16BE(at + 5) };
    at += 2 + length;
    if (marker !== SOS) continue;
    hasScan = true;
    at = endOfScan(file, at);
  }
}

/** The next marker that is no restart and no stuffed byte. @throws RangeError at the end of the file */
function endOfScan(file: Buffer, from: number): number {
  for (let at = from; ; at++) {
    at = file.indexOf(MARKER, at);
    if (at < 0) throw new RangeError("the scan has no end");
    const next = file.readUInt8(at + 1);
    if (next !== 0 && next !== MARKER && !(next >= RST0 && next <= RST7)) return at;
  }
}

export function pngContent(file: Buffer): PhotoContent | null {
  if (!file.subarray(0, 8).equals(PNG_SIGNATURE) || chunkName(file, 8) !== "IHDR") return null;
  let hasData = false;
  for (let at = 8; ; ) {
    const name = chunkName(file, at);
    hasData ||= name === "IDAT";
    // Its length, name and checksum have four bytes each.
    at += 12 + file.readUInt32BE(at);
    if (at > file.length) return null;
    if (name !== "IEND") continue;
    if (!hasData || at !== file.length) return null;
    return { type: "image/png", width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
  }
}

function chunkName(file: Buffer, at: number): string {
  return file.toString("latin1", at + 4, at + 8);
}

export function webpContent(file: Buffer): PhotoContent | null {
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WEBP") return null;
  if (file.readUInt32LE(4) + 8 !== file.length) return null;
  let size: { readonly width: number; readonly height: number } | null = null;
  let hasImage = false;
  for (let at = 12; at < file.length; ) {
    const name = file.toString("latin1", at, at + 4);
    const length = file.readUInt32LE(at + 4);
    size ??= webpSize(file, name, at + 8);
    hasImage ||= name === "VP8 " || name === "VP8L";
    at += 8 + length + (length % 2);
    if (at > file.length) return null;
  }
  return size && hasImage ? { type: "image/webp", ...size } : null;
}

/** RFC 9649, sections 2.5 to 2.7. */
function webpSize(file: Buffer, chunk: string, at: number) {
  if (chunk === "VP8X") return { width: file.readUIntLE(at + 4, 3) + 1, height: file.readUIntLE(at + 7, 3) + 1 };
  if (chunk === "VP8 ") return { width: file.readUInt16LE(at + 6) & 0x3fff, height: file.readUInt16LE(at + 8) & 0x3fff };
  if (chunk !== "VP8L") return null;
  const bits = file.readUInt32LE(at + 1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
