/** Reads the kind and the size of a picture that a school sends as its logo: PNG, JPEG or WebP. SVG can hold programs, and is refused. */

export type LogoImage = {
  readonly type: "image/png" | "image/jpeg" | "image/webp";
  readonly width: number;
  readonly height: number;
};

/** Null for every other format, and for a picture that is cut short. */
export function readLogo(image: Buffer): LogoImage | null {
  try {
    return readPng(image) ?? readWebp(image) ?? readJpeg(image);
  } catch (error) {
    // It ends within a header.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

/** PNG (ISO/IEC 15948), section 11.2.2: IHDR is the first chunk. */
function readPng(image: Buffer): LogoImage | null {
  if (!image.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return null;
  if (image.toString("latin1", 12, 16) !== "IHDR") return null;
  return { type: "image/png", width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
}

/** RFC 9649, section 2: the first chunk tells the size, in one of three forms. */
function readWebp(image: Buffer): LogoImage | null {
  if (image.toString("latin1", 0, 4) !== "RIFF" || image.toString("latin1", 8, 12) !== "WEBP") return null;
  const type = "image/webp";
  switch (image.toString("latin1", 12, 16)) {
    case "VP8X":
      return { type, width: 1 + image.readUIntLE(24, 3), height: 1 + image.readUIntLE(27, 3) };
    case "VP8L": {
      const bits = image.readUInt32LE(21);
      return { type, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    case "VP8 ":
      return { type, width: image.readUInt16LE(26) & 0x3fff, height: image.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}

/** ITU-T T.81, annex B: the size stands in the first frame header, SOF0 to SOF15 without DHT, JPG and DAC. */
function readJpeg(image: Buffer): LogoImage | null {
  if (image.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (image.readUInt8(at) === 0xff) {
    const marker = image.readUInt8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "image/jpeg", width: image.readUInt16BE(at + 7), height: image.readUInt16BE(at + 5) };
    at += 2 + image.readUInt16BE(at + 2);
  }
  return null;
}
