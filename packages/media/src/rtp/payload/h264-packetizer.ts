/** Packs H.264 into RTP: RFC 6184, packetization mode 1. */
import type { Malformed } from "../../bytes/malformed.ts";
import type { RtpPayload } from "../stamp.ts";

/** Largest payload by default: with all headers, SRTP and TURN it stays under the 1280 bytes that IPv6 always carries. */
export const DEFAULT_MAX_PAYLOAD = 1160;

export class H264Packetizer {
  constructor(_maxPayload: number = DEFAULT_MAX_PAYLOAD) {}

  /** Takes the avcC record whose parameter sets go before each key frame. */
  configure(_configuration: Uint8Array): Malformed | null {
    return null;
  }

  /**
   * The payloads of one access unit, made once and sent to each viewer with `stampRtp`. Empty before `configure`.
   * @param payload NAL units with their lengths, as the log has them
   */
  packetize(_frame: { readonly payload: Uint8Array; readonly key: boolean }): RtpPayload[] | Malformed {
    return [];
  }
}
