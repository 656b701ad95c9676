/** Implements HEVC: decoder configuration (ISO/IEC 14496-15 section 8.3.3.1) and sequence parameter sets (23008-2 section 7.3.2.2). */
import { BitReader, unescapeNal } from "../bytes/bit-reader.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { VideoFormat } from "./video-format.ts";

export const HEVC_NAL = { bla: 16, vps: 32, sps: 33, pps: 34, delimiter: 35, prefixSei: 39 } as const;

export type HevcConfiguration = {
  readonly profileSpace: number;
  readonly tier: number;
  readonly profile: number;
  readonly compatibility: number;
  /** Six bytes of constraint flags. */
  readonly constraints: Uint8Array;
  readonly level: number;
  readonly nalLengthSize: number;
  readonly nals: readonly { readonly type: number; readonly data: Uint8Array }[];
};

const PROFILE_NAMES: { readonly [profile: number]: string } = { 1: "Main", 2: "Main 10", 3: "Main Still", 4: "Range Extensions" };

/** An `hvcC` record, as Enhanced FLV and MP4 carry it. `Malformed` when it is cut short. */
export function parseHevcConfiguration(bytes: Uint8Array): HevcConfiguration | Malformed {
  const reader = new ByteReader(bytes);
  const version = reader.u8();
  const general = reader.u8();
  const compatibility = reader.u32();
  const constraints = reader.view(6);
  const level = reader.u8();
  // min_spatial_segmentation, parallelism, chroma format, two bit depths, average frame rate
  reader.skip(2 + 1 + 1 + 1 + 1 + 2);
  const nalLengthSize = (reader.u8() & 3) + 1;
  const nals: { type: number; data: Uint8Array }[] = [];
  const arrays = reader.u8();
  for (let i = 0; i < arrays && !reader.failed; i++) {
    const type = reader.u8() & 63;
    const count = reader.u16();
    for (let j = 0; j < count && !reader.failed; j++) nals.push({ type, data: reader.view(reader.u16()) });
  }
  const cut = reader.checked("an HEVC configuration");
  if (cut) return cut;
  // FFmpeg before 4.x wrote version 0.
  if (version > 1) return new Malformed(`an HEVC configuration of version ${version}`);
  return {
    profileSpace: general >> 6,
    tier: (general >> 5) & 1,
    profile: general & 31,
    compatibility,
    constraints,
    level,
    nalLengthSize,
    nals,
  };
}

/**
 * Writes an `hvcC` record for frames whose NAL units have lengths of four bytes. `Malformed` when a parameter set is missing or cut short.
 * @param nals parameter sets, with their headers
 */
export function writeHevcConfiguration(nals: readonly Uint8Array[]): Uint8Array | Malformed {
  const ofType = (type: number) => nals.filter((nal) => (((nal[0] ?? 0) >> 1) & 63) === type);
  const sps = ofType(HEVC_NAL.sps)[0];
  if (!sps) return new Malformed("no HEVC sequence parameter set");
  const raw = unescapeNal(sps.subarray(2));
  const bits = new BitReader(raw);
  bits.skip(4);
  const maxSubLayers = bits.bits(3);
  const nested = bits.bit();
  skipProfileTierLevel(bits, maxSubLayers);
  bits.ue();
  const chroma = bits.ue();
  if (chroma === 3) bits.skip(1);
  bits.ue();
  bits.ue();
  if (bits.flag()) for (let i = 0; i < 4; i++) bits.ue();
  const [lumaDepth, chromaDepth] = [bits.ue(), bits.ue()];
  if (bits.failed) return new Malformed("an HEVC sequence parameter set is cut short");
  const arrays = [HEVC_NAL.vps, HEVC_NAL.sps, HEVC_NAL.pps].map((type) => {
    const sets = ofType(type);
    // The highest bit: all sets of this type are here, and none in the frames.
    const head = [0x80 | type, sets.length >> 8, sets.length & 0xff];
    return [...head, ...sets.flatMap((nal) => [nal.length >> 8, nal.length & 0xff, ...nal])];
  });
  // Profile, tier and level follow the first byte as they are in the record. Segmentation and parallelism are unknown.
  const fixed = [0xf0, 0, 0xfc, 0xfc | (chroma & 3), 0xf8 | (lumaDepth & 7), 0xf8 | (chromaDepth & 7), 0, 0];
  const layers = ((maxSubLayers + 1) << 3) | (nested << 2) | 3;
  return Uint8Array.from([1, ...raw.subarray(1, 13), ...fixed, layers, arrays.length, ...arrays.flat()]);
}

/** Picture size, frame rate and profile, from the configuration and its sequence parameter set. */
export function hevcFormat(configuration: HevcConfiguration): VideoFormat | Malformed {
  const sps = configuration.nals.find((nal) => nal.type === HEVC_NAL.sps);
  if (!sps) return new Malformed("an HEVC configuration without a sequence parameter set");
  const size = parseSps(sps.data);
  if (size instanceof Malformed) return size;
  return {
    ...size,
    profile: PROFILE_NAMES[configuration.profile] ?? `profile ${configuration.profile}`,
    codecString: codecString(configuration),
  };
}

