/** The byte stream format of H.264 and HEVC: ISO/IEC 14496-10 and 23008-2, annex B. */

/** The NAL units of a byte stream, as views of it. */
export function splitAnnexB(bytes: Uint8Array): Uint8Array[] {
  const nals: Uint8Array[] = [];
  let start = -1;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0 || bytes[i + 1] !== 0 || bytes[i + 2] !== 1) continue;
    if (start >= 0) addNal(nals, bytes, start, i);
    start = i + 3;
    i += 2;
  }
  if (start >= 0) addNal(nals, bytes, start, bytes.length);
  return nals;
}

/** Where the next start code of three bytes is; -1: there is none before the end. */
export function findStartCode(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i + 2 < end; i++) if (bytes[i] === 0 && bytes[i + 1] === 0 && bytes[i + 2] === 1) return i;
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
