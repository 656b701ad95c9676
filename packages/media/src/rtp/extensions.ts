/** Implements header extensions of RTP: RFC 8285, with one byte (section 4.2) and with two (section 4.3) before each element. */

export type RtpExtension = {
  /** As the session description maps it (`a=extmap`): 1 to 14, or to 255 with two bytes. */
  readonly id: number;
  readonly data: Uint8Array;
};

/** URIs of `a=extmap` that Lectern knows. */
export const RTP_EXTENSION = {
  /** Transport-wide sequence number, two bytes: draft-holmer-rmcat-transport-wide-cc-extensions-01 section 2. */
  transportSequence: "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
  /** Three bytes, 6.18 fixed-point seconds. */
  absoluteSendTime: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
  /** Three bytes: least and greatest delay of playing, twelve bits each, units of 10 ms. */
  playoutDelay: "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay",
  /** Three bytes, signed: how long after its time a packet was sent, ticks. RFC 5450 section 2. */
  transmissionOffset: "urn:ietf:params:rtp-hdrext:toffset",
  mid: "urn:ietf:params:rtp-hdrext:sdes:mid",
  rid: "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
  repairedRid: "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
} as const;

const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;
const TWO_BYTE_MASK = 0xfff0;
/** Section 4.2: reading stops at an element with this number. */
const STOP_ID = 15;
const MAX_ONE_BYTE_ID = 14;
const MAX_ONE_BYTE_DATA = 16;

/**
 * The elements of an extension block, as views.
 * A block of another kind, and what is cut short, gives none: a receiver must ignore what it does not know (RFC 3550 section 5.3.1).
 */
export function readExtensions(profile: number, block: Uint8Array): RtpExtension[] {
  if (profile === ONE_BYTE_PROFILE) return readElements(block, 1);
  return (profile & TWO_BYTE_MASK) === TWO_BYTE_PROFILE ? readElements(block, 2) : [];
}

function readElements(block: Uint8Array, headSize: 1 | 2): RtpExtension[] {
  const found: RtpExtension[] = [];
  let at = 0;
  while (at < block.length) {
    const first = block[at] ?? 0;
    // A byte of padding.
    if (first === 0) {
      at++;
      continue;
    }
    const id = headSize === 1 ? first >> 4 : first;
    if (headSize === 1 && id === STOP_ID) break;
    const size = headSize === 1 ? (first & 15) + 1 : (block[at + 1] ?? 0);
    const from = at + headSize;
    if (from + size > block.length) break;
    // Number 0 with a length is padding too.
    if (id !== 0) found.push({ id, data: block.subarray(from, from + size) });
    at = from + size;
  }
  return found;
}

/** Bytes of the whole block with its head of four; 0 for no elements. */
export function extensionsSize(extensions: readonly RtpExtension[]): number {
  if (extensions.length === 0) return 0;
  const headSize = needsTwoBytes(extensions) ? 2 : 1;
  const size = extensions.reduce((sum, { data }) => sum + headSize + data.length, 0);
  return 4 + ((size + 3) & ~3);
}

/** Writes the block at `at` and gives where it ends. Elements of more than 255 bytes cannot be written and are cut. */
export function writeExtensions(into: Uint8Array, at: number, extensions: readonly RtpExtension[]): number {
  const size = extensionsSize(extensions);
  if (size === 0) return at;
  const isTwoByte = needsTwoBytes(extensions);
  const profile = isTwoByte ? TWO_BYTE_PROFILE : ONE_BYTE_PROFILE;
  const words = (size - 4) / 4;
  into[at] = profile >> 8;
  into[at + 1] = profile & 0xff;
  into[at + 2] = words >> 8;
  into[at + 3] = words & 0xff;
  let next = at + 4;
  for (const { id, data } of extensions) {
    if (isTwoByte) {
      into[next++] = id;
      into[next++] = data.length;
    } else {
      into[next++] = (id << 4) | (data.length - 1);
    }
    into.set(data, next);
    next += data.length;
  }
  into.fill(0, next, at + size);
  return at + size;
}

function needsTwoBytes(extensions: readonly RtpExtension[]): boolean {
  return extensions.some(({ id, data }) => id > MAX_ONE_BYTE_ID || data.length === 0 || data.length > MAX_ONE_BYTE_DATA);
}
