/** Implements AV1: decoder configuration (AV1 Codec ISO Media File Format Binding, section 2.3) and sequence header (AV1 5.5). */
import { BitReader } from "../bytes/bit-reader.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { VideoFormat } from "./video-format.ts";

const OBU_SEQUENCE_HEADER = 1;
const PROFILE_NAMES = ["Main", "High", "Professional"] as const;

/** Picture size, frame rate and profile of an `av1C` record. */
export function av1Format(bytes: Uint8Array): VideoFormat | Malformed {
  const reader = new ByteReader(bytes);
  const marker = reader.u8();
  const profileAndLevel = reader.u8();
  const flags = reader.u8();
  reader.skip(1);
  const cut = reader.checked("an AV1 configuration");
  if (cut) return cut;
  if (marker !== 0x81) return new Malformed("an AV1 configuration of an unknown version");
  const sequence = findSequenceHeader(reader);
  if (sequence instanceof Malformed) return sequence;
  const size = parseSequenceHeader(sequence);
  if (size instanceof Malformed) return size;
  const profile = profileAndLevel >> 5;
  const level = String(profileAndLevel & 31).padStart(2, "0");
  const depth = flags & 0x20 ? "12" : flags & 0x40 ? "10" : "08";
  return {
    ...size,
    profile: PROFILE_NAMES[profile] ?? `profile ${profile}`,
    codecString: `av01.${profile}.${level}${flags & 0x80 ? "H" : "M"}.${depth}`,
  };
}

function findSequenceHeader(reader: ByteReader): Uint8Array | Malformed {
  while (reader.left > 0) {
    const header = reader.u8();
    if (header & 4) reader.skip(1);
    const size = header & 2 ? leb128(reader) : reader.left;
    const payload = reader.view(size);
    if (reader.failed) break;
    if (((header >> 3) & 15) === OBU_SEQUENCE_HEADER) return payload;
  }
  return new Malformed("an AV1 configuration without a sequence header");
}

/** Section 4.10.5. */
function leb128(reader: ByteReader): number {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 128 ** i;
    if (!(byte & 0x80)) break;
  }
  return value;
}

function parseSequenceHeader(bytes: Uint8Array): { width: number; height: number; frameRate: number | null } | Malformed {
  const bits = new BitReader(bytes);
  bits.skip(3 + 1);
  let frameRate: number | null = null;
  if (bits.flag()) {
    bits.skip(5);
  } else {
    let decoderModel = 0;
    if (bits.flag()) {
      const unitsInTick = bits.bits(32);
      const timeScale = bits.bits(32);
      const ticksPerFrame = bits.flag() ? bits.uvlc() + 1 : 0;
      if (unitsInTick > 0 && ticksPerFrame > 0) frameRate = timeScale / unitsInTick / ticksPerFrame;
      if (bits.flag()) {
        decoderModel = bits.bits(5) + 1;
        bits.skip(32 + 5 + 5);
      }
    }
    const initialDelay = bits.flag();
    const points = bits.bits(5) + 1;
    for (let i = 0; i < points; i++) {
      bits.skip(12);
      if (bits.bits(5) > 7) bits.skip(1);
      if (decoderModel > 0 && bits.flag()) bits.skip(2 * decoderModel + 1);
      if (initialDelay && bits.flag()) bits.skip(4);
    }
  }
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  const width = bits.bits(widthBits) + 1;
  const height = bits.bits(heightBits) + 1;
  return bits.failed ? new Malformed("an AV1 sequence header is cut short") : { width, height, frameRate };
}
