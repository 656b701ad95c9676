/** Implements VP8: the size in a key frame (RFC 6386 section 9.1), and the configuration that MP4 and Enhanced FLV want of it (`vpcC`). */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

/** Of an encoder that sends none, as VP8 itself has none: profile 0, level 1, 8 bits, 4:2:0, usual colours, no initialisation data. */
export const VP8_CONFIGURATION: Uint8Array = Uint8Array.of(1, 0, 0, 0, 0, 10, 0x82, 2, 2, 2, 0, 0);

const START_CODE = 0x9d012a;
/** The upper two bits of a side say how it is to be scaled. */
const SIZE_MASK = 0x3fff;

/** The frame size in a key frame. */
export function vp8KeyFrameSize(frame: Uint8Array): { width: number; height: number } | Malformed {
  const reader = new ByteReader(frame);
  const isKey = (reader.u8() & 1) === 0;
  reader.skip(2);
  const startCode = reader.u24();
  const side = () => (reader.u8() | (reader.u8() << 8)) & SIZE_MASK;
  const [width, height] = [side(), side()];
  const cut = reader.checked("a VP8 key frame");
  if (cut) return cut;
  return isKey && startCode === START_CODE ? { width, height } : new Malformed("this is not a VP8 key frame");
}
