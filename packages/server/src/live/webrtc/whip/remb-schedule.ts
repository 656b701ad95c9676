/** Tells a publisher that does not estimate by itself how much its line carries (REMB, draft-alvestrand-rmcat-remb-03 section 2). */
import { ReceiveEstimate } from "@lectern/media";

const LOOK_MS = 200;
const TELL_MS = 1000;
/** Section 2.3: what falls by more is told at once. */
const FALLEN = 0.97;

export class RembSchedule {
  private readonly estimate: ReceiveEstimate;
  private lookedAt = 0;
  private reportedAt = 0;
  private told = 0;

  constructor(clockRate: number) {
    this.estimate = new ReceiveEstimate({ clockRate });
  }

  /** A packet of the picture came. @param timestamp 32 bits */
  received(timestamp: number, bytes: number, now: number): void {
    this.estimate.received(timestamp, bytes, now);
  }

  /** Bits per second to tell now; null: nothing. @param lossPercent of the line */
  take(now: number, lossPercent: number | null, roundTripMs: number | null): number | null {
    if (now - this.lookedAt < LOOK_MS) return null;
    this.lookedAt = now;
    const bitsPerSecond = this.estimate.bitsPerSecond(now, (lossPercent ?? 0) / 100, roundTripMs);
    if (now - this.reportedAt < TELL_MS && bitsPerSecond >= this.told * FALLEN) return null;
    this.reportedAt = now;
    this.told = bitsPerSecond;
    return bitsPerSecond;
  }
}
