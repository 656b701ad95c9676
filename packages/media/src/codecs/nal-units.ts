/**
 * Implements the NAL units of a frame of H.264 and HEVC as files and FLV have them, each behind its length (ISO/IEC 14496-15 section 4.3.3): tells
 * which parts of a picture they are, and mends frames whose units are not where their lengths say.
 */
import { lengthPrefixed, splitAnnexB } from "./annex-b.ts";
import { type FourCc, VIDEO_CODEC } from "./four-cc.ts";

/** What `surveyNals` finds, one bit each. */
export const NALS = {
  /** A picture begins: first_mb_in_slice is 0, or first_slice_segment_in_pic_flag is set. */
  firstSlice: 1,
  /** A slice that continues a picture. */
  laterSlice: 2,
  /** Units with which an access unit begins, before any slice: a delimiter, parameter sets, messages (14496-10 section 7.4.1.2.3, 23008-2 section 7.4.2.4.4). */
  prefix: 4,
  parameterSets: 8,
  /** The lengths do not fit. */
  misfit: 16,
  /** A slice of a picture that decoding can begin with. */
  randomAccess: 32,
} as const;

/** Of an H.264 unit's first byte: forbidden_zero_bit, and nal_unit_type. */
const FORBIDDEN = 0x80;
const LENGTH_SIZES = [4, 2, 3, 1] as const;

/** Whether frames of the codec are NAL units. */
export function hasNalUnits(codec: FourCc): boolean {
  return codec === VIDEO_CODEC.h264 || codec === VIDEO_CODEC.hevc;
}

/** Bytes of the lengths that a decoder configuration announces; 4 without one. */
export function nalLengthSize(codec: FourCc, configuration: Uint8Array | null): number {
  const byte = configuration?.[codec === VIDEO_CODEC.h264 ? 4 : 21];
  return byte === undefined ? 4 : (byte & 3) + 1;
}

/** Walks over the units of a frame without an object for each: it is done for every frame of a publisher. */
export function surveyNals(bytes: Uint8Array, lengthSize: number, isHevc: boolean): number {
  const end = bytes.length;
  let found = 0;
  let at = 0;
  while (at < end) {
    if (end - at < lengthSize) return found | NALS.misfit;
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (bytes[at + i] ?? 0);
    at += lengthSize;
    if (length === 0 || length > end - at) return found | NALS.misfit;
    const kind = isHevc ? hevcKind(bytes, at, length) : avcKind(bytes, at, length);
    if (kind === NALS.misfit) return found | NALS.misfit;
    // Parameter sets behind a slice begin no access unit here: some restreamers repeat them before each slice.
    found |= found & (NALS.firstSlice | NALS.laterSlice) ? kind & ~NALS.prefix : kind;
    at += length;
  }
  return found;
}

/** What a unit of H.264 is, as bits of `NALS`. @param length bytes of it, of which the first three tell */
export function avcKind(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  // A first byte of 0 is a start code within the length.
  if (first === 0 || first & FORBIDDEN) return NALS.misfit;
  const type = first & 31;
  if (type === 1 || type === 5 || type === 2) {
    if (length < 2) return NALS.misfit;
    const slice = (bytes[at + 1] ?? 0) & 0x80 ? NALS.firstSlice : NALS.laterSlice;
    return type === 5 ? slice | NALS.randomAccess : slice;
  }
  if (type === 7 || type === 8 || type === 15) return NALS.parameterSets | NALS.prefix;
  return type === 6 || type === 9 ? NALS.prefix : 0;
}

