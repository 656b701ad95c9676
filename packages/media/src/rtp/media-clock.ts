/**
 * Implements one clock for the tracks of a publisher: RTP times as milliseconds. By arrival until the first sender report of a track, from then on by
 * the sender's clock (RFC 3550 section 6.4.1), so that sound and picture stay together.
 */
/** Corrections of more are made at once, smaller ones little by little. */
const MAX_SLEW_MS = 500;
/** Part of the time that goes by, by which a track's clock is moved while it is being corrected. */
const SLEW_RATE = 0.1;
/** A jump of RTP time by more than this is a new beginning. */
const MAX_STEP_MS = 10_000;

const WRAP = 2 ** 32;

/** Of a sender report: milliseconds by the sender's clock, which its tracks share, and the same moment in ticks (32 bits). */
type SenderTime = { readonly ntpMs: number; readonly timestamp: number };

/** The clock of one publisher. Give each of its streams a `track`. */
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

/** The times of one SSRC on its publisher's clock. */
export class TrackClock {
  private readonly clock: MediaClock;
  private readonly ticksPerMs: number;
  /** `time = ticks / ticksPerMs + offset`. Null before the first unit. */
  private offset: number | null = null;
  /** Where the offset is moved to. */
  private target = 0;
  /** The newest time of the track, in ticks. */
  private newest = 0;
  private report: SenderTime | null = null;

  constructor(clock: MediaClock, clockRate: number) {
    this.clock = clock;
    this.ticksPerMs = clockRate / 1000;
  }

  /** A sender report of this track. */
  reported({ ntpMs, timestamp }: SenderTime): void {
    // Some senders have no clock and say 0.
    if (!(ntpMs > 0 && Number.isFinite(ntpMs))) return;
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
    const step = bare - this.newest / this.ticksPerMs;
    if (this.offset === null || Math.abs(step) > MAX_STEP_MS) {
      this.newest = rtpTime;
      this.offset = this.clock.sinceBegin(arrivedAt) - bare;
      this.target = this.offset;
      this.useReport();
      this.offset = this.target;
      return bare + this.offset;
    }
    const most = Math.max(0, step) * SLEW_RATE;
    this.offset += Math.max(-most, Math.min(most, this.target - this.offset));
    this.newest = Math.max(this.newest, rtpTime);
    return bare + this.offset;
  }

  private useReport(): void {
    const { report } = this;
    if (!report || this.offset === null) return;
    // The ticks of the report without wraps: those nearest to the newest time.
    const step = ((((report.timestamp - this.newest) % WRAP) + 1.5 * WRAP) % WRAP) - WRAP / 2;
    // A report from before the sender began again, or of another clock.
    if (Math.abs(step) > MAX_STEP_MS * this.ticksPerMs) return;
    const bare = (this.newest + step) / this.ticksPerMs;
    this.target = this.clock.fromSender(report.ntpMs, bare + this.offset) - bare;
    if (Math.abs(this.target - this.offset) > MAX_SLEW_MS) this.offset = this.target;
  }
}
