/** Implements NAL units of H.264 as RTP needs them. */
import { BitReader } from "../../bytes/bit-reader.ts";
import { Malformed } from "../../bytes/malformed.ts";

/** Types that exist in RTP only: RFC 6184 table 1. */
export const RTP_NAL = { stapA: 24, fuA: 28 } as const;

/** The NAL units of a frame, as views. @param lengthSize bytes of the length before each. Empty units are left out */
export function splitLengthPrefixed(payload: Uint8Array, lengthSize: number): Uint8Array[] | Malformed {
  const nals: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    let length = 0;
    for (let i = 0; i < lengthSize; i++) length = length * 256 + (payload[at + i] ?? 0);
    at += lengthSize;
    if (at + length > payload.length) return new Malformed("an H.264 frame whose NAL units do not fit into it");
    if (length > 0) nals.push(payload.subarray(at, at + length));
    at += length;
  }
  return nals;
}

/** Whether a slice is the first of its picture: `first_mb_in_slice` is 0. @param header the bytes behind the NAL header */
export function isFirstSlice(header: Uint8Array): boolean {
  return ((header[0] ?? 0) & 0x80) !== 0;
}

/** `seq_parameter_set_id` of a sequence parameter set, `pic_parameter_set_id` of a picture parameter set. */
export function parameterSetId(nal: Uint8Array, kind: "sps" | "pps"): number {
  // The number is near the beginning: before it no byte is escaped but in a level that is no level.
  const bits = new BitReader(nal.subarray(kind === "sps" ? 4 : 1, 12));
  return bits.ue();
}
