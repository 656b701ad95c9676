/** Implements headers of SRT packets, and the arithmetic of their sequence numbers: draft-sharabayko-srt-01 section 3. */

export const SRT_HEADER_SIZE = 16;
/** `Control Type`: section 3.2, table 1. */
export const SRT_CONTROL = {
  handshake: 0,
  keepAlive: 1,
  ack: 2,
  nak: 3,
  shutdown: 5,
  ackAck: 6,
  dropRequest: 7,
  userDefined: 0x7fff,
} as const;
/** A packet that is a whole message by itself: `PP` of section 3.1. */
const SOLO = 0xc0000000;
const RETRANSMITTED = 0x04000000;
const MAX_MESSAGE = 0x03ffffff;
const MAX_SEQUENCE = 0x7fffffff;

/** Reads a word of 32 bits. */
export function srtU32(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}

/** Writes a word of 32 bits. */
export function setSrtU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Whether it is a control packet; else it has media. */
export function isSrtControl(packet: Uint8Array): boolean {
  return ((packet[0] ?? 0) & 0x80) !== 0;
}

/** Of a control packet: one of `SRT_CONTROL`. */
export function srtControlType(packet: Uint8Array): number {
  return (((packet[0] ?? 0) & 0x7f) << 8) | (packet[1] ?? 0);
}

/** Of a user-defined control packet: the type of the handshake's extension that it carries (section 3.2.2). */
export function srtSubtype(packet: Uint8Array): number {
  return ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);
}

/** The second word of a control packet: the number of an ACK, the message of a drop request. */
export function srtInformation(packet: Uint8Array): number {
  return srtU32(packet, 4);
}

/** The number of a data packet. */
export function srtSequence(packet: Uint8Array): number {
  return srtU32(packet, 0) & MAX_SEQUENCE;
}

/** `KK`: 0 for plain bytes, 1 for the even key, 2 for the odd one. */
export function srtKeyFlag(packet: Uint8Array): number {
  return ((packet[4] ?? 0) >> 3) & 3;
}

/** Whether a data packet is sent again: `R`. */
export function isSrtRetransmission(packet: Uint8Array): boolean {
  return ((packet[4] ?? 0) & 0x04) !== 0;
}

/** Microseconds of the sender's clock since its connection began, 32 bits. */
export function srtTimestamp(packet: Uint8Array): number {
  return srtU32(packet, 8);
}

/** The socket that the packet is for; 0 for one that asks for a connection. */
export function srtDestination(packet: Uint8Array): number {
  return srtU32(packet, 12);
}

/** @param timestamp microseconds of this side's clock */
export function writeSrtControl(
  type: number,
  information: number,
  timestamp: number,
  destination: number,
  content: Uint8Array,
  subtype = 0,
): Uint8Array {
  const packet = new Uint8Array(SRT_HEADER_SIZE + content.length);
  setSrtU32(packet, 0, (0x80000000 | (type << 16) | subtype) >>> 0);
  setSrtU32(packet, 4, information);
  setSrtU32(packet, 8, timestamp);
  setSrtU32(packet, 12, destination);
  packet.set(content, SRT_HEADER_SIZE);
  return packet;
}

/** Writes the header of a data packet, which is a message by itself, before its payload. */
export function setSrtDataHeader(
  packet: Uint8Array,
  sequence: number,
  message: number,
  keyFlag: number,
  timestamp: number,
  destination: number,
): void {
  setSrtU32(packet, 0, sequence & MAX_SEQUENCE);
  setSrtU32(packet, 4, (SOLO | (keyFlag << 27) | (message & MAX_MESSAGE)) >>> 0);
  setSrtU32(packet, 8, timestamp);
  setSrtU32(packet, 12, destination);
}

/** Sets `R`. */
export function markSrtRetransmission(packet: Uint8Array): void {
  setSrtU32(packet, 4, (srtU32(packet, 4) | RETRANSMITTED) >>> 0);
}

/** How many packets `to` is after `from`; negative when it is before. Sequence numbers have 31 bits and wrap. */
export function srtDistance(from: number, to: number): number {
  return ((to - from) << 1) >> 1;
}

/** The sequence number so many packets later. */
export function srtAdd(sequence: number, count: number): number {
  return (sequence + count) & MAX_SEQUENCE;
}
