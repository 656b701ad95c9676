/** Implements retransmissions in a stream of their own: RFC 4588 section 4. */
import { Malformed } from "../bytes/malformed.ts";
import type { RtpPacket } from "./packet.ts";

/**
 * The packet that a retransmission carries. A retransmission without payload, which only probes for bandwidth, gives null.
 * @param original SSRC and payload type of the stream that it repairs, as the session description has them
 */
export function unwrapRtx(packet: RtpPacket, original: Pick<RtpPacket, "ssrc" | "payloadType">): RtpPacket | Malformed | null {
  const { payload } = packet;
  if (payload.length === 0) return null;
  if (payload.length < 2) return new Malformed("a retransmission without the number of its packet");
  const sequence = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  return { ...packet, ...original, sequence, payload: payload.subarray(2) };
}
