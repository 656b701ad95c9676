/** Implements FLV files and live FLV: Adobe Video File Format 10.1, annex E.2 to E.4.1. */

export const TAG_TYPE = { audio: 8, video: 9, script: 18 } as const;
/** Type, length, time and stream id, before each body. */
export const TAG_HEADER_SIZE = 11;
/** PreviousTagSize, behind each body. */
export const TAG_TRAILER_SIZE = 4;
/** The largest body: its length has 24 bits. */
export const MAX_TAG_BODY = 0xffffff;

/** The file header and the first PreviousTagSize. */
export function writeFlvHeader(hasAudio: boolean, hasVideo: boolean): Uint8Array {
  return Uint8Array.of(0x46, 0x4c, 0x56, 1, (hasAudio ? 4 : 0) | (hasVideo ? 1 : 0), 0, 0, 0, 9, 0, 0, 0, 0);
}

/**
 * Writes a tag's header and trailer around a body that is already in place.
 * @param tag header, body and trailer: `TAG_HEADER_SIZE + body + TAG_TRAILER_SIZE` bytes
 * @param timestamp milliseconds; the field has 32 bits, of which FLV readers take the highest as a sign
 */
export function frameTag(tag: Uint8Array, type: number, timestamp: number): void {
  const length = tag.length - TAG_HEADER_SIZE - TAG_TRAILER_SIZE;
  tag[0] = type;
  tag[1] = length >> 16;
  tag[2] = length >> 8;
  tag[3] = length;
  tag[4] = timestamp >> 16;
  tag[5] = timestamp >> 8;
  tag[6] = timestamp;
  tag[7] = timestamp >> 24;
  tag[8] = 0;
  tag[9] = 0;
  tag[10] = 0;
  const size = length + TAG_HEADER_SIZE;
  const at = TAG_HEADER_SIZE + length;
  tag[at] = size >> 24;
  tag[at + 1] = size >> 16;
  tag[at + 2] = size >> 8;
  tag[at + 3] = size;
}

/** A whole tag around a copy of the given parts of its body. */
export function writeTag(
  type: number,
  timestamp: number,
  parts: readonly ArrayLike<number>[],
  allocate: (size: number) => Uint8Array = (size) => new Uint8Array(size),
): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const tag = allocate(TAG_HEADER_SIZE + length + TAG_TRAILER_SIZE);
  let at = TAG_HEADER_SIZE;
  for (const part of parts) {
    tag.set(part, at);
    at += part.length;
  }
  frameTag(tag, type, timestamp);
  return tag;
}

/** The body of a whole tag. */
export function tagBody(tag: Uint8Array): Uint8Array {
  return tag.subarray(TAG_HEADER_SIZE, tag.length - TAG_TRAILER_SIZE);
}
