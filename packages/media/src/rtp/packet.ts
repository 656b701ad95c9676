/** Implements RTP packets: RFC 3550 section 5.1. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { extensionsSize, type RtpExtension, readExtensions, writeExtensions } from "./extensions.ts";

export type RtpPacket = {
  readonly marker: boolean;
  readonly payloadType: number;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, ticks of the payload's clock. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly csrcs: readonly number[];
  readonly extensions: readonly RtpExtension[];
  /** Without padding. A view of the bytes that were read. */
  readonly payload: Uint8Array;
};

export const RTP_HEADER_SIZE = 12;
const VERSION = 2;

/** Whether a datagram of a socket that RTP and RTCP share is RTCP: RFC 5761 section 4. */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Reads a packet whose payload and extensions are views of `bytes`. */
export function readRtpPacket(bytes: Uint8Array): RtpPacket | Malformed {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const second = reader.u8();
  const sequence = reader.u16();
  const timestamp = reader.u32();
  const ssrc = reader.u32();
  const csrcs: number[] = [];
  for (let i = 0; i < (first & 15); i++) csrcs.push(reader.u32());
  let extensions: readonly RtpExtension[] = [];
  if (first & 0x10) {
    const profile = reader.u16();
    extensions = readExtensions(profile, reader.view(reader.u16() * 4));
  }
  const cut = reader.checked("an RTP packet");
  if (cut) return cut;
  if (first >> 6 !== VERSION) return new Malformed(`an RTP packet of version ${first >> 6}`);
  let payload = reader.rest();
  if (first & 0x20) {
    const padding = payload.at(-1) ?? 0;
    if (padding === 0 || padding > payload.length) return new Malformed("an RTP packet with impossible padding");
    payload = payload.subarray(0, payload.length - padding);
  }
  return { marker: (second & 0x80) !== 0, payloadType: second & 0x7f, sequence, timestamp, ssrc, csrcs, extensions, payload };
}

/** The data of one header extension; null where the packet has none with this number. */
export function rtpExtension({ extensions }: RtpPacket, id: number): Uint8Array | null {
  return extensions.find((extension) => extension.id === id)?.data ?? null;
}

/** How long after the time that it carries a packet was sent, in ticks (RFC 5450): 0 where it does not tell. @param id of the extension */
export function transmissionOffset(packet: RtpPacket, id: number): number {
  const data = rtpExtension(packet, id);
  if (data?.length !== 3) return 0;
  const [high = 0, middle = 0, low = 0] = data;
  return ((high << 24) | (middle << 16) | (low << 8)) >> 8;
}

/** A whole packet in bytes of its own. For packets to many viewers see `stampRtp`. */
export function writeRtpPacket(packet: RtpPacket): Uint8Array {
  const headSize = RTP_HEADER_SIZE + packet.csrcs.length * 4 + extensionsSize(packet.extensions);
  const out = new Uint8Array(headSize + packet.payload.length);
  writeRtpHead(out, 0, packet);
  let at = RTP_HEADER_SIZE;
  const view = new DataView(out.buffer);
  for (const csrc of packet.csrcs) {
    view.setUint32(at, csrc);
    at += 4;
  }
  out[0] = (VERSION << 6) | (packet.extensions.length > 0 ? 0x10 : 0) | packet.csrcs.length;
  writeExtensions(out, at, packet.extensions);
  out.set(packet.payload, headSize);
  return out;
}

/** Writes the twelve bytes that every packet has, for one without CSRCs and extensions. */
export function writeRtpHead(
  into: Uint8Array,
  at: number,
  { marker, payloadType, sequence, timestamp, ssrc }: Pick<RtpPacket, "marker" | "payloadType" | "sequence" | "timestamp" | "ssrc">,
): void {
  into[at] = VERSION << 6;
  into[at + 1] = (marker ? 0x80 : 0) | payloadType;
  into[at + 2] = sequence >> 8;
  into[at + 3] = sequence;
  into[at + 4] = timestamp >>> 24;
  into[at + 5] = timestamp >>> 16;
  into[at + 6] = timestamp >>> 8;
  into[at + 7] = timestamp;
  into[at + 8] = ssrc >>> 24;
  into[at + 9] = ssrc >>> 16;
  into[at + 10] = ssrc >>> 8;
  into[at + 11] = ssrc;
}
