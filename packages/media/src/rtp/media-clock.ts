/**
 * One clock for the tracks of a publisher: RTP times as milliseconds. By arrival until the first sender report of a track, from then on by the
 * sender's clock (RFC 3550 section 6.4.1), so that sound and picture stay together.
 */
import { Unwrapper } from "./unwrapper.ts";

/** Corrections of more are made at once, smaller ones little by little. */
const MAX_SLEW_MS = 500;
/** Part of the time that goes by, by which a track's clock is moved while it is being corrected. */
const SLEW_RATE = 0.1;
/** A jump of RTP time by more than this is a new beginning. */
const MAX_STEP_MS = 10_000;

export class MediaClock {
  /** When the first unit of any track came: time 0. */
  private begunAt: number | null = null;
  /** What is added to the sender's clock to get this one; null before the first report. */
  private senderOffset: number | null = null;

  /** A track's times. @param clockRate ticks per second */
  track(clockRate: number): TrackClock {
    return new TrackClock(this, clockRate);
  }

  /** Milliseconds since the first unit of any track. */
  sinceBegin(arrivedAt: number): number {
    this.begunAt ??= arrivedAt;
    return arrivedAt - this.begunAt;
  }

  /** The sender's time on this clock. The first report of any track sets it, so that its track goes on as it was. */
  fromSender(ntpMs: number, asItWas: number): number {
    this.senderOffset ??= asItWas - ntpMs;
    return ntpMs + this.senderOffset;
  }
}

export class TrackClock {
  private readonly clock: MediaClock;
  private readonly ticksPerMs: number;
  private readonly timestamps = new Unwrapper(32);
  /** `time = ticks / ticksPerMs + offset`. Null before the first unit. */
  private offset: number | null = null;
  private target = 0;
  private lastMs: number | null = null;
  private report: { readonly ntpMs: number; readonly timestamp: number } | null = null;

  constructor(clock: MediaClock, clockRate: number) {
    this.clock = clock;
    this.ticksPerMs = clockRate / 1000;
  }

  /**
   * A sender report of this track.
   * @param ntpMs milliseconds since any beginning by the sender's clock, which its tracks share
   * @param timestamp of the same moment: 32 bits
   */
  reported({ ntpMs, timestamp }: { readonly ntpMs: number; readonly timestamp: number }): void {
    // Some senders have no clock and say 0.
    if (ntpMs <= 0) return;
    this.report = { ntpMs, timestamp };
    this.useReport();
  }

  /**
   * Milliseconds of the publisher's clock, which begins at about 0 with the first unit of any track.
   * @param rtpTime ticks without wraps, of `ReceivedUnit`
   * @param arrivedAt milliseconds
   */
  toMs(rtpTime: number, arrivedAt: number): number {
    const bare = rtpTime / this.ticksPerMs;
    this.timestamps.unwrap(((rtpTime % 2 ** 32) + 2 ** 32) % 2 ** 32);
    if (this.offset === null || (this.lastMs !== null && Math.abs(bare - this.lastMs) > MAX_STEP_MS)) {
      this.offset = this.clock.sinceBegin(arrivedAt) - bare;
      this.target = this.offset;
      this.lastMs = bare;
      this.seen = rtpTime;
      this.useReport();
      return bare + this.offset;
    }
    this.slew(bare);
    this.seen = rtpTime;
    return bare + this.offset;
  }

  /** The newest time of the track: what a report's timestamp is near to. */
  private seen = 0;

  private useReport(): void {
    const { report } = this;
    if (!report || this.offset === null) return;
    const step = (((report.timestamp - this.seen) % 2 ** 32) + 1.5 * 2 ** 32) % 2 ** 32;
    const bare = (this.seen + step - 2 ** 31) / this.ticksPerMs;
    // A report from before the sender began anew.
    if (this.lastMs !== null && Math.abs(bare - this.lastMs) > MAX_STEP_MS) return;
    this.target = this.clock.fromSender(report.ntpMs, bare + this.offset) - bare;
    if (Math.abs(this.target - this.offset) > MAX_SLEW_MS) this.offset = this.target;
  }

  private slew(bare: number): void {
    const most = Math.max(0, bare - (this.lastMs ?? bare)) * SLEW_RATE;
    const wanted = this.target - (this.offset ?? 0);
    this.offset = (this.offset ?? 0) + Math.max(-most, Math.min(most, wanted));
    this.lastMs = Math.max(this.lastMs ?? bare, bare);
  }
}
