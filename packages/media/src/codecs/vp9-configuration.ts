/** Writes the `vpcC` record of a VP9 stream from its key frame: VP Codec ISO Media File Format Binding, section "VP Codec Configuration Box". */
import { BitReader } from "../bytes/bit-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { vp9KeyFrameSize } from "./vp9.ts";

const SRGB = 7;
const CHROMA = { vertical420: 0, s422: 2, s444: 3, s440: 0 } as const;
/** `matrixCoefficients`, and with them primaries and transfer, of VP9's `color_space` (VP9 section 7.2.2): ISO/IEC 23091-4. */
const COLOURS: readonly (readonly [primaries: number, transfer: number, matrix: number])[] = [
  [2, 2, 2],
  [6, 6, 6],
  [1, 1, 1],
  [6, 6, 6],
  [7, 7, 7],
  [9, 14, 9],
  [2, 2, 2],
  [1, 13, 0],
];
/** Levels by the luma samples of a picture, at up to about 60 pictures a second: VP9 annex A. */
const LEVELS: readonly (readonly [samples: number, level: number])[] = [
  [36_864, 10],
  [122_880, 20],
  [245_760, 21],
  [552_960, 30],
  [983_040, 31],
  [2_228_224, 41],
  [8_912_896, 51],
];
const HIGHEST_LEVEL = 61;

/** @param frame a key frame. @returns the record with its version and flags, as Enhanced FLV carries it */
export function writeVp9Configuration(frame: Uint8Array): Uint8Array | Malformed {
  const size = vp9KeyFrameSize(frame);
  if (size instanceof Malformed) return size;
  const bits = new BitReader(frame);
  bits.skip(2);
  const profile = bits.bit() + 2 * bits.bit();
  if (profile === 3) bits.skip(1);
  // The flags of the frame and the sync code.
  bits.skip(4 + 24);
  const depth = profile < 2 ? 8 : bits.flag() ? 12 : 10;
  const space = bits.bits(3);
  const hasOtherChroma = profile === 1 || profile === 3;
  const isFullRange = space === SRGB || bits.flag();
  let chroma: number = space === SRGB ? CHROMA.s444 : CHROMA.vertical420;
  if (space !== SRGB && hasOtherChroma) {
    const [x, y] = [bits.bit(), bits.bit()];
    chroma = x ? (y ? CHROMA.vertical420 : CHROMA.s422) : y ? CHROMA.s440 : CHROMA.s444;
  }
  const samples = size.width * size.height;
  const level = LEVELS.find(([most]) => samples <= most)?.[1] ?? HIGHEST_LEVEL;
  const colours = COLOURS[space] ?? [2, 2, 2];
  return Uint8Array.from([1, 0, 0, 0, profile, level, (depth << 4) | (chroma << 1) | (isFullRange ? 1 : 0), ...colours, 0, 0]);
}
