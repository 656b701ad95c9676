/** Opus in RTP: RFC 7587. One packet is one payload. */
import type { RtpPayload } from "../stamp.ts";
import type { Depacketizer } from "./depacketizer.ts";

/** The payload of an Opus packet, made once and sent to each viewer with `stampRtp`. */
export function packetizeOpus(packet: Uint8Array): RtpPayload {
  return { bytes: packet, marker: false };
}

/** @param channels that the session description promises: 2 with `stereo=1` or `sprop-stereo=1`, else 1 */
export function opusDepacketizer(_channels: 1 | 2): Depacketizer {
  throw new Error("not yet");
}
