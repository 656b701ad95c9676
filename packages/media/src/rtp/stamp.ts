/**
 * Implements RTP payloads that many viewers share: each payload has room before it, into which a viewer's header is written just before its packet is
 * sent. The sender below must have copied (or encrypted) the bytes before the next viewer's header is written: node-datachannel does.
 */
import type { RtpExtension } from "./extensions.ts";
import { extensionsSize, writeExtensions } from "./extensions.ts";
import { RTP_HEADER_SIZE, writeRtpHead } from "./packet.ts";

/** Bytes of room before each payload: a header, and extensions (32 bytes with their head). */
export const RTP_ROOM = 44;

/** A payload made once for all viewers. */
export type RtpPayload = {
  /** `RTP_ROOM` bytes, then the payload. */
  readonly bytes: Uint8Array;
  /** Last packet of its access unit. */
  readonly marker: boolean;
};

/** What all packets of one viewer's track have. */
export type RtpSender = {
  readonly payloadType: number;
  readonly ssrc: number;
  /** Number of the extension with the transport-wide sequence number; null where it was not agreed on. */
  readonly transportSequenceId: number | null;
  /** Extensions that every packet carries. Together with the other they may have 24 bytes. */
  readonly fixed: readonly RtpExtension[];
};

/**
 * Writes a viewer's header into the room before a payload.
 * @param sequence 16 bits, the viewer's own
 * @param timestamp 32 bits, ticks
 * @param transportSequence 16 bits, of all packets of the connection; of no use without `transportSequenceId`
 * @returns the packet: a view of `payload.bytes`, good until the next call for the same payload
 */
export function stampRtp(
  { bytes, marker }: RtpPayload,
  { payloadType, ssrc, transportSequenceId, fixed }: RtpSender,
  sequence: number,
  timestamp: number,
  transportSequence: number,
): Uint8Array {
  const extensions =
    transportSequenceId === null
      ? fixed
      : [...fixed, { id: transportSequenceId, data: Uint8Array.of(transportSequence >> 8, transportSequence) }];
  const at = RTP_ROOM - RTP_HEADER_SIZE - extensionsSize(extensions);
  writeRtpHead(bytes, at, { marker, payloadType, sequence, timestamp, ssrc });
  if (extensions.length > 0) {
    bytes[at] = (bytes[at] ?? 0) | 0x10;
    writeExtensions(bytes, at + RTP_HEADER_SIZE, extensions);
  }
  return bytes.subarray(at);
}
