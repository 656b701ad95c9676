/** Reads compound RTCP: RFC 3550 section 6.1, and reduced-size packets (RFC 5506). */
import { Malformed } from "../bytes/malformed.ts";
import type { RtcpPacket } from "./rtcp.ts";

/** All packets of a datagram. What is after a broken packet is not read: `Malformed`. */
export function readRtcp(bytes: Uint8Array): RtcpPacket[] | Malformed {
  return new Malformed(`not yet ${bytes.length}`);
}
