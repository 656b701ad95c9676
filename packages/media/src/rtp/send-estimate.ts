/**
 * Defines what a connection to a viewer carries: by delay and loss from transport-wide feedback, as draft-ietf-rmcat-gcc-02 does; REMB is an upper
 * bound; where there is neither, by the loss in receiver reports.
 *
 * It grows to half more than what is sent, not further: to find out whether more would pass, more must be sent for a while (such as packets of
 * the history, again).
 */
import { ByteRate } from "./byte-rate.ts";
import { DelayTrend } from "./delay-trend.ts";
import { RateControl } from "./rate-control.ts";
import type { ReportBlock } from "./rtcp.ts";
import type { TransportFeedback } from "./transport-feedback.ts";

export type SendEstimateOptions = {
  /** Default 1000. */
  readonly startKbps?: number;
  /** Default 100. */
  readonly minKbps?: number;
  /** Default 20000. */
  readonly maxKbps?: number;
};

/** Packets on the way whose times are kept. A power of two, for the numbers wrap. */
const SENT = 4096;
const RATE_WINDOW_MS = 600;
/** Loss is told of when so many packets are known of, or after this time. */
const LOSS_PACKETS = 20;
const LOSS_WINDOW_MS = 500;
/** Receiver reports are heeded when no feedback came for this long. */
const FEEDBACK_SILENCE_MS = 3000;
/** A REMB that is not sent again is out of date. */
const REMB_AGE_MS = 10_000;
const SMOOTHING = 1 / 8;

/** For one connection: all its streams share it. */
export class SendEstimate {
  private readonly control: RateControl;
  private readonly trend = new DelayTrend();
  private readonly arriving = new ByteRate(RATE_WINDOW_MS);
  private readonly sending = new ByteRate(RATE_WINDOW_MS);
  private readonly sentAt = new Float64Array(SENT).fill(Number.NaN);
  private readonly sentBytes = new Uint16Array(SENT);
  private readonly sentSequence = new Uint16Array(SENT);
  private bound: { readonly bits: number; readonly at: number } | null = null;
  private feedbackAt = Number.NEGATIVE_INFINITY;
  private window = { told: 0, lost: 0, since: 0 };
  private lossNow = 0;
  private roundTrip: number | null = null;

  constructor({ startKbps = 1000, minKbps = 100, maxKbps = 20_000 }: SendEstimateOptions = {}) {
    this.control = new RateControl({ start: startKbps * 1000, least: minKbps * 1000, most: maxKbps * 1000 });
  }

  /**
   * A packet was sent.
   * @param sequence transport-wide, 16 bits; null where none was agreed on
   * @param bytes of the packet
   * @param now milliseconds
   */
  sent(sequence: number | null, bytes: number, now: number): void {
    this.sending.add(bytes, now);
    if (sequence === null) return;
    const at = sequence % SENT;
    this.sentAt[at] = now;
    this.sentBytes[at] = bytes;
    this.sentSequence[at] = sequence;
  }

  /** Transport-wide feedback came. */
  feedback({ base, arrivals }: TransportFeedback, now: number): void {
    let newest = Number.NEGATIVE_INFINITY;
    let told = 0;
    let lost = 0;
    arrivals.forEach((arrival, i) => {
      const sequence = (base + i) & 0xffff;
      const at = sequence % SENT;
      const sentAt = this.sentSequence[at] === sequence ? (this.sentAt[at] ?? Number.NaN) : Number.NaN;
      // Told of already, or never sent.
      if (Number.isNaN(sentAt)) return;
      told++;
      if (arrival === null) {
        lost++;
        return;
      }
      newest = Math.max(newest, sentAt);
      this.arriving.add(this.sentBytes[at] ?? 0, now);
      this.trend.add(sentAt, arrival);
      this.sentAt[at] = Number.NaN;
    });
    if (told === 0) return;
    this.feedbackAt = now;
    if (newest > Number.NEGATIVE_INFINITY) this.learnRoundTrip(now - newest);
    const loss = this.learnLoss(told, lost, now);
    this.control.update(this.trend.signal, this.arriving.bitsPerSecond(now), loss, this.roundTrip, now);
  }

  /** A REMB came. */
  remb(bitsPerSecond: number, now: number): void {
    this.bound = { bits: bitsPerSecond, at: now };
  }

  /** A report block on our stream came. @param roundTripMs null where unknown */
  reported({ fractionLost }: ReportBlock, roundTripMs: number | null, now: number): void {
    if (now - this.feedbackAt < FEEDBACK_SILENCE_MS) return;
    if (roundTripMs !== null) this.learnRoundTrip(roundTripMs);
    this.lossNow = fractionLost;
    this.control.update("normal", this.sending.bitsPerSecond(now), fractionLost, this.roundTrip, now);
  }

  /** Kilobits per second that may be sent now. */
  kbps(now: number): number {
    const bits = this.control.bitsPerSecond;
    const { bound } = this;
    return (bound && now - bound.at < REMB_AGE_MS ? Math.min(bits, bound.bits) : bits) / 1000;
  }

  /** Part of the packets lost of late: 0 to 1. */
  get loss(): number {
    return this.lossNow;
  }

  /** Smoothed milliseconds there and back; null before it is known. */
  get roundTripMs(): number | null {
    return this.roundTrip;
  }

  private learnRoundTrip(sample: number): void {
    this.roundTrip = this.roundTrip === null ? sample : this.roundTrip + (sample - this.roundTrip) * SMOOTHING;
  }

  /** The loss since it was last told; null while too little is known. */
  private learnLoss(told: number, lost: number, now: number): number | null {
    if (this.window.told === 0) this.window.since = now;
    this.window.told += told;
    this.window.lost += lost;
    if (this.window.told < LOSS_PACKETS && now - this.window.since < LOSS_WINDOW_MS) return null;
    this.lossNow = this.window.lost / this.window.told;
    this.window = { told: 0, lost: 0, since: now };
    return this.lossNow;
  }
}
