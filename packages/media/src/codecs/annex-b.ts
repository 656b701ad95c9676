/** Implements the byte stream format of H.264 and HEVC: ISO/IEC 14496-10 and 23008-2, annex B. */

/** The NAL units of a byte stream, as views of it. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  for (let at = findStartCode(bytes, 0, bytes.length); at >= 0; at = findStartCode(bytes, start, bytes.length)) {
    if (start >= 0) addNal(nals, bytes, start, at);
    start = at + 3;
  }
  if (start >= 0) addNal(nals, bytes, start, bytes.length);
  return nals;
}

/** Where the next start code of three bytes is; -1: there is none before the end. */
export function findStartCode(bytes: Uint8Array, from: number, end: number): number {
  // A third byte that is neither 0 nor 1 stands in no start code: nearly two of three bytes of a picture are not looked at.
  for (let third = from + 2; third < end; ) {
    const byte = bytes[third] ?? 0;
    if (byte > 1) third += 3;
    else if (byte === 1 && bytes[third - 1] === 0 && bytes[third - 2] === 0) return third - 2;
    else third++;
  }
  return -1;
}

/** Zeros before a start code are no part of the unit before it, which never ends with one. */
function addNal(nals: Uint8Array[], bytes: Uint8Array, from: number, to: number): void {
  let end = to;
  while (end > from && bytes[end - 1] === 0) end--;
  if (end > from) nals.push(bytes.subarray(from, end));
}

/** NAL units as files have them: each behind its length (ISO/IEC 14496-15 section 4.3.3). @param lengthSize bytes of a length */
export function lengthPrefixed(nals: readonly Uint8Array[], lengthSize = 4): Uint8Array {
  const out = new Uint8Array(nals.reduce((sum, nal) => sum + lengthSize + nal.length, 0));
  let at = 0;
  for (const nal of nals) {
    for (let i = 0; i < lengthSize; i++) out[at + i] = Math.floor(nal.length / 256 ** (lengthSize - 1 - i)) & 0xff;
    out.set(nal, at + lengthSize);
    at += lengthSize + nal.length;
  }
  return out;
}
