/** Implements H.264: decoder configuration (ISO/IEC 14496-15 section 5.3.3.1) and sequence parameter sets (14496-10 section 7.3.2.1). */
import { BitReader, unescapeNal } from "../bytes/bit-reader.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { VideoFormat } from "./video-format.ts";

export const AVC_NAL = { slice: 1, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const;

export type AvcConfiguration = {
  readonly profile: number;
  readonly compatibility: number;
  readonly level: number;
  /** Bytes of the length before each NAL unit. */
  readonly nalLengthSize: number;
  readonly sps: readonly Uint8Array[];
  readonly pps: readonly Uint8Array[];
};

/** Profiles whose parameter sets tell chroma format and bit depth: section 7.3.2.1.1. */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Profiles whose configuration ends with the picture parameter sets: ISO/IEC 14496-15 section 5.3.3.1.2. */
const PROFILES_WITHOUT_CHROMA = new Set([66, 77, 88]);
const EXTENDED_SAR = 255;
const PROFILE_NAMES: { readonly [profile: number]: string } = {
  66: "Baseline",
  77: "Main",
  88: "Extended",
  100: "High",
  110: "High 10",
  122: "High 4:2:2",
  244: "High 4:4:4",
};

/** An `avcC` record, as FLV and MP4 carry it. `Malformed` when it is cut short or has no sequence parameter set. */
export function parseAvcConfiguration(bytes: Uint8Array): AvcConfiguration | Malformed {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  const profile = reader.u8();
  const compatibility = reader.u8();
  const level = reader.u8();
  const nalLengthSize = (reader.u8() & 3) + 1;
  const sps = readSets(reader, reader.u8() & 31);
  const pps = readSets(reader, reader.u8());
  const cut = reader.checked("an H.264 configuration");
  if (cut) return cut;
  if (version !== 1) return new Malformed(`an H.264 configuration of version ${version}`);
  if (sps.length === 0) return new Malformed("an H.264 configuration without a sequence parameter set");
  return { profile, compatibility, level, nalLengthSize, sps, pps };
}

function readSets(reader: ByteReader, count: number): Uint8Array[] {
  const sets: Uint8Array[] = [];
  for (let i = 0; i < count && !reader.failed; i++) sets.push(reader.view(reader.u16()));
  return sets;
}

/** Writes an `avcC` record for frames whose NAL units have lengths of four bytes. `Malformed` when there is no sequence parameter set. */
export function writeAvcConfiguration(sps: readonly Uint8Array[], pps: readonly Uint8Array[]): Uint8Array | Malformed {
  const first = sps[0];
  if (!first || first.length < 4 || sps.length > 31 || pps.length > 255) return new Malformed("no usable sequence parameter set");
  const [, profile = 0, compatibility = 0, level = 0] = first;
  const sets = (nals: readonly Uint8Array[]) => nals.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal]);
  const high = PROFILES_WITHOUT_CHROMA.has(profile) ? [] : chromaFields(first);
  return Uint8Array.from([
    1,
    profile,
    compatibility,
    level,
    0xff,
    0xe0 | sps.length,
    ...sets(sps),
    pps.length,
    ...sets(pps),
    ...high,
  ]);
}

/** Chroma format and bit depths, behind the sets of the profiles that have them. */
function chromaFields(sps: Uint8Array): number[] {
  const bits = new BitReader(unescapeNal(sps.subarray(1)));
  bits.skip(24);
  bits.ue();
  const format = bits.ue();
  if (format === 3) bits.skip(1);
  const [luma, chroma] = [bits.ue(), bits.ue()];
  return [0xfc | (format & 3), 0xf8 | (luma & 7), 0xf8 | (chroma & 7), 0];
}

/** Picture size, frame rate and profile of a sequence parameter set, given with its NAL header. */
export function parseAvcSps(nal: Uint8Array): VideoFormat | Malformed {
  const bits = new BitReader(unescapeNal(nal.subarray(1)));
  const profile = bits.bits(8);
  const compatibility = bits.bits(8);
  const level = bits.bits(8);
  bits.ue();
  const chroma = HIGH_PROFILES.has(profile) ? readChroma(bits) : { format: 1, separatePlanes: false };
  bits.ue();
  skipPictureOrder(bits);
  bits.ue();
  bits.skip(1);
  const widthInBlocks = bits.ue() + 1;
  const heightInUnits = bits.ue() + 1;
  const framesOnly = bits.bit();
  if (!framesOnly) bits.skip(1);
  bits.skip(1);
  const crop = bits.flag() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const frameRate = bits.flag() ? readVuiFrameRate(bits) : null;
  if (bits.failed && frameRate === null) return new Malformed("an H.264 sequence parameter set is cut short");

  const planar = chroma.format === 0 || chroma.separatePlanes;
  const cropX = planar || chroma.format === 3 ? 1 : 2;
  const cropY = (planar || chroma.format !== 1 ? 1 : 2) * (2 - framesOnly);
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const width = widthInBlocks * 16 - cropX * (left + right);
  const height = heightInUnits * 16 * (2 - framesOnly) - cropY * (top + bottom);
  if (width <= 0 || height <= 0 || width > 16384 || height > 16384) {
    return new Malformed(`an H.264 picture of ${width}×${height}`);
  }
  const hex = [profile, compatibility, level].map((n) => n.toString(16).padStart(2, "0")).join("");
  return { width, height, frameRate, profile: PROFILE_NAMES[profile] ?? `profile ${profile}`, codecString: `avc1.${hex}` };
}

function readChroma(bits: BitReader): { format: number; separatePlanes: boolean } {
  const format = bits.ue();
  const separatePlanes = format === 3 && bits.flag();
  bits.ue();
  bits.ue();
  bits.skip(1);
  if (bits.flag()) {
    const lists = format === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (bits.flag()) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return { format, separatePlanes };
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size && !bits.failed; i++) {
    if (next !== 0) next = (last + bits.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPictureOrder(bits: BitReader): void {
  const type = bits.ue();
  if (type === 0) {
    bits.ue();
  } else if (type === 1) {
    bits.skip(1);
    bits.se();
    bits.se();
    const cycle = bits.ue();
    for (let i = 0; i < cycle && i < 256 && !bits.failed; i++) bits.se();
  }
}

/** Cameras and screens have no more. */
const MAX_FRAME_RATE = 480;

/** VUI parameters up to the timing: annex E.1.1. */
function readVuiFrameRate(bits: BitReader): number | null {
  if (bits.flag() && bits.bits(8) === EXTENDED_SAR) bits.skip(32);
  if (bits.flag()) bits.skip(1);
  if (bits.flag()) {
    bits.skip(4);
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {
    bits.ue();
    bits.ue();
  }
  if (!bits.flag()) return null;
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  if (bits.failed || unitsInTick === 0) return null;
  // A frame is two fields, and a tick is one field.
  const frameRate = timeScale / unitsInTick / 2;
  // An encoder whose frames come at any distance gives the unit of its clock.
  return frameRate > 0 && frameRate <= MAX_FRAME_RATE ? frameRate : null;
}
