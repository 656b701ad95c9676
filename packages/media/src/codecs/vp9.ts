/** Implements VP9: decoder configuration (VP Codec ISO Media File Format Binding, `vpcC`) and the size in a key frame (VP9 section 6.2). */
import { BitReader } from "../bytes/bit-reader.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

export type Vp9Configuration = {
  readonly profile: number;
  readonly level: number;
  readonly bitDepth: number;
  readonly codecString: string;
};

/** @param bytes a `vpcC` record with its version and flags, as Enhanced FLV carries it */
export function parseVp9Configuration(bytes: Uint8Array): Vp9Configuration | Malformed {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  reader.skip(3);
  const profile = reader.u8();
  const level = reader.u8();
  const bitDepth = reader.u8() >> 4;
  const cut = reader.checked("a VP9 configuration");
  if (cut) return cut;
  if (version !== 1) return new Malformed(`a VP9 configuration of version ${version}`);
  const two = (n: number) => String(n).padStart(2, "0");
  return { profile, level, bitDepth, codecString: `vp09.${two(profile)}.${two(level)}.${two(bitDepth)}` };
}

const SYNC_CODE = 0x498342;
const SRGB = 7;

/** The frame size in a key frame; the configuration does not have it. */
export function vp9KeyFrameSize(frame: Uint8Array): { width: number; height: number } | Malformed {
  const bits = new BitReader(frame);
  const marker = bits.bits(2);
  const profile = bits.bit() + 2 * bits.bit();
  if (profile === 3) bits.skip(1);
  const existing = bits.flag();
  const inter = bits.flag();
  bits.skip(2);
  if (marker !== 2 || existing || inter || bits.bits(24) !== SYNC_CODE) return new Malformed("this is not a VP9 key frame");
  if (profile >= 2) bits.skip(1);
  const colour = bits.bits(3);
  if (colour !== SRGB) {
    bits.skip(1);
    if (profile === 1 || profile === 3) bits.skip(3);
  } else if (profile === 1 || profile === 3) {
    bits.skip(1);
  }
  const width = bits.bits(16) + 1;
  const height = bits.bits(16) + 1;
  return bits.failed ? new Malformed("a VP9 key frame is cut short") : { width, height };
}
