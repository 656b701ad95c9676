/**
 * Implements the parameter sets of H.264 and HEVC that a decoder has: tells whether a key frame can be decoded with them, by the first fields of its
 * slices (ISO/IEC 14496-10 section 7.3.3, 23008-2 section 7.3.6.1), and makes a decoder configuration of sets that came without one.
 */
import { BitReader, unescapeNal } from "../bytes/bit-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { splitAnnexB } from "./annex-b.ts";
import { type FourCc, VIDEO_CODEC } from "./four-cc.ts";
import { AVC_NAL, parseAvcConfiguration, writeAvcConfiguration } from "./h264.ts";
import { HEVC_NAL, parseHevcConfiguration, writeHevcConfiguration } from "./hevc.ts";
import { beginsWithStartCode } from "./nal-units.ts";

/** The fields that are read stand in the first bytes. */
const HEAD_BYTES = 32;
/** HEVC's slices of random access pictures have one field more. */
const HEVC_RANDOM_ACCESS = { from: 16, to: 23 } as const;

/** The parameter sets that a track's pictures may refer to: those of its configuration, and those that came in its frames. */
export class ParameterSets {
  private readonly isHevc: boolean;
  private readonly sps = new Set<number>();
  /** The sequence parameter set of each picture parameter set. */
  private readonly pps = new Map<number, number>();

  /** @param configuration avcC or hvcC, whose sets are known from now on */
  constructor(codec: FourCc, configuration: Uint8Array) {
    this.isHevc = codec === VIDEO_CODEC.hevc;
    for (const nal of setsIn(codec, configuration)) this.take(nal);
  }

  /** Takes the sets among the units of a key frame. True when its slices refer to sets that are there. */
  canDecode(nals: readonly Uint8Array[]): boolean {
    return nals.every((nal) => {
      this.take(nal);
      const id = this.isHevc ? hevcSlicePps(nal) : avcSlicePps(nal);
      const sps = id === null ? undefined : this.pps.get(id);
      return id === null || (sps !== undefined && this.sps.has(sps));
    });
  }

  private take(nal: Uint8Array): void {
    const type = typeOf(nal, this.isHevc);
    if (type === (this.isHevc ? HEVC_NAL.pps : AVC_NAL.pps)) {
      const bits = bitsOf(nal, this.isHevc ? 2 : 1);
      this.pps.set(bits.ue(), bits.ue());
    } else if (type === AVC_NAL.sps && !this.isHevc) {
      const bits = bitsOf(nal, 1);
      bits.skip(24);
      this.sps.add(bits.ue());
    } else if (type === HEVC_NAL.sps && this.isHevc) this.sps.add(hevcSpsId(nal));
  }
}

/** A decoder configuration of sets that came in a byte stream or in a frame, for lengths of four bytes; null where one is missing. */
export function configurationOf(codec: FourCc, nals: readonly Uint8Array[]): Uint8Array | null {
  const isHevc = codec === VIDEO_CODEC.hevc;
  const ofType = (type: number) => nals.filter((nal) => typeOf(nal, isHevc) === type);
  const isComplete = isHevc
    ? [HEVC_NAL.vps, HEVC_NAL.sps, HEVC_NAL.pps].every((type) => ofType(type).length > 0)
    : ofType(AVC_NAL.pps).length > 0;
  if (!isComplete) return null;
  const made = isHevc ? writeHevcConfiguration(nals) : writeAvcConfiguration(ofType(AVC_NAL.sps), ofType(AVC_NAL.pps));
  return made instanceof Malformed ? null : made;
}

/** The configuration that is meant where its sets came as a byte stream; else as it came. */
export function meantConfiguration(codec: FourCc, data: Uint8Array): Uint8Array {
  return beginsWithStartCode(data) ? (configurationOf(codec, splitAnnexB(data)) ?? data) : data;
}

/** The parameter sets of a decoder configuration; none where it is broken. */
export function setsIn(codec: FourCc, data: Uint8Array): readonly Uint8Array[] {
  if (codec === VIDEO_CODEC.hevc) {
    const configuration = parseHevcConfiguration(data);
    return configuration instanceof Malformed ? [] : configuration.nals.map((nal) => nal.data);
  }
  const configuration = parseAvcConfiguration(data);
  return configuration instanceof Malformed ? [] : [...configuration.sps, ...configuration.pps];
}

/** The picture parameter set of a slice; null for other units. */
function avcSlicePps(nal: Uint8Array): number | null {
  const type = typeOf(nal, false);
  if (type !== 1 && type !== 2 && type !== 5) return null;
  const bits = bitsOf(nal, 1);
  bits.ue();
  bits.ue();
  return bits.ue();
}

function hevcSlicePps(nal: Uint8Array): number | null {
  const type = typeOf(nal, true);
  if (type >= 32) return null;
  const bits = bitsOf(nal, 2);
  bits.skip(type >= HEVC_RANDOM_ACCESS.from && type <= HEVC_RANDOM_ACCESS.to ? 2 : 1);
  return bits.ue();
}

/** Section 7.3.2.2.1 of 23008-2: behind profile, tier and level, which are 12 bytes for the stream and more for each sub-layer. */
function hevcSpsId(nal: Uint8Array): number {
  const bits = new BitReader(unescapeNal(nal.subarray(2)));
  bits.skip(4);
  const subLayers = bits.bits(3);
  bits.skip(1 + 96);
  const present = Array.from({ length: subLayers }, () => [bits.flag(), bits.flag()]);
  if (subLayers > 0) bits.skip(2 * (8 - subLayers));
  for (const [profile, level] of present) bits.skip((profile ? 88 : 0) + (level ? 8 : 0));
  return bits.ue();
}

function bitsOf(nal: Uint8Array, header: number): BitReader {
  return new BitReader(unescapeNal(nal.subarray(header, header + HEAD_BYTES)));
}

function typeOf(nal: Uint8Array, isHevc: boolean): number {
  const first = nal[0] ?? 0;
  return isHevc ? (first >> 1) & 63 : first & 31;
}
