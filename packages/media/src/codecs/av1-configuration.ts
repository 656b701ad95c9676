/** Writes the `av1C` record of an AV1 stream from its sequence header: AV1 Codec ISO Media File Format Binding, section 2.3. */
import { BitReader } from "../bytes/bit-reader.ts";
import { Malformed } from "../bytes/malformed.ts";

/** What the record has of a sequence header: AV1 section 5.5. */
type SequenceFields = {
  readonly profile: number;
  readonly level: number;
  readonly tier: number;
  readonly highDepth: boolean;
  readonly twelveBits: boolean;
  readonly monochrome: boolean;
  readonly chromaX: number;
  readonly chromaY: number;
  readonly chromaPosition: number;
};

const SELECT = 2;
const MATRIX_IDENTITY = 0;
const PRIMARIES_BT709 = 1;
const TRANSFER_SRGB = 13;

/**
 * @param sequenceHeader a whole OBU with its header and size: it stands in the record
 * @param payloadAt where the OBU's payload begins
 */
export function writeAv1Configuration(sequenceHeader: Uint8Array, payloadAt: number): Uint8Array | Malformed {
  const fields = readFields(new BitReader(sequenceHeader.subarray(payloadAt)));
  if (fields instanceof Malformed) return fields;
  const flags =
    (fields.tier << 7) |
    (fields.highDepth ? 0x40 : 0) |
    (fields.twelveBits ? 0x20 : 0) |
    (fields.monochrome ? 0x10 : 0) |
    (fields.chromaX << 3) |
    (fields.chromaY << 2) |
    fields.chromaPosition;
  return Uint8Array.from([0x81, (fields.profile << 5) | fields.level, flags, 0, ...sequenceHeader]);
}

function readFields(bits: BitReader): SequenceFields | Malformed {
  const profile = bits.bits(3);
  bits.skip(1);
  const isReduced = bits.flag();
  const { level, tier } = isReduced ? { level: bits.bits(5), tier: 0 } : readOperatingPoints(bits);
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  bits.skip(widthBits + heightBits);
  if (!isReduced && bits.flag()) bits.skip(4 + 3);
  bits.skip(3);
  if (!isReduced) skipTools(bits);
  // Super-resolution, CDEF, loop restoration.
  bits.skip(3);
  const colour = readColour(bits, profile);
  return bits.failed ? new Malformed("an AV1 sequence header is cut short") : { profile, level, tier, ...colour };
}

/** Timing and operating points, up to the frame size. Level and tier are those of the first point. */
function readOperatingPoints(bits: BitReader): { level: number; tier: number } {
  let delayBits = 0;
  if (bits.flag()) {
    bits.skip(32 + 32);
    if (bits.flag()) bits.uvlc();
    if (bits.flag()) {
      delayBits = bits.bits(5) + 1;
      bits.skip(32 + 5 + 5);
    }
  }
  const hasInitialDelay = bits.flag();
  const points = bits.bits(5) + 1;
  let first = { level: 0, tier: 0 };
  for (let i = 0; i < points; i++) {
    bits.skip(12);
    const level = bits.bits(5);
    const tier = level > 7 ? bits.bit() : 0;
    if (i === 0) first = { level, tier };
    if (delayBits > 0 && bits.flag()) bits.skip(2 * delayBits + 1);
    if (hasInitialDelay && bits.flag()) bits.skip(4);
  }
  return first;
}

/** From `enable_interintra_compound` to `order_hint_bits_minus_1`. */
function skipTools(bits: BitReader): void {
  bits.skip(4);
  const hasOrderHint = bits.flag();
  if (hasOrderHint) bits.skip(2);
  const screenContent = bits.flag() ? SELECT : bits.bit();
  if (screenContent > 0 && !bits.flag()) bits.skip(1);
  if (hasOrderHint) bits.skip(3);
}

/** Section 5.5.2. */
function readColour(bits: BitReader, profile: number): Omit<SequenceFields, "profile" | "level" | "tier"> {
  const highDepth = bits.flag();
  const twelveBits = profile === 2 && highDepth && bits.flag();
  const monochrome = profile !== 1 && bits.flag();
  const [primaries, transfer, matrix] = bits.flag() ? [bits.bits(8), bits.bits(8), bits.bits(8)] : [2, 2, 2];
  const depths = { highDepth, twelveBits, monochrome };
  if (monochrome) return { ...depths, chromaX: 1, chromaY: 1, chromaPosition: 0 };
  if (primaries === PRIMARIES_BT709 && transfer === TRANSFER_SRGB && matrix === MATRIX_IDENTITY)
    return { ...depths, chromaX: 0, chromaY: 0, chromaPosition: 0 };
  bits.skip(1);
  let [chromaX, chromaY] = profile === 0 ? [1, 1] : profile === 1 ? [0, 0] : [1, 0];
  if (twelveBits) {
    chromaX = bits.bit();
    chromaY = chromaX ? bits.bit() : 0;
  }
  const chromaPosition = chromaX && chromaY ? bits.bits(2) : 0;
  return { ...depths, chromaX, chromaY, chromaPosition };
}
