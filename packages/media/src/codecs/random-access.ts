/** Tells by its bytes whether decoding can begin with a frame of H.264 or HEVC: what a publisher says of its frames is not always so. */
import { BitReader } from "../bytes/bit-reader.ts";
import { AVC_NAL } from "./h264.ts";
import { HEVC_NAL } from "./hevc.ts";
import { NALS, splitNals } from "./nal-units.ts";

/** H.264 section 7.4.3, table 7-6: P, B and SP slices, of a picture that has others too, and of one that has not. */
const REFER_BACK = [0, 1, 3, 5, 6, 8];
/** D.1.8 of H.264, D.2.8 of HEVC: the picture is right some frames later, as with an intra refresh that goes over it. */
const RECOVERY_POINT = 6;

/**
 * @param isSaid the publisher says that it is a key frame
 * @param found what `surveyNals` finds in the frame
 */
export function canBeginWith(frame: Uint8Array, isSaid: boolean, found: number, lengthSize: number, isHevc: boolean): boolean {
  if (found & NALS.randomAccess) return true;
  // Cameras that refresh without IDR pictures repeat the parameter sets where decoding can begin.
  if (!isSaid || found & NALS.parameterSets) return isSaid;
  const nals = splitNals(frame, lengthSize) ?? [];
  return !nals.some((nal) => (isHevc ? isTrailing(nal) : refersBack(nal))) || nals.some((nal) => isRecoveryPoint(nal, isHevc));
}

/** A slice of a picture that is no IDR, which needs pictures before it. */
function refersBack(nal: Uint8Array): boolean {
  if (((nal[0] ?? 0) & 31) !== AVC_NAL.slice) return false;
  const reader = new BitReader(nal.subarray(1));
  // first_mb_in_slice
  reader.ue();
  return REFER_BACK.includes(reader.ue());
}

/** A picture that is none to begin with: 23008-2 table 7-1. Its slice's type stands behind fields of parameter sets. */
function isTrailing(nal: Uint8Array): boolean {
  return (nal[0] ?? 0) >> 1 < HEVC_NAL.bla;
}

function isRecoveryPoint(nal: Uint8Array, isHevc: boolean): boolean {
  const isMessage = isHevc ? (nal[0] ?? 0) >> 1 === HEVC_NAL.prefixSei : ((nal[0] ?? 0) & 31) === AVC_NAL.sei;
  if (!isMessage) return false;
  // Each message begins with its type and its size, in bytes of 255 and a last one.
  let at = isHevc ? 2 : 1;
  const number = (): number => {
    let value = 0;
    while (nal[at] === 255) value += nal[at++] ?? 0;
    return value + (nal[at++] ?? 0);
  };
  // The last byte ends the unit.
  while (at < nal.length - 1) {
    if (number() === RECOVERY_POINT) return true;
    const size = number();
    at += size;
  }
  return false;
}
