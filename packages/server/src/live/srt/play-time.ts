/**
 * Determines when a packet is given on: the sender's timestamp on this side's clock, the latency later. Follows the drift of the sender's clock.
 * draft-sharabayko-srt-01 section 4.5.
 */

/** The drift is the mean of so many measurements. */
const SAMPLES = 200;
/** A smaller one is the line's. */
const MIN_DRIFT_MS = 2;
const WRAP = 2 ** 32;

export class PlayTime {
  private readonly latencyMs: number;
  /** When the sender's clock was 0, milliseconds of this side's. */
  private base: number;
  /** The newest timestamp, unwrapped, microseconds. */
  private newest: number;
  private drift = 0;
  private samples = 0;
  private firstRtt: number | null = null;

  /** @param timestamp of a packet that has come now, microseconds */
  constructor(latencyMs: number, timestamp: number, now: number) {
    this.latencyMs = latencyMs;
    this.base = now - timestamp / 1000;
    this.newest = timestamp;
  }

  /** @param timestamp microseconds, 32 bits */
  dueAt(timestamp: number): number {
    return this.sentAt(timestamp) + this.latencyMs;
  }

  /** An answer has come at once, whose time shows how far the clocks have run apart. @param rtt milliseconds */
  answered(timestamp: number, rtt: number, now: number): void {
    this.firstRtt ??= rtt;
    this.drift += now - this.sentAt(timestamp) - (rtt - this.firstRtt) / 2;
    this.samples++;
    if (this.samples < SAMPLES) return;
    const mean = this.drift / this.samples;
    this.drift = 0;
    this.samples = 0;
    if (Math.abs(mean) >= MIN_DRIFT_MS) this.base += mean;
  }

  private sentAt(timestamp: number): number {
    const time = this.newest + ((timestamp - (this.newest % WRAP)) | 0);
    if (time > this.newest) this.newest = time;
    return this.base + time / 1000;
  }
}