/** ISO/IEC 14496-15 annex E.3: trailing zero bytes of the constraints are left out. */
function codecString(c: HevcConfiguration): string {
  let reversed = 0;
  for (let i = 0; i < 32; i++) if (c.compatibility & (1 << i)) reversed += 2 ** (31 - i);
  const constraints = [...c.constraints];
  while (constraints.length > 0 && constraints.at(-1) === 0) constraints.pop();
  return [
    "hvc1",
    `${["", "A", "B", "C"][c.profileSpace] ?? ""}${c.profile}`,
    reversed.toString(16).toUpperCase(),
    `${c.tier ? "H" : "L"}${c.level}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ].join(".");
}

function parseSps(nal: Uint8Array): { width: number; height: number; frameRate: number | null } | Malformed {
  const bits = new BitReader(unescapeNal(nal.subarray(2)));
  bits.skip(4);
  const maxSubLayers = bits.bits(3);
  bits.skip(1);
  skipProfileTierLevel(bits, maxSubLayers);
  bits.ue();
  const chromaFormat = bits.ue();
  const separatePlanes = chromaFormat === 3 && bits.flag();
  const codedWidth = bits.ue();
  const codedHeight = bits.ue();
  const crop = bits.flag() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  if (bits.failed) return new Malformed("an HEVC sequence parameter set is cut short");
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const cropX = !separatePlanes && (chromaFormat === 1 || chromaFormat === 2) ? 2 : 1;
  const cropY = !separatePlanes && chromaFormat === 1 ? 2 : 1;
  const width = codedWidth - cropX * (left + right);
  const height = codedHeight - cropY * (top + bottom);
  if (width <= 0 || height <= 0 || width > 16384 || height > 16384) {
    return new Malformed(`an HEVC picture of ${width}×${height}`);
  }
  return { width, height, frameRate: readFrameRate(bits, maxSubLayers) };
}

/** Section 7.3.3. */
function skipProfileTierLevel(bits: BitReader, maxSubLayers: number): void {
  bits.skip(88 + 8);
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < maxSubLayers; i++) present.push([bits.flag(), bits.flag()]);
  if (maxSubLayers > 0) bits.skip(2 * (8 - maxSubLayers));
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
}

/** The rest of the parameter set up to the timing in its VUI (annex E.2.1); null when it is absent. */
function readFrameRate(bits: BitReader, maxSubLayers: number): number | null {
  bits.ue();
  bits.ue();
  const orderBits = bits.ue() + 4;
  const from = bits.flag() ? 0 : maxSubLayers;
  for (let i = from; i <= maxSubLayers; i++) {
    bits.ue();
    bits.ue();
    bits.ue();
  }
  for (let i = 0; i < 6; i++) bits.ue();
  if (bits.flag() && bits.flag()) skipScalingLists(bits);
  bits.skip(2);
  if (bits.flag()) {
    bits.skip(8);
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  if (!skipReferenceSets(bits)) return null;
  if (bits.flag()) {
    const count = bits.ue();
    for (let i = 0; i < count && i < 33; i++) bits.skip(orderBits + 1);
  }
  bits.skip(2);
  if (!bits.flag()) return null;
  if (bits.flag() && bits.bits(8) === 255) bits.skip(32);
  if (bits.flag()) bits.skip(1);
  if (bits.flag()) {
    bits.skip(4);
    if (bits.flag()) bits.skip(24);
  }
  if (bits.flag()) {
    bits.ue();
    bits.ue();
  }
  bits.skip(3);
  if (bits.flag()) for (let i = 0; i < 4; i++) bits.ue();
  if (!bits.flag()) return null;
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  return bits.failed || unitsInTick === 0 || timeScale === 0 ? null : timeScale / unitsInTick;
}

/** Section 7.3.4. */
function skipScalingLists(bits: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.ue();
        continue;
      }
      const coefficients = Math.min(64, 1 << (4 + (size << 1)));
      if (size > 1) bits.se();
      for (let i = 0; i < coefficients && !bits.failed; i++) bits.se();
    }
  }
}

/** Section 7.3.7. False when the sets make no sense. */
function skipReferenceSets(bits: BitReader): boolean {
  const count = bits.ue();
  if (count > 64) return false;
  let pictures = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && bits.flag()) {
      bits.skip(1);
      bits.ue();
      let kept = 0;
      for (let j = 0; j <= pictures; j++) {
        const used = bits.flag();
        if (used || bits.flag()) kept++;
      }
      pictures = kept;
    } else {
      pictures = bits.ue() + bits.ue();
      if (pictures > 32) return false;
      for (let j = 0; j < pictures; j++) {
        bits.ue();
        bits.skip(1);
      }
    }
    if (bits.failed) return false;
  }
  return true;
}