/** What a unit of HEVC is, as bits of `NALS`. @param length bytes of it, of which the first three tell */
export function hevcKind(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] ?? 0;
  // A header whose temporal id is 0 is forbidden, and begins a start code within the length.
  if (length < 2 || first & FORBIDDEN || ((bytes[at + 1] ?? 0) & 7) === 0) return NALS.misfit;
  const type = first >> 1;
  if (type < 32) {
    if (length < 3) return NALS.misfit;
    const slice = (bytes[at + 2] ?? 0) & 0x80 ? NALS.firstSlice : NALS.laterSlice;
    return isRandomAccess(first, true) ? slice | NALS.randomAccess : slice;
  }
  if (type <= 34) return NALS.parameterSets | NALS.prefix;
  return type === 35 || type === 39 ? NALS.prefix : 0;
}

/**
 * Whether decoding can begin with a unit: an IDR picture of H.264 (14496-10 table 7-1), a BLA, IDR or CRA picture of HEVC (23008-2 table 7-1).
 * @param first its first byte
 */
export function isRandomAccess(first: number, isHevc: boolean): boolean {
  const type = isHevc ? (first >> 1) & 63 : first & 31;
  return isHevc ? type >= 16 && type <= 21 : type === 5;
}

/** The units of a frame, as views; null when the lengths do not fit. Units without a byte, and zeros at the end, are left out. */
export function splitNals(bytes: Uint8Array, lengthSize: number): Uint8Array[] | null {
  const nals: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (bytes[at + i] ?? 0);
    const from = at + lengthSize;
    if (from > bytes.length || length > bytes.length - from) return isZero(bytes, at) ? nals : null;
    if (length > 0) nals.push(bytes.subarray(from, from + length));
    at = from + length;
  }
  return nals;
}

/** The units of a frame whose lengths do not fit, where it can be told for sure what they are: a byte stream, or lengths of another size. Else null. */
export function recoverNals(bytes: Uint8Array, lengthSize: number, isHevc: boolean): Uint8Array[] | null {
  if (beginsWithStartCode(bytes)) return believable(splitAnnexB(bytes), isHevc);
  const own = splitNals(bytes, lengthSize);
  if (own)
    return believable(
      own.flatMap((nal) => (beginsWithStartCode(nal) ? splitAnnexB(nal) : [nal])),
      isHevc,
    );
  const others = LENGTH_SIZES.filter((size) => size !== lengthSize).flatMap((size) => {
    const found = surveyNals(bytes, size, isHevc) & NALS.misfit ? null : believable(splitNals(bytes, size) ?? [], isHevc);
    return found ? [found] : [];
  });
  return others.length === 1 ? (others[0] ?? null) : null;
}

/** The frame with its lengths mended; null where its units cannot be told for sure. */
export function repairNals(bytes: Uint8Array, lengthSize: number, isHevc: boolean): Uint8Array | null {
  const nals = recoverNals(bytes, lengthSize, isHevc);
  return nals?.every(({ length }) => length < 256 ** lengthSize) ? lengthPrefixed(nals, lengthSize) : null;
}

/** Whether the bytes begin as a byte stream of NAL units does (H.264 and HEVC, annex B): with 00 00 01 or 00 00 00 01. */
export function beginsWithStartCode(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && (bytes[2] === 1 || (bytes[2] === 0 && bytes[3] === 1));
}

/** The units, if all of them can be units of a frame, and one is more than a header. */
function believable(nals: Uint8Array[], isHevc: boolean): Uint8Array[] | null {
  const kindOf = isHevc ? hevcKind : avcKind;
  const isGood = nals.length > 0 && nals.every((nal) => kindOf(nal, 0, nal.length) !== NALS.misfit && hasKnownType(nal, isHevc));
  return isGood ? nals : null;
}

/** Types that encoders of live pictures write: 14496-10 table 7-1, 23008-2 table 7-1. */
function hasKnownType(nal: Uint8Array, isHevc: boolean): boolean {
  const first = nal[0] ?? 0;
  const type = isHevc ? first >> 1 : first & 31;
  return isHevc ? type <= 9 || (type >= 16 && type <= 21) || (type >= 32 && type <= 40) : (type >= 1 && type <= 15) || type === 19;
}

function isZero(bytes: Uint8Array, from: number): boolean {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false;
  return true;
}
