/** Defines what a receiver reports of a stream: RFC 3550 section 6.4.1 and appendix A.3 and A.8. */
import { ntpMiddle } from "./ntp-time.ts";
import type { RtpPacket } from "./packet.ts";
import type { ReportBlock, SenderReport } from "./rtcp.ts";
import { Unwrapper } from "./unwrapper.ts";

/** Counts the packets of one SSRC. */
export class Reception {
  private readonly ssrc: number;
  private readonly clockRate: number;
  private readonly sequences = new Unwrapper(16);
  private readonly timestamps = new Unwrapper(32);
  private first: number | null = null;
  private highest = 0;
  private count = 0;
  private jitter = 0;
  private transit: number | null = null;
  private before = { expected: 0, received: 0 };
  private sender: { middle: number; at: number } | null = null;

  /** @param clockRate ticks per second */
  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.clockRate = clockRate;
  }

  /** A packet of the stream itself came, not one of its retransmissions. @param now milliseconds */
  received({ sequence, timestamp }: Pick<RtpPacket, "sequence" | "timestamp">, now: number): void {
    const number = this.sequences.unwrap(sequence);
    this.first ??= number;
    this.highest = this.count === 0 ? number : Math.max(this.highest, number);
    this.count++;
    const transit = (now * this.clockRate) / 1000 - this.timestamps.unwrap(timestamp);
    if (this.transit !== null) this.jitter += (Math.abs(transit - this.transit) - this.jitter) / 16;
    this.transit = transit;
  }

  /** A sender report of the stream came. */
  reported({ ntpMs }: SenderReport, now: number): void {
    this.sender = { middle: ntpMiddle(ntpMs), at: now };
  }

  /** The block for the next receiver report; null before the first packet. */
  block(now: number): ReportBlock | null {
    if (this.first === null) return null;
    const expected = this.highest - this.first + 1;
    const [more, came] = [expected - this.before.expected, this.count - this.before.received];
    this.before = { expected, received: this.count };
    return {
      ssrc: this.ssrc,
      fractionLost: more > 0 ? Math.min(255 / 256, Math.max(0, (more - came) / more)) : 0,
      lost: expected - this.count,
      highestSequence: ((this.highest % 2 ** 32) + 2 ** 32) % 2 ** 32,
      jitter: Math.round(this.jitter),
      lastReport: this.sender?.middle ?? 0,
      sinceLastReportMs: this.sender ? now - this.sender.at : 0,
    };
  }
}

/**
 * Milliseconds there and back, by a report block on our own stream; null where it answers no sender report, or none that can be.
 * @param nowMs since 1970, by the clock of our sender reports
 */
export function roundTripMs({ lastReport, sinceLastReportMs }: ReportBlock, nowMs: number): number | null {
  if (lastReport === 0) return null;
  const passed = ((ntpMiddle(nowMs) - lastReport + 2 ** 32) % 2 ** 32) / 65.536;
  const roundTrip = passed - sinceLastReportMs;
  // A clock that was set, or a hostile number.
  return roundTrip >= -5 && roundTrip < 60_000 ? Math.max(0, roundTrip) : null;
}
