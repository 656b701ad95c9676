/** Statistics of a received stream for receiver reports: RFC 3550 section 6.4 and appendix A. */
import type { RtpPacket } from "./packet.ts";
import type { ReportBlock, SenderReport } from "./rtcp.ts";

export class Reception {
  constructor(_ssrc: number, _clockRate: number) {}
  received(_packet: Pick<RtpPacket, "sequence" | "timestamp">, _now: number): void {}
  reported(_report: SenderReport, _now: number): void {}
  /** The block for the next receiver report; null before the first packet. */
  block(_now: number): ReportBlock | null {
    return null;
  }
}

/** The middle 32 bits of the NTP time that a sender report with this time carries. @param ntpMs milliseconds since 1970 */
export function ntpMiddle(ntpMs: number): number {
  return ntpMs;
}

/** Milliseconds there and back by a report block on our own stream; null where it answers no sender report. @param nowMs since 1970 by the clock of our sender reports */
export function roundTripMs(_block: ReportBlock, _nowMs: number): number | null {
  return null;
}
