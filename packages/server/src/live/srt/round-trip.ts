/** Provides the time there and back of an SRT connection, smoothed: draft-sharabayko-srt-01 section 4.10. */

/** Before the first measurement, milliseconds. */
const FIRST_RTT_MS = 100;

export class RoundTrip {
  /** Milliseconds. */
  rtt = FIRST_RTT_MS;
  variance = FIRST_RTT_MS / 2;
  isMeasured = false;

  measured(milliseconds: number): void {
    if (milliseconds < 0 || !Number.isFinite(milliseconds)) return;
    if (!this.isMeasured) {
      this.isMeasured = true;
      this.rtt = milliseconds;
      this.variance = milliseconds / 2;
      return;
    }
    this.variance += (Math.abs(milliseconds - this.rtt) - this.variance) / 4;
    this.rtt += (milliseconds - this.rtt) / 8;
  }
}
