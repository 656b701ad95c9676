/**
 * Implements the receiver's side for publishers that did not agree on transport-wide feedback: an estimate to send as REMB.
 *
 * With transport-wide feedback (`FeedbackRecorder`) the publisher estimates by itself, and better, since it knows when it sent each packet:
 * browsers do. Then no estimate is sent; a REMB is still of use as an upper bound (the limit of the stream), which browsers heed.
 */
import { ByteRate } from "./byte-rate.ts";
import { DelayTrend } from "./delay-trend.ts";
import { RateControl } from "./rate-control.ts";
import { Unwrapper } from "./unwrapper.ts";

export type ReceiveEstimateOptions = {
  /** Of the video's clock, ticks per second. Default 90000. */
  readonly clockRate?: number;
  /** Default 1000. */
  readonly startKbps?: number;
  /** Default 100. */
  readonly minKbps?: number;
  /** Default 20000. */
  readonly maxKbps?: number;
};

const RATE_WINDOW_MS = 600;

/** For the video of one publisher. */
export class ReceiveEstimate {
  private readonly ticksPerMs: number;
  private readonly control: RateControl;
  private readonly trend = new DelayTrend();
  private readonly arriving = new ByteRate(RATE_WINDOW_MS);
  private readonly timestamps = new Unwrapper(32);

  constructor({ clockRate = 90_000, startKbps = 1000, minKbps = 100, maxKbps = 20_000 }: ReceiveEstimateOptions = {}) {
    this.ticksPerMs = clockRate / 1000;
    this.control = new RateControl({ start: startKbps * 1000, least: minKbps * 1000, most: maxKbps * 1000 });
  }

  /** A video packet came. @param timestamp 32 bits. @param bytes of the packet. @param now milliseconds */
  received(timestamp: number, bytes: number, now: number): void {
    this.arriving.add(bytes, now);
    // Its frame's time stands for the time at which it was sent.
    this.trend.add(this.timestamps.unwrap(timestamp) / this.ticksPerMs, now);
  }

  /**
   * Bits per second for the next REMB. To be called about every 200 ms; to be sent once a second, and at once when it falls by more than 3 %.
   * @param fractionLost since the last call: 0 to 1
   */
  bitsPerSecond(now: number, fractionLost: number, roundTripMs: number | null): number {
    this.control.update(this.trend.signal, this.arriving.bitsPerSecond(now), fractionLost, roundTripMs, now);
    return Math.round(this.control.bitsPerSecond);
  }
}
